import { sql } from "drizzle-orm";
import { SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { superadminBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, PASSWORD, type Person, ready, register, tokenFor } from "../support/api.ts";
import { baseCtx, colleague } from "../support/people.ts";
import { type Superadmin, superadmin } from "../support/platform.ts";

let root: Superadmin;
beforeAll(async () => {
  root = await superadmin();
});

const orgs = (query = "", token = root.token) => call("GET", `/api/v1/admin/orgs${query}`, { token });
const status = (id: string, to: string, token = root.token) =>
  call("PATCH", `/api/v1/admin/orgs/${id}`, { token, json: { status: to } });
const remove = (id: string, json?: Record<string, unknown>, token = root.token) =>
  call("DELETE", `/api/v1/admin/orgs/${id}`, { token, ...(json ? { json } : {}) });
const search = (token: string) => call("POST", "/api/v1/search", { token, json: { query: "ledger" } });

async function usageOf(id: string): Promise<any> {
  for (let cursor = ""; ; ) {
    const { body } = await orgs(`?limit=200${cursor}`);
    const found = body.data.find((org: { id: string }) => org.id === id);
    if (found || !body.next_cursor) return found;
    cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
  }
}

describe("a superadmin", () => {
  test("signs in where everybody does, and gets no refresh token", async () => {
    const answer = await call("POST", "/api/v1/auth/login", {
      json: { email: root.email, password: PASSWORD },
    });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({
      token_type: "Bearer",
      user: { role: "superadmin", email: root.email },
    });
    expect(answer.body.refresh_token).toBeUndefined();
    const wrong = await call("POST", "/api/v1/auth/login", {
      json: { email: root.email, password: "wrong" },
    });
    expectStatus(wrong, 401);
    expect(wrong.body.code).toBe("invalid_credentials");
  });

  test("cannot be made through the API", async () => {
    const admin = await register();
    const invited = await call("POST", "/api/v1/employees", {
      token: admin.token,
      json: { email: "x@acme.test", role: "superadmin" },
    });
    expectStatus(invited, 400);
    for (const path of ["/api/v1/admin/superadmins", "/api/v1/admin/users"]) {
      expectStatus(await call("POST", path, { token: root.token, json: { email: "x@acme.test" } }), 404);
    }
  });

  test("looks into no organization", async () => {
    for (const [method, path] of [
      ["GET", "/api/v1/documents"],
      ["GET", "/api/v1/employees"],
      ["GET", "/api/v1/org"],
      ["GET", "/api/v1/auth/me"],
    ] as const) {
      expectStatus(await call(method, path, { token: root.token }), 403);
    }
    expectStatus(await search(root.token), 403);
  });

  test("whose rights were taken away is out at the next request", async () => {
    const former = await superadmin();
    expectStatus(await orgs("", former.token), 200);
    const { db } = baseCtx().ports;
    await db.execute(sql`update kalamna.superadmins set status = 'deactivated' where id = ${former.id}`);
    expectStatus(await orgs("", former.token), 401);
    const login = { json: { email: former.email, password: PASSWORD } };
    expectStatus(await call("POST", "/api/v1/auth/login", login), 401);
  });
});

describe("the platform is closed to", () => {
  const secret = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
  const forged = (over: { typ?: string; aud?: string; kid?: string; secret?: Uint8Array; sub?: string }) =>
    new SignJWT({ role: "superadmin", ver: 1 })
      .setProtectedHeader({ alg: "HS256", typ: over.typ ?? "platform+jwt", kid: over.kid ?? "test" })
      .setSubject(over.sub ?? root.id)
      .setIssuer("kalamna")
      .setAudience(over.aud ?? "kalamna-api:platform")
      .setIssuedAt()
      .setExpirationTime("15m")
      .sign(over.secret ?? secret);

  test("everybody else", async () => {
    const admin = await register();
    for (const person of [admin, await colleague(admin, "member"), await colleague(admin, "viewer")]) {
      expectStatus(await orgs("", person.token), 403);
      expectStatus(await status(admin.orgId, "suspended", person.token), 403);
      expectStatus(await remove(admin.orgId, undefined, person.token), 403);
    }
    expectStatus(await call("GET", "/api/v1/admin/orgs"), 401);
  });

  test.each<[string, Parameters<typeof forged>[0]]>([
    ["another key", { secret: new Uint8Array(32) }],
    ["an unknown key id", { kid: "other" }],
    ["another audience", { aud: "kalamna-api" }],
    ["another type", { typ: "at+jwt" }],
    ["a widget's type", { typ: "widget+jwt" }],
    ["nobody's id", { sub: crypto.randomUUID() }],
  ])("a token with %s", async (_, over) => {
    expectStatus(await orgs("", await forged(over)), 401);
  });

  test("a person's token that calls itself a superadmin's, and the other way round", async () => {
    const admin = await register();
    const person = await tokenFor({
      orgId: admin.orgId,
      userId: root.id,
      role: "admin",
      access: "internal",
      tokenVersion: 1,
    });
    expectStatus(await orgs("", person), 403);
    expectStatus(await search(person), 401);
    expectStatus(await orgs("", await forged({})), 200);
  });
});

describe("organizations", () => {
  let admin: Person;
  beforeAll(async () => {
    admin = await register("Tenant");
    await colleague(admin, "viewer");
    await ready(admin, "ledger.txt", "The ledger of the tenant is confidential.");
  });

  test("are listed with what they use, and nothing of what is in them", async () => {
    const org = await usageOf(admin.orgId);
    expect(org).toMatchObject({
      name: "Tenant",
      status: "active",
      usage: { users: 2, documents: 1, bytes: 41, chunks: 1 },
    });
    const { text } = await orgs("?limit=200");
    expect(text).not.toMatch(/ledger|@acme\.test|settings/);
  });

  test("are paged", async () => {
    const first = await orgs("?limit=1");
    const second = await orgs(`?limit=1&cursor=${encodeURIComponent(first.body.next_cursor)}`);
    expect(first.body.data).toHaveLength(1);
    expect(second.body.data).toHaveLength(1);
    expect(second.body.data[0].id).not.toBe(first.body.data[0].id);
    expectStatus(await orgs("?limit=0"), 400);
    expectStatus(await orgs("?cursor=x"), 400);
  });

  test("that are suspended are refused at the next request: people, keys, sign-in; and resume", async () => {
    const tenant = await register("Late payer");
    const key = await call("POST", "/api/v1/api-keys", {
      token: tenant.token,
      json: { name: "bot", scopes: ["search"] },
    });
    expectStatus(await search(key.body.key), 200);
    const suspended = await status(tenant.orgId, "suspended");
    expectStatus(suspended, 200);
    expect(suspended.body.org).toMatchObject({ id: tenant.orgId, status: "suspended" });
    for (const token of [tenant.token, key.body.key]) {
      const refused = await search(token);
      expectStatus(refused, 401);
      expect(refused.body.detail).toContain("suspended");
    }
    const login = { json: { email: tenant.email, password: PASSWORD } };
    expectStatus(await call("POST", "/api/v1/auth/login", login), 403);
    expect((await orgs("?status=suspended&limit=200")).text).toContain(tenant.orgId);
    expectStatus(await status(tenant.orgId, "active"), 200);
    expectStatus(await search(tenant.token), 200);
    const { body } = await call("GET", "/api/v1/audit?limit=50", { token: tenant.token });
    const acts = body.data.filter((entry: any) => entry.action.startsWith("org."));
    expect(acts.map((entry: any) => entry.action).sort()).toEqual(["org.resumed", "org.suspended"]);
  });

  test("are deleted in two steps, also while suspended, by the superadmin who asked", async () => {
    const tenant = await register("Leaving");
    await ready(tenant, "ledger.txt", "A ledger that goes.");
    await status(tenant.orgId, "suspended");
    const asked = await remove(tenant.orgId);
    expectStatus(asked, 202);
    const other = await superadmin();
    expectStatus(await remove(tenant.orgId, { confirmation: asked.body.confirmation }, other.token), 400);
    expectStatus(await remove(admin.orgId, { confirmation: asked.body.confirmation }), 400);
    const done = await remove(tenant.orgId, { confirmation: asked.body.confirmation });
    expectStatus(done, 200);
    expect(done.body.deleted).toMatchObject({
      requested_by: { kind: "superadmin", id: root.id },
      rows: { documents: 1, users: 1 },
      files: 2,
    });
    expect(done.body.receipt.split(".")).toHaveLength(3);
    expect(await usageOf(tenant.orgId)).toBeUndefined();
    expectStatus(await remove(tenant.orgId), 404);
    expectStatus(await remove(tenant.orgId, { confirmation: asked.body.confirmation }), 404);
    expectStatus(await search(admin.token), 200);
  });

  test("that do not exist are not found", async () => {
    const id = crypto.randomUUID();
    expectStatus(await status(id, "suspended"), 404);
    expectStatus(await remove(id), 404);
    expectStatus(await status("x", "suspended"), 404);
    expectStatus(await status(admin.orgId, "deleted"), 400);
  });
});

describe("inside a superadmin batch", () => {
  const ctx = () => ({
    ...baseCtx(),
    actor: { kind: "superadmin", userId: root.id, tokenVersion: 1 } as const,
  });

  test.each([
    "name from kalamna.documents",
    "content from kalamna.chunks",
    "email from kalamna.users",
    "password_hash from kalamna.users",
    "email from kalamna.superadmins",
    "detail from kalamna.audit_log",
    "secret_hash from kalamna.api_keys",
    "token_hash from kalamna.invitations",
  ])("nobody reads %s", async (what) => {
    await expect(superadminBatch(ctx(), (db) => [db.execute(sql.raw(`select ${what}`))])).rejects.toThrow();
  });

  test("nobody makes superadmins, renames organizations or deletes without a confirmation", async () => {
    for (const statement of [
      sql`insert into kalamna.superadmins (email, password_hash) values ('x@y.test', '')`,
      sql`update kalamna.superadmins set token_version = 9`,
      sql`update kalamna.organizations set name = 'x'`,
      sql`delete from kalamna.organizations`,
    ]) {
      await expect(superadminBatch(ctx(), (db) => [db.execute(statement)])).rejects.toThrow();
    }
    const [{ rows }] = await superadminBatch(ctx(), (db) => [
      db.execute(sql`select kalamna.remove_any_organization(${crypto.randomUUID()}, '\\x00', 9) as gone`),
    ]);
    expect(rows).toEqual([{ gone: null }]);
  });

  test("a batch that does not enter sees no organization", async () => {
    const { db } = baseCtx().ports;
    const read = db.batch([
      db.execute(sql`select set_config('role', 'kalamna_platform', true)`),
      db.execute(sql`select * from kalamna.organizations`),
    ]);
    await expect(read).rejects.toThrow();
  });
});
