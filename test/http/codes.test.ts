import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { seal } from "../../src/domain/accounts/code.ts";
import { guessCode } from "../../src/domain/accounts/code-sql.ts";
import { accountBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, PASSWORD, type Person, register, runtime } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { codeFor, mailsTo } from "../support/mail.ts";
import { baseCtx, colleague } from "../support/people.ts";

const post = (path: string, json: unknown) => call("POST", `/api/v1/auth/${path}`, { json });
const me = (token: string) => call("GET", "/api/v1/auth/me", { token });
const stranger = () => `nobody-${crypto.randomUUID()}@acme.test`;
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");
const NEW_PASSWORD = "another long password";

const addressOf = (email: string) => {
  const { address } = seal(runtime().settings.codeKey, "verify_email", email, "");
  return Array.from(address, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** Lets `minutes` pass for the codes of one address. */
const wait = (email: string, minutes: number) =>
  accountBatch(baseCtx(), (db) => [
    db.execute(sql`
      update kalamna.one_time_codes
         set expires_at = expires_at - make_interval(mins => ${minutes}::int),
             sends = array(select s - make_interval(mins => ${minutes}::int) from unnest(sends) s)
       where address = decode(${addressOf(email)}, 'hex')`),
  ]);

/** An answer without what differs from request to request. */
const same = ({ status, body }: { status: number; body: any }) => {
  const { request_id: _, ...rest } = body;
  return { status, ...rest };
};

describe("verifying an e-mail", () => {
  test("works once, with the code that registering sent, in any spelling of the address", async () => {
    const { email, token } = await register();
    expect((await me(token)).body.user.email_verified).toBe(false);
    const code = await codeFor(email);
    const answer = await post("verify-email", { email: email.toUpperCase(), code: ` ${code} ` });
    expectStatus(answer, 200);
    expect(answer.body.user).toMatchObject({ email, email_verified: true });
    expect((await me(token)).body.user.email_verified).toBe(true);
    expectStatus(await post("verify-email", { email, code }), 400);
  });

  test("makes people internal whose domain is, and tokens from before it void", async () => {
    const admin = await register();
    const person = await colleague(admin, "member", "external");
    await accountBatch(baseCtx(), (db) => [
      db.execute(sql`update kalamna.organizations set settings = '{"internal_domains": ["acme.test"]}'
                      where id = ${admin.orgId}`),
    ]);
    await post("resend-code", { email: person.email });
    const answer = await post("verify-email", { email: person.email, code: await codeFor(person.email) });
    expect(answer.body.user).toMatchObject({ access: "internal", role: "member" });
    expectStatus(await me(person.token), 401);
  });

  test("needs a code that was sent for it", async () => {
    const { email } = await register();
    await post("password/forgot", { email });
    expectStatus(await post("verify-email", { email, code: await codeFor(email, 2) }), 400);
  });

  test("needs one's own code", async () => {
    const [mine, theirs] = await Promise.all([register(), register()]);
    const answer = await post("verify-email", { email: theirs.email, code: await codeFor(mine.email) });
    expectStatus(answer, 400);
    expect(answer.body.code).toBe("invalid_code");
  });

  test("two at the same moment with one code: it works once", async () => {
    const { email } = await register();
    const code = await codeFor(email);
    const both = await Promise.all([
      post("verify-email", { email, code }),
      post("verify-email", { email, code }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test.each(["", "12345", "1234567", "12345a", "١٢٣٤٥٦"])("%j is no code", async (code) => {
    const answer = await post("verify-email", { email: stranger(), code });
    expectStatus(answer, 400);
    expect(answer.body.code).toBe("invalid_request");
  });
});

describe("a code", () => {
  test("is void after five wrong guesses, even for whoever knows it", async () => {
    const { email } = await register();
    const code = await codeFor(email);
    for (let guess = 0; guess < 5; guess++)
      expectStatus(await post("verify-email", { email, code: other(code) }), 400);
    const answer = await post("verify-email", { email, code });
    expectStatus(answer, 400);
    expect(answer.body.code).toBe("invalid_code");
  });

  test("still works at the fifth guess", async () => {
    const { email } = await register();
    const code = await codeFor(email);
    for (let guess = 0; guess < 4; guess++) await post("verify-email", { email, code: other(code) });
    expectStatus(await post("verify-email", { email, code }), 200);
  });

  test("ends after ten minutes", async () => {
    const { email } = await register();
    await wait(email, 10);
    expectStatus(await post("verify-email", { email, code: await codeFor(email) }), 400);
  });

  test("is replaced by the next one, which may be guessed at again", async () => {
    const { email } = await register();
    const first = await codeFor(email);
    for (let guess = 0; guess < 6; guess++) await post("verify-email", { email, code: other(first) });
    await wait(email, 1);
    expectStatus(await post("resend-code", { email }), 202);
    const second = await codeFor(email, 2);
    if (first !== second) expectStatus(await post("verify-email", { email, code: first }), 400);
    expectStatus(await post("verify-email", { email, code: second }), 200);
  });

  test("is stored under a key that is not in the database", async () => {
    const { email } = await register();
    await codeFor(email);
    const [{ rows }] = await accountBatch(baseCtx(), (db) => [
      db.execute(sql`select row_to_json(c)::text as row from kalamna.one_time_codes c
                      where address = decode(${addressOf(email)}, 'hex')`),
    ]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(email.slice(0, 12));
    const plain = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(await codeFor(email)));
    expect(JSON.stringify(rows)).not.toContain(
      Array.from(new Uint8Array(plain), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    );
  });
});

describe("asking for another code", () => {
  test("is refused within a minute, five times an hour and ten times a day, with the time to wait", async () => {
    const { email } = await register();
    const early = await post("resend-code", { email });
    expectStatus(early, 429);
    expect(Number(early.headers.get("retry-after"))).toBeGreaterThan(50);
    for (let sent = 1; sent < 5; sent++) {
      await wait(email, 1);
      expectStatus(await post("resend-code", { email }), 202);
    }
    await wait(email, 1);
    const hourly = await post("resend-code", { email });
    expectStatus(hourly, 429);
    expect(Number(hourly.headers.get("retry-after"))).toBeGreaterThan(50 * 60);
    for (let sent = 5; sent < 10; sent++) {
      await wait(email, 60);
      expectStatus(await post("resend-code", { email }), 202);
    }
    await wait(email, 60);
    const daily = await post("resend-code", { email });
    expectStatus(daily, 429);
    expect(Number(daily.headers.get("retry-after"))).toBeGreaterThan(10 * 3_600);
    await wait(email, 24 * 60);
    expectStatus(await post("resend-code", { email }), 202);
    expect(await mailsTo(email)).toHaveLength(11);
  });

  test("sends nothing to an address that is verified", async () => {
    const { email } = await register();
    await post("verify-email", { email, code: await codeFor(email) });
    await wait(email, 1);
    expectStatus(await post("resend-code", { email }), 202);
    await post("password/forgot", { email });
    await codeFor(email, 2);
    expect((await mailsTo(email)).map(({ subject }) => subject)).toEqual([
      "Reset your Kalamna password",
      "Your Kalamna code",
    ]);
  });
});

describe("whether an account exists is told neither by", () => {
  let known: Person;
  beforeAll(async () => {
    known = await register();
    await wait(known.email, 10);
  });

  test.each(["password/forgot", "resend-code"])("the answers of %s, nor by its limits", async (path) => {
    const unknown = stranger();
    for (const expected of [202, 429]) {
      const [first, second] = [
        await post(path, { email: known.email }),
        await post(path, { email: unknown }),
      ];
      expectStatus(first, expected);
      expect(same(second)).toEqual(same(first));
    }
    expect(await mailsTo(unknown)).toEqual([]);
  });

  test.each([
    ["verify-email", { code: "000000" }],
    ["password/reset", { code: "000000", password: NEW_PASSWORD }],
  ])("the answers of %s, guess after guess", async (path, rest) => {
    const unknown = stranger();
    for (let guess = 0; guess < 7; guess++) {
      const first = await post(path, { email: known.email, ...rest });
      const second = await post(path, { email: unknown, ...rest });
      expectStatus(first, 400);
      expect(same(second)).toEqual(same(first));
    }
  });

  test("the statements that run, nor by waiting for the e-mail", async () => {
    const { email } = await register();
    const sent: number[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const app = appWith((real) => {
      const { db } = real.ports;
      const counted = new Proxy(db, {
        get: (target, name) =>
          name === "batch"
            ? (statements: Parameters<typeof db.batch>[0]) => {
                sent.push(statements.length);
                return target.batch(statements);
              }
            : Reflect.get(target, name, target),
      });
      return { ports: { ...real.ports, db: counted, email: { mode: "smtp", send: () => held } } };
    });
    for (const path of ["password/forgot", "password/reset", "verify-email"]) {
      const perAddress: number[][] = [];
      for (const address of [email, stranger()]) {
        sent.length = 0;
        await app.call("POST", `/api/v1/auth/${path}`, {
          json: { email: address, code: "000000", password: NEW_PASSWORD },
        });
        perAddress.push([...sent]);
      }
      expect(perAddress[0], path).toEqual(perAddress[1]);
    }
    release();
    await app.settled();
  });
});

describe("resetting a password", () => {
  test("ends every session and every access token, and the old password", async () => {
    const { email, token, refreshToken } = await register();
    await post("password/forgot", { email });
    const code = await codeFor(email, 2);
    expectStatus(await post("password/reset", { email, code, password: NEW_PASSWORD }), 200);
    const refused = await me(token);
    expectStatus(refused, 401);
    expect(refused.body.code).toBe("session_revoked");
    expectStatus(await post("refresh", { refresh_token: refreshToken }), 401);
    expectStatus(await post("login", { email, password: PASSWORD }), 401);
    const again = await post("login", { email, password: NEW_PASSWORD });
    expectStatus(again, 200);
    expect(again.body.user.email_verified).toBe(true);
    expectStatus(await post("password/reset", { email, code, password: PASSWORD }), 400);
  });

  test("sends no code to people who come through their organization's provider, until it is gone", async () => {
    const admin = await register();
    const guest = await colleague(admin, "member");
    const { db } = baseCtx().ports;
    await db.execute(sql`
      with provider as (
        insert into kalamna.identity_providers (org_id, issuer, audience, algorithms, claims, domains)
        values (${admin.orgId}, ${`https://${admin.orgId}.example`}, 'app', array['RS256'], '{}', array['acme.test'])
        returning org_id, id)
      insert into kalamna.identities (org_id, provider_id, subject, user_id)
      select org_id, id, 'guest', ${guest.userId}::uuid from provider`);
    expectStatus(await post("password/forgot", { email: guest.email }), 202);
    await post("password/forgot", { email: admin.email });
    await codeFor(admin.email, 2);
    expect(await mailsTo(guest.email)).toEqual([]);

    await db.execute(sql`delete from kalamna.identity_providers where org_id = ${admin.orgId}`);
    await wait(guest.email, 2);
    expectStatus(await post("password/forgot", { email: guest.email }), 202);
    const code = await codeFor(guest.email);
    expectStatus(await post("password/reset", { email: guest.email, code, password: PASSWORD }), 200);
    expectStatus(await post("login", { email: guest.email, password: PASSWORD }), 200);
  });

  test("sends no code to people who are deactivated", async () => {
    const admin = await register();
    const gone = await register();
    await accountBatch(baseCtx(), (db) => [
      db.execute(sql`insert into kalamna.users (org_id, email, role, access)
                     values (${gone.orgId}, ${stranger()}, 'admin', 'internal')`),
      db.execute(sql`update kalamna.users set status = 'deactivated' where id = ${gone.userId}`),
    ]);
    await codeFor(gone.email);
    expectStatus(await post("password/forgot", { email: gone.email }), 202);
    await post("password/forgot", { email: admin.email });
    await codeFor(admin.email, 2);
    expect(await mailsTo(gone.email)).toHaveLength(1);
  });

  test("refuses a password that is too short before it looks at the code", async () => {
    const { email } = await register();
    const answer = await post("password/reset", { email, code: "000000", password: "short" });
    expectStatus(answer, 400);
    expect(answer.body.errors).toEqual([expect.objectContaining({ path: "password" })]);
  });
});

describe("when e-mail fails", () => {
  test("registering goes on, and the log has a line without the address", async () => {
    const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const app = appWith((real) => ({
      ports: {
        ...real.ports,
        email: { mode: "smtp", send: (message) => Promise.reject(new Error(`no relay for ${message.to}`)) },
      },
    }));
    const email = stranger();
    const answer = await app.call("POST", "/api/v1/auth/register", {
      json: { org_name: "Acme", email, password: PASSWORD },
    });
    expectStatus(answer, 201);
    await app.settled();
    const line = lines.mock.calls.map(String).find((text) => text.includes("email.failed"));
    lines.mockRestore();
    expect(JSON.parse(line ?? "{}")).toMatchObject({ event: "email.failed", purpose: "verify_email" });
    expect(line).toContain("no relay for");
    expect(line).not.toContain(email);
  });

  test("an installation without e-mail says so to everybody who needs it, account or not", async () => {
    const { email } = await register();
    const { noEmail } = await import("../../src/infra/email/off.ts");
    const app = appWith((real) => ({ ports: { ...real.ports, email: noEmail() } }));
    for (const address of [email, stranger()]) {
      const answer = await app.call("POST", "/api/v1/auth/password/forgot", { json: { email: address } });
      expectStatus(answer, 503);
      expect(answer.body.code).toBe("email_unavailable");
    }
  });
});

describe("where e-mail must be verified", () => {
  const strict = () => appWith((real) => ({ settings: { ...real.settings, requireVerifiedEmail: true } }));

  test("a new person may verify and nothing else, until they have", async () => {
    const app = strict();
    const email = stranger();
    const { body } = await app.call("POST", "/api/v1/auth/register", {
      json: { org_name: "Acme", email, password: PASSWORD },
    });
    const held = await app.call("GET", "/api/v1/documents", { token: body.token });
    expectStatus(held, 403);
    expect(held.body.code).toBe("email_verification_required");
    expectStatus(await app.call("POST", "/api/v1/search", { token: body.token, json: { query: "x" } }), 403);
    expectStatus(await app.call("GET", "/api/v1/auth/me", { token: body.token }), 200);
    const login = await app.call("POST", "/api/v1/auth/login", { json: { email, password: PASSWORD } });
    expectStatus(await app.call("GET", "/api/v1/documents", { token: login.body.token }), 403);

    const code = /\d{6}/.exec(app.runtime.mailbox?.()[0]?.text ?? "")?.[0];
    expectStatus(await app.call("POST", "/api/v1/auth/verify-email", { json: { email, code } }), 200);
    expectStatus(await app.call("GET", "/api/v1/documents", { token: body.token }), 403);
    const fresh = await app.call("POST", "/api/v1/auth/refresh", {
      json: { refresh_token: body.refresh_token },
    });
    expectStatus(await app.call("GET", "/api/v1/documents", { token: fresh.body.token }), 200);
  });
});

describe("10,000 guesses", () => {
  /** Everyone starts right beside the code and comes to it after the sixth guess. */
  const guessesAt = (code: string, many: number) =>
    Array.from({ length: many }, (_, at) => String((Number(code) + 1 + at) % 1_000_000).padStart(6, "0"));

  test("at a code never succeed, however many at once: the sixth finds it void", async () => {
    const { email } = await register();
    const code = await codeFor(email);
    const answers = await Promise.all(
      [...guessesAt(code, 200), code].map((guess) => post("verify-email", { email, code: guess })),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
      new Set(["400 invalid_code"]),
    );
    // The rest without HTTP, a few hundred a batch: what counts them is one statement.
    const { codeKey } = runtime().settings;
    let counted = 0;
    let right = 0;
    for (const guesses = [...guessesAt(code, 10_000), code]; guesses.length > 0; ) {
      const some = guesses.splice(0, 500);
      const results = await accountBatch(baseCtx(), (db) =>
        some.map((guess) =>
          guessCode(db, seal(codeKey, "verify_email", email, guess), new Date().toISOString()),
        ),
      );
      for (const { rows } of results) {
        counted += rows.length;
        right += rows.filter((row) => row.right).length;
      }
    }
    expect({ right, counted }).toEqual({ right: 0, counted: 0 });
  });

  test("from one address are stopped at the door", async () => {
    let asked = 0;
    const app = appWith((real) => ({
      limit: async (kind, key) => (kind === "auth" && key !== "" ? ++asked <= 20 : real.limit(kind, key)),
    }));
    const statuses: number[] = [];
    for (let guess = 0; guess < 30; guess++) {
      const json = { email: stranger(), code: "000000" };
      statuses.push((await app.call("POST", "/api/v1/auth/verify-email", { json })).status);
    }
    expect(statuses).toEqual([...new Array(20).fill(400), ...new Array(10).fill(429)]);
  });
});
