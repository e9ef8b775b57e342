/** Guessing passwords: how many guesses are looked at, and that the owner still gets in. */
import { type SQL, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { attemptOf } from "../../src/domain/limits/login-guard.ts";
import { call, expectStatus, PASSWORD } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { baseCtx } from "../support/people.ts";

const login = (email: string, password: string, address: string, cookie?: string) =>
  call("POST", "/api/v1/auth/login", {
    json: { email, password },
    headers: { "cf-connecting-ip": address, ...(cookie ? { cookie } : {}) },
  });

/** An account whose owner signed up from `address`. */
async function owner(address: string) {
  const email = `owner-${crypto.randomUUID()}@acme.test`;
  const answer = await call("POST", "/api/v1/auth/register", {
    json: { org_name: "Acme", email, password: PASSWORD },
    headers: { "cf-connecting-ip": address },
  });
  expectStatus(answer, 201);
  const cookie = /kalamna_device=[\w-]{22}/.exec(answer.headers.get("set-cookie") ?? "")?.[0] ?? "";
  return { email, cookie };
}

/** Sends guesses, some at a time, and counts how many were looked at. */
async function guess(
  times: number,
  one: (n: number) => Promise<{ status: number }>,
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  for (let from = 0; from < times; from += 25) {
    const some = Array.from({ length: Math.min(25, times - from) }, (_, at) => one(from + at));
    for (const { status } of await Promise.all(some)) statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return statuses;
}

type Attempted = { email: string; from: string };

const bucketsOf = ({ email, from }: Attempted) => {
  const { place, address, account } = attemptOf(
    { ...baseCtx(), client: { address: from, agent: null } },
    email,
  );
  return [place, address, account];
};

/** What the guard keeps, as its own role sees it. */
async function guard<Row extends Record<string, unknown>>(statement: SQL): Promise<Row[]> {
  const { db } = baseCtx().ports;
  const [, { rows }] = await db.batch([
    db.execute(sql`select set_config('role', 'kalamna_door', true)`),
    db.execute<Row>(statement),
  ]);
  return rows;
}

/** As if that many seconds had passed for these attempts, and for nobody else's. */
const wait = (seconds: number, attempted: Attempted) =>
  guard(sql`
    update kalamna.login_attempts set blocked_until = blocked_until - make_interval(secs => ${seconds}),
                                      last_at = last_at - make_interval(secs => ${seconds})
     where encode(bucket, 'hex') = any (${sql.param(bucketsOf(attempted))}::text[])`);

/** For how many seconds the last attempt closed its place, however long ago that was. */
async function closedFor(attempted: Attempted): Promise<number | undefined> {
  const [place] = bucketsOf(attempted);
  const [row] = await guard<{ seconds: number }>(sql`
    select extract(epoch from blocked_until - last_at)::float8 as seconds
      from kalamna.login_attempts where encode(bucket, 'hex') = ${place}`);
  return row && Math.round(row.seconds);
}

let last = 0;
/** Addresses nobody else uses. */
const address = () => `10.${(++last >> 16) & 255}.${(last >> 8) & 255}.${last & 255}`;

describe("10,000 guesses", () => {
  test("through the front door: a handful are looked at, none succeeds, and the owner still gets in", async () => {
    const home = address();
    const { email } = await owner(home);
    const attacker = address();
    // As the Workers binding counts: 20 a minute for each address.
    const spent = new Map<string, number>();
    const app = appWith(() => ({
      limit: async (kind, key) => {
        const count = (spent.get(key) ?? 0) + 1;
        spent.set(key, count);
        return kind !== "auth" || count <= 20;
      },
    }));
    const statuses = await guess(10_000, (n) =>
      app.call("POST", "/api/v1/auth/login", {
        json: { email, password: `guess number ${n}` },
        headers: { "cf-connecting-ip": attacker },
      }),
    );
    expect(Object.keys(statuses).sort()).toEqual(["401", "429"]);
    expect(statuses[401]).toBeLessThanOrEqual(7);
    expectStatus(await login(email, PASSWORD, home), 200);
    // Even the right password is not looked at from where the guesses came from.
    const right = await app.call("POST", "/api/v1/auth/login", {
      json: { email, password: PASSWORD },
      headers: { "cf-connecting-ip": attacker },
    });
    expectStatus(right, 429);
  }, 120_000);

  /** How many of 10,000 guesses at an account the gate lets through, each from the address that `from` makes of its number. */
  const letThrough = async (email: string, from: string): Promise<number> => {
    const { db } = baseCtx().ports;
    const attempt = attemptOf({ ...baseCtx(), client: { address: "unused", agent: null } }, email);
    const [, { rows }] = await db.batch([
      db.execute(sql`select set_config('role', 'kalamna_account', true)`),
      db.execute<{ let_through: number }>(sql`
        select count(*) filter (where kalamna.login_gate(
                 sha256(convert_to(${email} || ${sql.raw(from)}, 'UTF8')), sha256(convert_to(${sql.raw(from)}, 'UTF8')),
                 decode(${attempt.account}, 'hex'), null) = 0)::int as let_through
          from generate_series(1, 10000) n`),
    ]);
    return rows[0]?.let_through ?? -1;
  };

  test("past the front door, from as many addresses: 20 are looked at, and then one in half a minute", async () => {
    const home = address();
    const { email } = await owner(home);
    expect(await letThrough(email, "'address ' || n")).toBeLessThanOrEqual(21);
    expectStatus(await login(email, PASSWORD, home), 200);
  }, 60_000);

  test("past the front door, from one address: five, and then fewer and fewer", async () => {
    const home = address();
    const { email } = await owner(home);
    expect(await letThrough(email, `'${crypto.randomUUID()}'`)).toBeLessThanOrEqual(9);
    expectStatus(await login(email, PASSWORD, home), 200);
  }, 60_000);
});

describe("guesses", () => {
  test("from a hundred addresses are paced together, and the owner's place is not", async () => {
    const home = address();
    const { email } = await owner(home);
    const statuses = await guess(100, (n) => login(email, `guess number ${n}`, address()));
    expect(statuses[401]).toBeLessThanOrEqual(23);
    expect(statuses[200]).toBeUndefined();
    expectStatus(await login(email, PASSWORD, home), 200);
    // A stranger's place has to wait for its turn, with the right password too.
    expectStatus(await login(email, PASSWORD, address()), 429);
    await wait(31, { email, from: home });
    expectStatus(await login(email, PASSWORD, address()), 200);
  }, 120_000);

  test("at many accounts from one address are throttled, and a device that signed in before is not", async () => {
    const office = address();
    const { email, cookie } = await owner(office);
    const statuses = await guess(100, (n) => login(`nobody-${n}@acme.test`, "guess number one", office));
    expect(statuses[401]).toBeLessThanOrEqual(55);
    expectStatus(await login(email, PASSWORD, office), 429);
    expectStatus(await login(email, PASSWORD, office, cookie), 200);
  }, 120_000);

  test("on a stolen device name are throttled like any others", async () => {
    const { email, cookie } = await owner(address());
    const statuses = await guess(100, (n) => login(email, `guess number ${n}`, address(), cookie));
    expect(statuses[401]).toBeLessThanOrEqual(8);
  }, 60_000);

  test("on invented device names count as strangers", async () => {
    const { email } = await owner(address());
    const statuses = await guess(100, (n) =>
      login(email, `guess number ${n}`, address(), `kalamna_device=${`${n}`.padEnd(22, "x")}`),
    );
    expect(statuses[401]).toBeLessThanOrEqual(22);
  }, 60_000);

  test("at an account that does not exist are answered in the same way", async () => {
    const attempts = async (email: string) => {
      const from = address();
      const answers = [];
      for (let n = 0; n < 7; n++) answers.push(await login(email, "not the password", from));
      return answers.map(({ status, body: { request_id, ...body } }) => ({ status, body }));
    };
    const { email } = await owner(address());
    const known = await attempts(email);
    expect(await attempts("nobody-at-all@acme.test")).toEqual(known);
    expect(known.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(known.at(-1)?.body.detail).toMatch(/Try again in [12] s/);
  });

  test("wait twice as long each time, never more than a quarter of an hour, and are forgotten after a day", async () => {
    const { email } = await owner(address());
    const from = address();
    const attempted = { email, from };
    /** How long this test may take for one attempt, whatever else the machine does. */
    const ages = 60;
    for (let n = 0; n < 5; n++) expectStatus(await login(email, "wrong password", from), 401);
    const waits: number[] = [];
    for (let n = 0; n < 12; n++) {
      const seconds = (await closedFor(attempted)) ?? 0;
      waits.push(seconds);
      await wait(-ages, attempted);
      const refused = await login(email, "wrong password", from);
      expectStatus(refused, 429);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(seconds + ages);
      await wait(seconds + ages, attempted);
      expectStatus(await login(email, "wrong password", from), 401);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    await wait(86_401, attempted);
    for (let n = 0; n < 5; n++) expectStatus(await login(email, "wrong password", from), 401);
  }, 60_000);

  test("that end with the right password start anew", async () => {
    const { email } = await owner(address());
    const from = address();
    for (let n = 0; n < 4; n++) expectStatus(await login(email, "wrong password", from), 401);
    expectStatus(await login(email, PASSWORD, from), 200);
    for (let n = 0; n < 5; n++) expectStatus(await login(email, "wrong password", from), 401);
  });

  test("through the OAuth grant count the same", async () => {
    const { email } = await owner(address());
    const from = address();
    const grant = () =>
      call("POST", "/api/v1/auth/token", {
        body: new URLSearchParams({
          grant_type: "password",
          username: email,
          password: "wrong password",
        }).toString(),
        headers: { "content-type": "application/x-www-form-urlencoded", "cf-connecting-ip": from },
      });
    for (let n = 0; n < 5; n++) expectStatus(await grant(), 400);
    expectStatus(await grant(), 429);
    expectStatus(await login(email, PASSWORD, from), 429);
  });
});

test("a stolen access token guesses the password no faster, from wherever it comes", async () => {
  const home = address();
  const { email } = await owner(home);
  const { token } = (await login(email, PASSWORD, home)).body;
  const statuses = await guess(30, (n) =>
    call("POST", "/api/v1/auth/password", {
      token,
      json: { current_password: `guess number ${n}`, password: "another long password" },
      headers: { "cf-connecting-ip": address() },
    }),
  );
  expect(Object.keys(statuses).sort()).toEqual(["401", "429"]);
  expect(statuses[401]).toBeLessThanOrEqual(20);
  const changed = await call("POST", "/api/v1/auth/password", {
    token,
    json: { current_password: PASSWORD, password: "another long password" },
    headers: { "cf-connecting-ip": home },
  });
  expectStatus(changed, 200);
});

test("the device cookie is out of reach of scripts and other sites", async () => {
  const { email } = await owner(address());
  const { headers } = await login(email, PASSWORD, address());
  expect(headers.get("set-cookie")).toMatch(
    /^kalamna_device=[\w-]{22}; Max-Age=7776000; Path=\/api\/v1\/auth; HttpOnly; SameSite=Strict$/,
  );
  const failed = await login(email, "wrong password", address());
  expect(failed.headers.get("set-cookie")).toBeNull();
});
