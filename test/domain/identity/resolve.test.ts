/** In workerd, against a real OpenID provider and a real database. */
import { sql } from "drizzle-orm";
import { importJWK, type JWTPayload, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import type { BaseCtx, UserActor } from "../../../src/context.ts";
import { me } from "../../../src/domain/accounts/me.ts";
import { connect } from "../../../src/domain/identity/connect.ts";
import { disconnect } from "../../../src/domain/identity/disconnect.ts";
import { IdentityInput } from "../../../src/domain/identity/provider.ts";
import { resolveExternal } from "../../../src/domain/identity/resolve.ts";
import { AppError } from "../../../src/errors.ts";
import { type Person, register } from "../../support/api.ts";
import { newIssuer, type TestIssuer } from "../../support/identities.ts";
import { baseCtx, colleague, ctxFor } from "../../support/people.ts";
import { before as justBefore } from "../../support/rigged.ts";

/** Runs SQL as whoever owns the whole database. */
const rows = async (statement: ReturnType<typeof sql>): Promise<any[]> =>
  (await baseCtx().ports.db.execute(statement)).rows;

/** An organization whose admin owns an e-mail at a domain of its own. */
async function organization(domain = `${crypto.randomUUID()}.test`): Promise<Person & { domain: string }> {
  const admin = await register();
  const email = `admin-${crypto.randomUUID()}@${domain}`;
  await rows(
    sql`update kalamna.users set email = ${email}, email_verified_at = now() where id = ${admin.userId}`,
  );
  return { ...admin, email, domain };
}

/** Connects `issuer` as the organization's provider; gives the audience of its tokens. */
async function connected(
  org: Person & { domain: string },
  issuer: TestIssuer,
  change: Partial<Parameters<typeof IdentityInput.parse>[0] & object> = {},
): Promise<string> {
  const audience = await issuer.client();
  await connect(
    ctxFor(org),
    IdentityInput.parse({ issuer: issuer.url, audience, domains: [org.domain], ...change }),
  );
  return audience;
}

const someone = (domain: string, claims: Record<string, unknown> = {}) => ({
  email: `${crypto.randomUUID()}@${domain}`,
  email_verified: true,
  ...claims,
});

const outcome = async (work: Promise<UserActor | null>): Promise<string> => {
  try {
    return (await work) === null ? "unknown" : "admitted";
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};
const later = (base: BaseCtx, seconds: number): BaseCtx => ({
  ...base,
  now: () => new Date(Date.now() + seconds * 1000),
});
const userOf = async (id: string) =>
  (
    await rows(sql`select role, access, status, token_version, org_id, email, email_verified_at is not null verified,
                         password_hash from kalamna.users where id = ${id}`)
  )[0];

const addGroup = (orgId: string, id: string) =>
  rows(sql`insert into kalamna.groups (id, org_id, name) values (${id}, ${orgId}, ${id})`);
const groupsOf = async (userId: string): Promise<string[]> =>
  (
    await rows(sql`select group_id from kalamna.group_members where user_id = ${userId} order by group_id`)
  ).map(({ group_id }) => group_id);
const auditOf = (org: Person) =>
  rows(sql`select * from kalamna.audit_log where org_id = ${org.orgId} order by seq`);

describe("somebody new", () => {
  test("is created with the least rights, in the provider's organization, and may act at once", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer);
    const person = someone(org.domain, { roles: ["admin"], org_id: crypto.randomUUID() });
    const base = baseCtx();
    const actor = await resolveExternal(base, await issuer.token(client, "ada", person));
    expect(actor).toMatchObject({
      kind: "user",
      orgId: org.orgId,
      role: "viewer",
      access: "external",
      tokenVersion: 1,
    });
    const who = await me({ ...base, actor: actor! });
    expect(who).toMatchObject({ user: { email: person.email }, org: { id: org.orgId } });
    expect(await userOf(actor!.userId)).toMatchObject({ verified: true, password_hash: null });
  });

  test("is one person, however many first requests come at once, from however many isolates", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const token = await issuer.token(await connected(org, issuer), "ada", someone(org.domain));
    const actors = await Promise.all(Array.from({ length: 6 }, () => resolveExternal(baseCtx(), token)));
    expect(new Set(actors.map((actor) => actor?.userId)).size).toBe(1);
  });

  test("gets the role, access and groups the mapping gives", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const [sales, other] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [sales, other]) await addGroup(org.orgId, id);
    const client = await connected(org, issuer, {
      claims: {
        role: { claim: "realm_access.roles", values: { editors: "member" } },
        access: { claim: "roles", values: { staff: "internal" } },
        groups: { claim: "teams", values: { sales, other } },
      },
    });
    const claims = someone(org.domain, {
      realm_access: { roles: ["editors"] },
      roles: ["staff"],
      teams: ["sales"],
    });
    const actor = await resolveExternal(baseCtx(), await issuer.token(client, "ada", claims));
    expect(actor).toMatchObject({ role: "member", access: "internal" });
    expect(await groupsOf(actor!.userId)).toEqual([sales]);
  });

  test("who was invited gets what the invitation says, and has accepted it", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer);
    const group = crypto.randomUUID();
    await addGroup(org.orgId, group);
    const person = someone(org.domain);
    await rows(sql`insert into kalamna.invitations (org_id, email, role, access, groups, token_hash, expires_at)
                   values (${org.orgId}, ${person.email}, 'member', 'internal', array[${group}::uuid],
                           sha256(${person.email}::bytea), now() + interval '1 day')`);
    const actor = await resolveExternal(baseCtx(), await issuer.token(client, "ada", person));
    expect(actor).toMatchObject({ role: "member", access: "internal" });
    expect(await groupsOf(actor!.userId)).toEqual([group]);
    const open = await rows(
      sql`select from kalamna.invitations where org_id = ${org.orgId} and accepted_at is null`,
    );
    expect(open).toEqual([]);
  });

  test("is recorded in the audit log", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer);
    const actor = await resolveExternal(baseCtx(), await issuer.token(client, "ada", someone(org.domain)));
    const entries = await auditOf(org);
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["identity.connected", "employee.provisioned"]),
    );
    expect(entries.find(({ action }) => action === "employee.provisioned")?.target_id).toBe(actor!.userId);
  });
});

describe("signing in again", () => {
  const mapping = { claims: { role: { claim: "roles", values: { editor: "member", boss: "admin" } } } };

  test("changes nothing, and ends nothing, when the claims are the same", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer, mapping);
    const person = someone(org.domain, { roles: ["editor"] });
    const first = await resolveExternal(baseCtx(), await issuer.token(client, "ada", person));
    const second = await resolveExternal(baseCtx(), await issuer.token(client, "ada", person));
    expect(second).toEqual(first);
    expect((await auditOf(org)).filter(({ action }) => action.startsWith("employee."))).toHaveLength(1);
  });

  test("brings a changed role, and the old role is worth nothing from then on", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer, mapping);
    const person = someone(org.domain);
    const boss = await resolveExternal(
      baseCtx(),
      await issuer.token(client, "ada", { ...person, roles: ["boss"] }),
    );
    expect(boss).toMatchObject({ role: "admin", access: "internal" });
    const viewer = await resolveExternal(
      baseCtx(),
      await issuer.token(client, "ada", { ...person, roles: [] }),
    );
    expect(viewer).toMatchObject({
      userId: boss!.userId,
      role: "viewer",
      tokenVersion: boss!.tokenVersion + 1,
    });
    await expect(me({ ...baseCtx(), actor: boss! })).rejects.toMatchObject({ code: "session_revoked" });
  });

  test("keeps the role an administrator gave when the provider does not map roles", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer);
    const person = someone(org.domain);
    const actor = await resolveExternal(baseCtx(), await issuer.token(client, "ada", person));
    await rows(sql`update kalamna.users set role = 'member', token_version = 2 where id = ${actor!.userId}`);
    const again = await resolveExternal(baseCtx(), await issuer.token(client, "ada", person));
    expect(again).toMatchObject({ userId: actor!.userId, role: "member", tokenVersion: 2 });
  });

  test("follows the provider in the groups it decides about, and leaves the others alone", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const [sales, support, manual] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [sales, support, manual]) await addGroup(org.orgId, id);
    const client = await connected(org, issuer, {
      claims: { groups: { claim: "teams", values: { sales, support } } },
    });
    const person = someone(org.domain);
    const token = (teams: string[]) => issuer.token(client, "ada", { ...person, teams });
    const actor = await resolveExternal(baseCtx(), await token(["sales"]));
    await rows(sql`insert into kalamna.group_members (org_id, group_id, user_id)
                   values (${org.orgId}, ${manual}, ${actor!.userId})`);
    await resolveExternal(baseCtx(), await token(["support"]));
    expect(await groupsOf(actor!.userId)).toEqual([support, manual].sort());
  });

  test("does not demote the last administrator", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer, mapping);
    const token = await issuer.token(client, "admin", { email: org.email, email_verified: true, roles: [] });
    expect(await resolveExternal(baseCtx(), token)).toMatchObject({ userId: org.userId, role: "admin" });
    await colleague(org, "admin");
    expect(await resolveExternal(baseCtx(), token)).toMatchObject({ userId: org.userId, role: "viewer" });
  });

  test("keeps the person when the provider gives them another e-mail", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer);
    const first = await resolveExternal(baseCtx(), await issuer.token(client, "ada", someone(org.domain)));
    const renamed = await resolveExternal(baseCtx(), await issuer.token(client, "ada", someone(org.domain)));
    expect(renamed!.userId).toBe(first!.userId);
  });
});

describe("an existing account", () => {
  test("of the organization is linked, and keeps its role", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer);
    const token = await issuer.token(client, "boss", {
      email: org.email.toUpperCase(),
      email_verified: true,
    });
    expect(await resolveExternal(baseCtx(), token)).toMatchObject({ userId: org.userId, role: "admin" });
  });

  test("is not given to the provider's next holder of the address", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer);
    const person = someone(org.domain);
    await resolveExternal(baseCtx(), await issuer.token(client, "ada", person));
    expect(await outcome(resolveExternal(baseCtx(), await issuer.token(client, "eve", person)))).toBe(
      "identity_conflict",
    );
  });

  test("of another organization is never taken over", async () => {
    const theirs = await organization();
    const victim = await colleague(theirs, "admin");
    const ours = await organization(victim.email.split("@")[1]);
    const issuer = await newIssuer();
    const client = await connected(ours, issuer);
    const before = await userOf(victim.userId);
    for (const email of [victim.email, victim.email.toUpperCase()]) {
      const token = await issuer.token(client, crypto.randomUUID(), { email, email_verified: true });
      expect(await outcome(resolveExternal(baseCtx(), token))).toBe("identity_conflict");
    }
    expect(await userOf(victim.userId)).toEqual(before);
  });

  test("that is deactivated stays out, linked or not", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer);
    const person = someone(org.domain);
    const token = await issuer.token(client, "ada", person);
    const actor = await resolveExternal(baseCtx(), token);
    await rows(sql`update kalamna.users set status = 'deactivated' where id = ${actor!.userId}`);
    expect(await outcome(resolveExternal(baseCtx(), token))).toBe("session_revoked");

    const never = await colleague(org, "member");
    const email = `${crypto.randomUUID()}@${org.domain}`;
    await rows(
      sql`update kalamna.users set status = 'deactivated', email = ${email} where id = ${never.userId}`,
    );
    const second = await issuer.token(client, "bob", { email, email_verified: true });
    expect(await outcome(resolveExternal(baseCtx(), second))).toBe("session_revoked");
  });
});

describe("between organizations", () => {
  test("one issuer serves two, and each token opens one", async () => {
    const issuer = await newIssuer();
    const [one, two] = [await organization(), await organization()];
    const [first, second] = [await connected(one, issuer), await connected(two, issuer)];
    const base = baseCtx();
    const a = await resolveExternal(base, await issuer.token(first, "ada", someone(one.domain)));
    const b = await resolveExternal(base, await issuer.token(second, "ada", someone(two.domain)));
    expect(a).toMatchObject({ orgId: one.orgId });
    expect(b).toMatchObject({ orgId: two.orgId });
    expect(a!.userId).not.toBe(b!.userId);
    const crossed = await issuer.token(second, "eve", someone(one.domain));
    expect(await outcome(resolveExternal(base, crossed))).toBe("domain_not_allowed");
  });

  test("a token for the audiences of both proves nothing to either", async () => {
    const issuer = await newIssuer();
    const [one, two] = [await organization(), await organization()];
    const audiences = [await connected(one, issuer), await connected(two, issuer)];
    const { keys } = await issuer.state();
    const token = await forge({ iss: issuer.url, aud: audiences }, { alg: "RS256", kid: keys[0]!.kid! });
    expect(await outcome(resolveExternal(baseCtx(), token))).toBe("unknown");
  });

  test("what one has connected the other cannot", async () => {
    const issuer = await newIssuer();
    const [one, two] = [await organization(), await organization()];
    const audience = await connected(one, issuer);
    const theft = IdentityInput.parse({ issuer: issuer.url, audience, domains: [two.domain] });
    await expect(connect(ctxFor(two), theft)).rejects.toMatchObject({ code: "issuer_taken" });
  });

  test("a suspended organization lets nobody in", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const token = await issuer.token(await connected(org, issuer), "ada", someone(org.domain));
    await rows(sql`update kalamna.organizations set status = 'suspended' where id = ${org.orgId}`);
    expect(await outcome(resolveExternal(baseCtx(), token))).toBe("session_revoked");
  });
});

/** A token no provider issued: signed with a key of our own unless one is given. */
async function forge(
  claims: JWTPayload,
  header: { alg: string; kid?: string },
  key?: CryptoKey | Uint8Array,
): Promise<string> {
  const signing =
    key ??
    (
      (await crypto.subtle.generateKey(
        {
          name: "RSASSA-PKCS1-v1_5",
          modulusLength: 2048,
          publicExponent: new Uint8Array([1, 0, 1]),
          hash: "SHA-256",
        },
        true,
        ["sign", "verify"],
      )) as CryptoKeyPair
    ).privateKey;
  return await new SignJWT({ sub: "eve", email_verified: true, ...claims })
    .setProtectedHeader(header)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(signing);
}

describe("a token is refused when", () => {
  let org: Awaited<ReturnType<typeof organization>>;
  let issuer: TestIssuer;
  let client: string;
  let good: string;
  const b64 = (value: unknown) =>
    btoa(typeof value === "string" ? value : JSON.stringify(value))
      .replaceAll("=", "")
      .replaceAll("+", "-")
      .replaceAll("/", "_");
  const claims = (): JWTPayload => ({ iss: issuer.url, aud: client, email: `eve@${org.domain}` });
  beforeAll(async () => {
    org = await organization();
    issuer = await newIssuer();
    client = await connected(org, issuer);
    good = await issuer.token(client, "ada", someone(org.domain));
  });
  const expectRefused = async (token: string, code = "unauthenticated", base = baseCtx()) => {
    expect(await outcome(resolveExternal(base, token))).toBe(code);
  };

  test("nothing is wrong with it, it is not", async () => {
    expect(await outcome(resolveExternal(baseCtx(), good))).toBe("admitted");
  });

  test("it is unsigned", async () => {
    const now = Math.floor(Date.now() / 1000);
    const payload = { ...claims(), sub: "eve", email_verified: true, iat: now, exp: now + 600 };
    for (const alg of ["none", "None", "nOnE"]) {
      await expectRefused(`${b64({ alg })}.${b64(payload)}.`);
      await expectRefused(`${b64({ alg })}.${b64(payload)}.${good.split(".")[2]}`);
    }
  });

  test("it is signed with the public key as a shared secret", async () => {
    const { keys } = await issuer.state();
    const jwk = keys.find(({ kty }) => kty === "RSA")!;
    const key = (await importJWK(jwk, "RS256", { extractable: true })) as CryptoKey;
    const spki = new Uint8Array((await crypto.subtle.exportKey("spki", key)) as ArrayBuffer);
    const pem = `-----BEGIN PUBLIC KEY-----\n${btoa(String.fromCharCode(...spki))}\n-----END PUBLIC KEY-----`;
    for (const secret of [
      spki,
      new TextEncoder().encode(pem),
      new TextEncoder().encode(JSON.stringify(jwk)),
    ]) {
      await expectRefused(await forge(claims(), { alg: "HS256", kid: jwk.kid! }, secret));
    }
  });

  test("it is signed by somebody else under the provider's kid", async () => {
    const { keys } = await issuer.state();
    await expectRefused(await forge(claims(), { alg: "RS256", kid: keys[0]!.kid! }));
  });

  test("it is signed with an algorithm the organization did not name", async () => {
    const strict = await organization();
    const audience = await connected(strict, issuer, { algorithms: ["ES256"] });
    await expectRefused(await issuer.token(audience, "ada", someone(strict.domain)));
  });

  test("it is for another application", async () => {
    await expectRefused(await issuer.token(await issuer.client(), "ada", someone(org.domain)), "unknown");
  });

  test("it is of an issuer nobody connected", async () => {
    const stranger = await newIssuer();
    await expectRefused(await stranger.token(await stranger.client(), "ada", someone(org.domain)), "unknown");
  });

  test("it names no application, or more than anybody has", async () => {
    const { aud: _, ...nobody } = claims();
    await expectRefused(await forge(nobody, { alg: "RS256" }), "unknown");
    const crowd = Array.from({ length: 20 }, () => crypto.randomUUID());
    await expectRefused(await forge({ ...claims(), aud: [client, ...crowd] }, { alg: "RS256" }), "unknown");
  });

  test("it says that its person has signed out", async () => {
    const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
    await expectRefused(await issuer.token(client, "ada", someone(org.domain, { events })));
  });

  test("its provider is changed again and again while it is looked at", async () => {
    const base = baseCtx();
    const change = async () => {
      await rows(
        sql`update kalamna.identity_providers set revision = revision + 1 where org_id = ${org.orgId}`,
      );
    };
    const { db } = justBefore(justBefore(base.ports.db, 2, change).db, 4, change);
    await expectRefused(good, "unauthenticated", { ...base, ports: { ...base.ports, db } });
    await expectRefused(good, "admitted");
  });

  test("it is expired, a little clock difference aside", async () => {
    await expectRefused(good, "admitted", later(baseCtx(), 3_600 + 20));
    await expectRefused(good, "unauthenticated", later(baseCtx(), 3_600 + 40));
  });

  test("it is remembered but expired meanwhile", async () => {
    const base = baseCtx();
    await expectRefused(good, "admitted", later(base, 3_600 - 5));
    await expectRefused(good, "unauthenticated", later(base, 3_600 + 40));
  });

  test("its payload was changed", async () => {
    const base = baseCtx();
    await expectRefused(good, "admitted", base);
    const [header, payload = "", signature] = good.split(".");
    const changed = {
      ...JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))),
      email: org.email,
    };
    await expectRefused(`${header}.${b64(changed)}.${signature}`, "unauthenticated", base);
  });

  test("the e-mail is not verified", async () => {
    for (const email_verified of [false, undefined]) {
      const person = { ...someone(org.domain), email_verified };
      await expectRefused(await issuer.token(client, "mallory", person), "email_unverified");
    }
  });

  test("the e-mail is of another domain", async () => {
    await expectRefused(await issuer.token(client, "mallory", someone("gmail.test")), "domain_not_allowed");
  });

  test("it is no token at all", async () => {
    for (const token of [
      "",
      "a",
      "a.b.c",
      "..",
      good.slice(0, 50),
      `${b64({ alg: "RS256" })}.${b64([])}.x`,
    ]) {
      await expectRefused(token, "unknown");
    }
    await expectRefused(`${"x".repeat(20_000)}.${good}`, "unknown");
  });
});

describe("the provider's keys", () => {
  async function setup() {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer);
    const token = () => issuer.token(client, crypto.randomUUID(), someone(org.domain));
    const fetches = async () => (await issuer.state()).keyFetches;
    return { org, issuer, client, token, fetches, before: await fetches() };
  }

  test("are fetched once for many sign-ins", async () => {
    const { token, fetches, before } = await setup();
    const base = baseCtx();
    for (const _ of [1, 2, 3]) expect(await outcome(resolveExternal(base, await token()))).toBe("admitted");
    const tokens = await Promise.all([token(), token(), token()]);
    await Promise.all(tokens.map((one) => resolveExternal(base, one)));
    expect((await fetches()) - before).toBe(1);
  });

  test("are fetched once for first sign-ins that come together", async () => {
    const { token, fetches, before } = await setup();
    const base = baseCtx();
    const tokens = await Promise.all([token(), token(), token(), token()]);
    const actors = await Promise.all(tokens.map((one) => resolveExternal(base, one)));
    expect(actors.every((actor) => actor !== null)).toBe(true);
    expect((await fetches()) - before).toBe(1);
  });

  test("may rotate: the new one is found, the old one is gone", async () => {
    const { issuer, token } = await setup();
    const base = baseCtx();
    const old = await token();
    expect(await outcome(resolveExternal(base, await token()))).toBe("admitted");
    await issuer.rotate();
    expect(await outcome(resolveExternal(later(base, 31), await token()))).toBe("admitted");
    expect(await outcome(resolveExternal(later(base, 31), old))).toBe("unauthenticated");
  });

  test("are not fetched again and again for tokens that name unknown ones", async () => {
    const { client, issuer, org, token, fetches, before } = await setup();
    const base = baseCtx();
    expect(await outcome(resolveExternal(base, await token()))).toBe("admitted");
    const key = (
      (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
        "sign",
        "verify",
      ])) as CryptoKeyPair
    ).privateKey;
    const flood = async (at: BaseCtx) => {
      const forged = Array.from({ length: 50 }, () =>
        forge(
          { iss: issuer.url, aud: client, email: `eve@${org.domain}` },
          { alg: "ES256", kid: crypto.randomUUID() },
          key,
        ),
      );
      const outcomes = await Promise.all(forged.map(async (one) => outcome(resolveExternal(at, await one))));
      expect(new Set(outcomes)).toEqual(new Set(["unauthenticated"]));
    };
    await flood(base);
    expect((await fetches()) - before).toBe(1);
    await flood(later(base, 31));
    await flood(later(base, 32));
    expect((await fetches()) - before).toBe(2);
    expect(await outcome(resolveExternal(later(base, 33), await token()))).toBe("admitted");
  });

  test("go on for a while when the provider is away, which is not asked by every request", async () => {
    const { issuer, token, fetches, before } = await setup();
    const base = baseCtx();
    expect(await outcome(resolveExternal(base, await token()))).toBe("admitted");
    await issuer.breakKeys(500);
    const fresh = await token();
    expect(await outcome(resolveExternal(later(base, 700), fresh))).toBe("admitted");
    expect(await outcome(resolveExternal(later(base, 705), await token()))).toBe("admitted");
    expect((await fetches()) - before).toBe(2);
    const away = baseCtx();
    for (const _ of [1, 2, 3])
      expect(await outcome(resolveExternal(away, fresh))).toBe("identity_provider_failed");
    expect((await fetches()) - before).toBe(3);
    await issuer.breakKeys(null);
    expect(await outcome(resolveExternal(later(away, 31), fresh))).toBe("admitted");
  });

  test("may come from an address of their own, without discovery", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer, { jwks_uri: `${issuer.url}/jwks` });
    expect(
      await outcome(resolveExternal(baseCtx(), await issuer.token(client, "ada", someone(org.domain)))),
    ).toBe("admitted");
    expect((await issuer.state()).discoveries).toBe(0);
  });
});

describe("a change by the administrator", () => {
  test("counts at the next sign-in, also where the old settings are remembered", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const client = await connected(org, issuer);
    const base = baseCtx();
    const person = someone(org.domain, { roles: ["boss"] });
    expect(await resolveExternal(base, await issuer.token(client, "ada", person))).toMatchObject({
      role: "viewer",
    });
    const input = { issuer: issuer.url, audience: client, domains: [org.domain] };
    const claims = { role: { claim: "roles", values: { boss: "member" } } };
    await connect(ctxFor(org), IdentityInput.parse({ ...input, claims }));
    expect(await resolveExternal(base, await issuer.token(client, "ada", person))).toMatchObject({
      role: "member",
    });
  });

  test.each(["disabled", "disconnected", "replaced"])(
    "ends what came in through a provider that is %s, at once",
    async (how) => {
      const org = await organization();
      const issuer = await newIssuer();
      const client = await connected(org, issuer);
      const base = baseCtx();
      const token = await issuer.token(client, "ada", someone(org.domain));
      const actor = await resolveExternal(base, token);
      await me({ ...base, actor: actor! });
      const input = { issuer: issuer.url, audience: client, domains: [org.domain] };
      if (how === "disconnected") await disconnect(ctxFor(org));
      else if (how === "disabled")
        await connect(ctxFor(org), IdentityInput.parse({ ...input, status: "disabled" }));
      else await connect(ctxFor(org), IdentityInput.parse({ ...input, audience: await issuer.client() }));
      await expect(me({ ...base, actor: actor! })).rejects.toMatchObject({ code: "session_revoked" });
      expect(await outcome(resolveExternal(later(base, 31), token))).toBe("unknown");
      await me(ctxFor(org));
    },
  );

  test("to another application does not hand accounts to its subjects", async () => {
    const org = await organization();
    const issuer = await newIssuer();
    const person = someone(org.domain);
    const first = await resolveExternal(
      baseCtx(),
      await issuer.token(await connected(org, issuer), "1", person),
    );
    const other = await newIssuer();
    const client = await connected(org, other);
    const second = await resolveExternal(baseCtx(), await other.token(client, "1", someone(org.domain)));
    expect(second!.userId).not.toBe(first!.userId);
    expect(await resolveExternal(baseCtx(), await other.token(client, "2", person))).toMatchObject({
      userId: first!.userId,
    });
  });
});
