import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { type Answer, call, expectStatus, type Person, register } from "../support/api.ts";
import { identityServer, newIssuer, type TestIssuer } from "../support/identities.ts";
import { baseCtx, colleague } from "../support/people.ts";

const PATH = "/api/v1/identity";
const put = (person: Person, json: unknown) => call("PUT", PATH, { token: person.token, json });
const get = (person: Person) => call("GET", PATH, { token: person.token });
const me = (token: string) => call("GET", "/api/v1/auth/me", { token });
const paths = (answer: Answer) => (answer.body.errors ?? []).map((error: { path: string }) => error.path);

/** An admin with a verified e-mail at a domain of their own. */
async function owner(domain = `${crypto.randomUUID()}.test`): Promise<Person & { domain: string }> {
  const person = await register();
  const email = `admin-${crypto.randomUUID()}@${domain}`;
  await baseCtx().ports.db.execute(
    sql`update kalamna.users set email = ${email}, email_verified_at = now() where id = ${person.userId}`,
  );
  return { ...person, email, domain };
}
/** What is connected; asking is no mistake when nothing is. */
async function connectedTo(person: Person): Promise<unknown> {
  const answer = await get(person);
  expectStatus(answer, 200);
  return answer.body.identity;
}
const someone = (domain: string) => ({ email: `${crypto.randomUUID()}@${domain}`, email_verified: true });

describe("an identity provider", () => {
  test("is connected, read and disconnected", async () => {
    const person = await owner();
    expect(await connectedTo(person)).toBeNull();
    const issuer = await newIssuer();
    const audience = await issuer.client();
    const connected = await put(person, { issuer: issuer.url, audience, domains: [person.domain] });
    expectStatus(connected, 200);
    expect(connected.body.identity).toMatchObject({
      issuer: issuer.url,
      audience,
      jwks_uri: null,
      algorithms: ["RS256", "ES256"],
      domains: [person.domain],
      status: "active",
      claims: { email: "email", email_verified: "email_verified", role: { default: "viewer" } },
    });
    expect((await get(person)).body).toEqual(connected.body);

    const { id: _, created_at: __, updated_at: ___, ...same } = connected.body.identity;
    expectStatus(await put(person, same), 200);

    expectStatus(await call("DELETE", PATH, { token: person.token }), 200);
    expect(await connectedTo(person)).toBeNull();
    expectStatus(await call("DELETE", PATH, { token: person.token }), 404);
  });

  test("is an administrator's business, and only their organization's", async () => {
    const person = await owner();
    const issuer = await newIssuer();
    const audience = await issuer.client();
    expectStatus(await put(person, { issuer: issuer.url, audience, domains: [person.domain] }), 200);
    const member = await colleague(person, "member");
    expectStatus(await get(member), 403);
    const stranger = await owner();
    expect(await connectedTo(stranger)).toBeNull();
    const taken = await put(stranger, { issuer: issuer.url, audience, domains: [stranger.domain] });
    expectStatus(taken, 409);
    expect(taken.body.code).toBe("issuer_taken");
    expectStatus(await get(person), 200);
  });
});

describe("connecting is refused when", () => {
  let person: Person & { domain: string };
  let issuer: TestIssuer;
  let good: { issuer: string; audience: string; domains: string[] };
  beforeAll(async () => {
    person = await owner();
    issuer = await newIssuer();
    good = { issuer: issuer.url, audience: await issuer.client(), domains: [person.domain] };
  });
  const expectRefused = async (json: unknown, status: number, code: string) => {
    const answer = await put(person, json);
    expectStatus(answer, status);
    expect(answer.body.code).toBe(code);
    expect(await connectedTo(person)).toBeNull();
    return answer;
  };

  test("no administrator has a verified e-mail at the domain", async () => {
    const answer = await expectRefused(
      { ...good, domains: [person.domain, "gmail.test"] },
      400,
      "invalid_request",
    );
    expect(paths(answer)).toEqual(["domains"]);
    expect(answer.body.detail).toContain("gmail.test");
    const unverified = await register();
    const json = { ...good, domains: ["acme.test"] };
    expect(paths(await put(unverified, json))).toEqual(["domains"]);
  });

  test("only a member has an e-mail at the domain", async () => {
    const member = await colleague(person, "member");
    const domain = `${crypto.randomUUID()}.test`;
    await baseCtx().ports.db.execute(
      sql`update kalamna.users set email = ${`m@${domain}`}, email_verified_at = now() where id = ${member.userId}`,
    );
    await expectRefused({ ...good, domains: [domain] }, 400, "invalid_request");
  });

  test("a group is another organization's", async () => {
    const group = crypto.randomUUID();
    const other = await register();
    await baseCtx().ports.db.execute(
      sql`insert into kalamna.groups (id, org_id, name) values (${group}, ${other.orgId}, 'Theirs')`,
    );
    const claims = { groups: { claim: "teams", values: { a: group } } };
    expect(paths(await expectRefused({ ...good, claims }, 400, "invalid_request"))).toEqual([
      "claims.groups.values",
    ]);
  });

  test.each([
    ["algorithms.0", { algorithms: ["HS256"] }],
    ["algorithms.0", { algorithms: ["none"] }],
    ["domains", { domains: [] }],
    ["issuer", { issuer: "javascript:alert(1)" }],
    ["claims.role.default", { claims: { role: { default: "owner" } } }],
  ])("%s is not valid", async (path, change) => {
    expect(paths(await expectRefused({ ...good, ...change }, 400, "invalid_request"))).toEqual([path]);
  });

  test.each([
    ["the issuer", () => ({ issuer: "http://169.254.169.254/latest" })],
    ["the issuer", () => ({ issuer: "https://10.0.0.1" })],
    ["the issuer", () => ({ issuer: "https://idp.internal" })],
    ["the issuer, plain http,", () => ({ issuer: "http://public.example.com" })],
    ["the keys", () => ({ jwks_uri: "http://[::ffff:a00:1]/jwks" })],
    ["the keys, by redirect,", () => ({ jwks_uri: `${identityServer()}/web/redirect?to=http://10.0.0.1/` })],
    ["the name of the keys", () => ({ jwks_uri: "https://private.example.com/jwks" })],
  ])("%s would lead into a private network", async (_, change) => {
    await expectRefused({ ...good, ...change() }, 422, "url_refused");
  });

  test.each([
    ["nothing is there", () => ({ issuer: `${identityServer()}/idp/nobody` }), "404"],
    ["it answers with a page", () => ({ jwks_uri: `${identityServer()}/web/page` }), "JSON"],
    ["it has no keys", () => ({ jwks_uri: `${issuer.url}/.well-known/openid-configuration` }), "no key set"],
    [
      "it answers without end",
      () => ({ jwks_uri: `${identityServer()}/web/large?bytes=300000` }),
      "more than",
    ],
    ["it speaks for another issuer", () => ({ issuer: `${issuer.url}/` }), "names another issuer"],
  ])("%s", async (_, change, reason) => {
    const answer = await expectRefused({ ...good, ...change() }, 502, "identity_provider_failed");
    expect(answer.body.detail).toContain(reason);
  });
});

describe("a token of the organization's provider", () => {
  let person: Person & { domain: string };
  let issuer: TestIssuer;
  let client: string;
  beforeAll(async () => {
    person = await owner();
    issuer = await newIssuer();
    client = await issuer.client();
    expectStatus(await put(person, { issuer: issuer.url, audience: client, domains: [person.domain] }), 200);
  });

  test("signs its person in, like any access token", async () => {
    const claims = someone(person.domain);
    const token = await issuer.token(client, "ada", claims);
    const who = await me(token);
    expectStatus(who, 200);
    expect(who.body).toMatchObject({
      user: { email: claims.email, role: "viewer", access: "external" },
      org: { id: person.orgId },
    });
    expectStatus(await call("POST", "/api/v1/search", { token, json: { query: "anything" } }), 200);
    expectStatus(await call("GET", PATH, { token }), 403);
  });

  test("in requests that come together costs one fetch of the keys", async () => {
    const other = await owner();
    const fresh = await newIssuer();
    const audience = await fresh.client();
    expectStatus(await put(other, { issuer: fresh.url, audience, domains: [other.domain] }), 200);
    const tokens = await Promise.all(
      ["a", "b", "c", "d", "e", "f"].map((sub) => fresh.token(audience, sub, someone(other.domain))),
    );
    const before = (await fresh.state()).keyFetches;
    const answers = await Promise.all(tokens.map(me));
    for (const answer of answers) expectStatus(answer, 200);
    expect((await fresh.state()).keyFetches - before).toBe(1);
  });

  test.each([
    [
      "whose e-mail is not verified",
      () => ({ ...someone(person.domain), email_verified: false }),
      "email_unverified",
    ],
    ["of another domain", () => someone("gmail.test"), "domain_not_allowed"],
  ])("somebody %s is told so", async (_, claims, code) => {
    const answer = await me(await issuer.token(client, crypto.randomUUID(), claims()));
    expectStatus(answer, 403);
    expect(answer.body.code).toBe(code);
  });

  test("somebody with an account in another organization is told so, and gets into neither", async () => {
    const theirs = await register();
    await baseCtx().ports.db.execute(
      sql`update kalamna.users set email = ${`x-${theirs.userId}@${person.domain}`} where id = ${theirs.userId}`,
    );
    const claims = { email: `x-${theirs.userId}@${person.domain}`, email_verified: true };
    const answer = await me(await issuer.token(client, "taken", claims));
    expectStatus(answer, 409);
    expect(answer.body.code).toBe("identity_conflict");
    expect(answer.text).not.toContain(theirs.orgId);
  });

  test("is out at the next request when the person is deactivated", async () => {
    const token = await issuer.token(client, "leaver", someone(person.domain));
    const { body } = await me(token);
    await baseCtx().ports.db.execute(
      sql`update kalamna.users set status = 'deactivated' where id = ${body.user.id}`,
    );
    expectStatus(await me(token), 401);
  });

  test("sees rights that an administrator changed at the second request", async () => {
    const token = await issuer.token(client, "riser", someone(person.domain));
    const { body } = await me(token);
    expect(body.user.role).toBe("viewer");
    await baseCtx().ports.db.execute(
      sql`update kalamna.users set role = 'member' where id = ${body.user.id}`,
    );
    const first = await me(token);
    expectStatus(first, 401);
    expect(first.body.code).toBe("session_revoked");
    expect((await me(token)).body.user.role).toBe("member");
  });

  test("that is forged is refused like any other", async () => {
    const token = await issuer.token(client, "ada", someone(person.domain));
    const stranger = await newIssuer();
    for (const bad of [
      `${token.slice(0, -4)}AAAA`,
      await issuer.token(await issuer.client(), "ada", someone(person.domain)),
      await stranger.token(await stranger.client(), "ada", someone(person.domain)),
    ]) {
      const answer = await me(bad);
      expectStatus(answer, 401);
      expect(answer.body.code).toBe("unauthenticated");
    }
  });
});
