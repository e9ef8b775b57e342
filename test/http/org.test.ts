import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { hashBearerSecret } from "../../src/domain/accounts/bearer-secret.ts";
import { confirmDeletion } from "../../src/domain/organizations/delete.ts";
import { sweepDeleted } from "../../src/domain/organizations/finish-deletion.ts";
import { clearNext, removeMine } from "../../src/domain/organizations/sql.ts";
import { AppError } from "../../src/errors.ts";
import { systemBatch, tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, PASSWORD, type Person, ready, register, runtime } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { baseCtx, colleague, ctxFor } from "../support/people.ts";
import { superadmin } from "../support/platform.ts";

const patch = (by: Person, json: Record<string, unknown>) =>
  call("PATCH", "/api/v1/org", { token: by.token, json });
const get = (by: Person) => call("GET", "/api/v1/org", { token: by.token });
const remove = (by: Person, json?: Record<string, unknown>) =>
  call("DELETE", "/api/v1/org", { token: by.token, ...(json ? { json } : {}) });

const bucket = (env as unknown as { FILES: R2Bucket }).FILES;
const stored = async (orgId: string) =>
  (await bucket.list({ prefix: `org/${orgId}/` })).objects.map(({ key }) => key);

/** Tables with rows of an organization, read past every policy. */
async function traces(orgId: string): Promise<string[]> {
  const { db } = baseCtx().ports;
  const { rows: tables } = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'kalamna'::regnamespace and c.relkind = 'r' and a.attname = 'org_id' order by 1`);
  expect(tables.length).toBeGreaterThan(15);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await db.execute(
      sql.raw(`select from kalamna.${name} where org_id = '${orgId}' limit 1`),
    );
    if (rows.length > 0) found.push(name);
  }
  const { rows } = await db.execute(sql`select from kalamna.organizations where id = ${orgId}`);
  return rows.length > 0 ? [...found, "organizations"] : found;
}

describe("the organization", () => {
  let admin: Person;
  beforeAll(async () => {
    admin = await register("Acme");
  });

  test("is shown to everybody in it, its settings to admins", async () => {
    const viewer = await colleague(admin, "viewer");
    const mine = await get(admin);
    expectStatus(mine, 200);
    expect(mine.body.org).toMatchObject({
      id: admin.orgId,
      name: "Acme",
      settings: { internal_domains: [], allowed_origins: [], over_budget: "refuse" },
    });
    const theirs = await get(viewer);
    expect(theirs.body.org).toEqual({ id: admin.orgId, name: "Acme", created_at: mine.body.org.created_at });
    // Of the installation, for whoever uploads
    expect(theirs.body.limits).toEqual({ file_bytes: runtime().settings.maxFileBytes });
  });

  test("takes a new name and the settings that are named; the others stay", async () => {
    const settings = { allowed_origins: ["https://www.acme.test", "http://localhost:3000"] };
    expectStatus(await patch(admin, { name: "Acme Ltd", settings }), 200);
    const { body } = await patch(admin, { settings: { over_budget: "extractive" } });
    expect(body.org).toMatchObject({
      name: "Acme Ltd",
      settings: { ...settings, internal_domains: [], over_budget: "extractive" },
    });
  });

  test.each([
    ["nothing", {}, ""],
    ["an empty name", { name: " " }, "name"],
    ["a name in two lines", { name: "a\nb" }, "name"],
    ["an unknown setting", { settings: { colour: "red" } }, "settings"],
    [
      "an origin with a path",
      { settings: { allowed_origins: ["https://a.test/x"] } },
      "settings.allowed_origins.0",
    ],
    ["any origin", { settings: { allowed_origins: ["*"] } }, "settings.allowed_origins.0"],
    ["an origin of another kind", { settings: { allowed_origins: ["null"] } }, "settings.allowed_origins.0"],
    ["a domain that is none", { settings: { internal_domains: ["acme"] } }, "settings.internal_domains.0"],
    [
      "an address for a domain",
      { settings: { internal_domains: ["a@b.test"] } },
      "settings.internal_domains.0",
    ],
    ["a status", { status: "active" }, ""],
  ])("does not take %s", async (_, json, path) => {
    const answer = await patch(admin, json);
    expectStatus(answer, 400);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  test("new internal domains count at once, admins and overrides aside", async () => {
    const boss = await register("Domains");
    const people = await Promise.all([
      colleague(boss, "member", "external"),
      colleague(boss, "member", "internal"),
      colleague(boss, "member", "external"),
    ]);
    const [verified, stranger, override] = people.map(({ userId }) => userId);
    const { db } = baseCtx().ports;
    await db.execute(sql`update kalamna.users set email_verified_at = now() where id = ${verified}`);
    await db.execute(sql`update kalamna.users set access_override = 'external', email_verified_at = now()
                          where id = ${override}`);
    const changed = await patch(boss, { settings: { internal_domains: ["ACME.test", "acme.test"] } });
    expectStatus(changed, 200);
    expect(changed.body).toMatchObject({
      access_changed: 2,
      org: { settings: { internal_domains: ["acme.test"] } },
    });
    const list = await call("GET", "/api/v1/employees", { token: boss.token });
    const access = Object.fromEntries(list.body.data.map((one: any) => [one.id, one.access]));
    expect(access).toEqual({
      [boss.userId]: "internal",
      [verified!]: "internal",
      [stranger!]: "external",
      [override!]: "external",
    });
    expectStatus(await call("GET", "/api/v1/auth/me", { token: people[0]!.token }), 401);
  });
});

describe("deleting the organization", () => {
  test("takes two steps, leaves nothing and gives a signed receipt", async () => {
    const admin = await register("Doomed");
    const member = await colleague(admin, "member");
    const { body: made } = await call("POST", "/api/v1/groups", {
      token: admin.token,
      json: { name: "All" },
    });
    await call("PUT", `/api/v1/groups/${made.group.id}/members/${admin.userId}`, { token: admin.token });
    await ready(admin, "one.txt", "The first of two documents.", { groups: [made.group.id] });
    await ready(member, "two.txt", "The second of two documents.");
    const key = await call("POST", "/api/v1/api-keys", {
      token: admin.token,
      json: { name: "bot", scopes: ["search"] },
    });
    expectStatus(key, 201);
    expectStatus(
      await call("POST", "/api/v1/employees", { token: admin.token, json: { email: "x@doomed.test" } }),
      201,
    );
    expect((await stored(admin.orgId)).length).toBe(4);

    const asked = await remove(admin);
    expectStatus(asked, 202);
    expect(asked.body.organization).toEqual({ id: admin.orgId, name: "Doomed" });
    expectStatus(await get(admin), 200);
    expect(await traces(admin.orgId)).toContain("documents");

    const done = await remove(admin, { confirmation: asked.body.confirmation });
    expectStatus(done, 200);
    expect(done.body.deleted).toMatchObject({
      organization: { id: admin.orgId, name: "Doomed" },
      requested_by: { kind: "user", id: admin.userId },
      rows: { documents: 2, users: 2, groups: 1, group_members: 1, api_keys: 1, invitations: 1, chunks: 2 },
      files: 4,
    });
    expect(await traces(admin.orgId)).toEqual([]);
    expect(await stored(admin.orgId)).toEqual([]);
    for (const token of [admin.token, member.token, key.body.key]) {
      expectStatus(await call("POST", "/api/v1/search", { token, json: { query: "documents" } }), 401);
    }

    const secret = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
    const { payload } = await jwtVerify(done.body.receipt, secret, {
      issuer: "kalamna",
      subject: admin.orgId,
    });
    expect(payload).toMatchObject(done.body.deleted);
    expect(decodeProtectedHeader(done.body.receipt).typ).toBe("deletion-receipt+jwt");
    expectStatus(await call("GET", "/api/v1/auth/me", { token: done.body.receipt }), 401);
  }, 60_000);

  test("a confirmation is for whoever asked, once, and for ten minutes", async () => {
    const admin = await register("Careful");
    const other = await colleague(admin, "admin");
    const stranger = await register("Stranger");
    const { confirmation } = (await remove(admin)).body;
    for (const [who, what] of [
      [other, confirmation],
      [stranger, confirmation],
      [admin, "kal_del_invented"],
    ] as const) {
      const answer = await remove(who, { confirmation: what });
      expectStatus(answer, 400);
      expect(answer.body.code).toBe("invalid_confirmation");
    }
    const replaced = (await remove(admin)).body.confirmation;
    expectStatus(await remove(admin, { confirmation }), 400);
    await tenantBatch(ctxFor(admin), (db) => [
      db.execute(sql`update kalamna.deletion_requests set expires_at = now() - interval '1 second'`),
    ]);
    expectStatus(await remove(admin, { confirmation: replaced }), 400);
    expectStatus(await get(admin), 200);
    expectStatus(await get(stranger), 200);
    const last = (await remove(admin)).body.confirmation;
    const answers = await Promise.all([
      remove(admin, { confirmation: last }),
      remove(admin, { confirmation: last }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  test.each([[{ confirmation: 7 }], [{ confirm: "yes" }], [{ confirmation: "" }]])(
    "a body like %j is refused and deletes nothing",
    async (json) => {
      const admin = await register("Sloppy");
      expectStatus(await remove(admin, json), 400);
      expectStatus(await get(admin), 200);
    },
  );

  test("the database lets nobody but an admin with a confirmation delete", async () => {
    const admin = await register("Guarded");
    const member = await colleague(admin, "member");
    for (const statement of [
      sql`select kalamna.remove_my_organization('\\x00', 9)`,
      sql`delete from kalamna.organizations`,
      sql`select kalamna.remove_organization(${admin.orgId}, ${admin.userId}, 'user', '\\x00', 9)`,
      sql`select kalamna.clear_next(${admin.orgId}, null)`,
    ]) {
      const attempt = tenantBatch(ctxFor(member, "member"), (db) => [db.execute(statement)]);
      await expect(attempt).rejects.toThrow();
    }
  });

  test("storage that does not answer delays the files, not the rest; the sweeper comes back for them", async () => {
    const admin = await register("Unlucky");
    await ready(admin, "one.txt", "A document whose file is stubborn.");
    const app = appWith((real) => ({
      ports: {
        ...real.ports,
        files: {
          ...real.ports.files,
          removeAll: () => Promise.reject(new AppError("storage_unavailable")),
        },
      },
    }));
    const asked = await app.call("DELETE", "/api/v1/org", { token: admin.token });
    const done = await app.call("DELETE", "/api/v1/org", {
      token: admin.token,
      json: { confirmation: asked.body.confirmation },
    });
    expectStatus(done, 200);
    expect(done.body.deleted.files).toBeNull();
    expect(await traces(admin.orgId)).toEqual([]);
    expect((await stored(admin.orgId)).length).toBe(2);
    await sweepDeleted(baseCtx());
    expect(await stored(admin.orgId)).toEqual([]);
  });

  test("that is large shuts it at once, removes it in pieces, and the confirmation opens the receipt", async () => {
    const admin = await register("Enormous");
    const member = await colleague(admin, "member");
    for (const n of [1, 2, 3]) await ready(admin, `${n}.txt`, `Chunk number ${n} of very many.`);
    const { confirmation } = (await remove(admin)).body;
    const base = { ...ctxFor(admin), waitUntil: () => undefined };
    const begun = await confirmDeletion(base, runtime().receipts, confirmation, 2);
    expect(begun).toMatchObject({
      status: "deleting",
      deleted: {
        organization: { name: "Enormous" },
        rows: { documents: 3, chunks: 3 },
        files: null,
        completed_at: null,
      },
    });
    for (const { token } of [admin, member]) {
      expectStatus(await call("POST", "/api/v1/search", { token, json: { query: "chunk" } }), 401);
    }
    const login = { json: { email: admin.email, password: PASSWORD } };
    expect([401, 403]).toContain((await call("POST", "/api/v1/auth/login", login)).status);
    const root = await superadmin();
    const resumed = { token: root.token, json: { status: "active" } };
    await call("PATCH", `/api/v1/admin/orgs/${admin.orgId}`, resumed);
    expectStatus(await get(admin), 401);

    await sweepDeleted(baseCtx());
    expect(await traces(admin.orgId)).toEqual([]);
    expect(await stored(admin.orgId)).toEqual([]);
    const answer = await call("GET", "/api/v1/org/deletion", { token: confirmation });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({
      status: "deleted",
      deleted: {
        organization: { id: admin.orgId },
        requested_by: { kind: "user", id: admin.userId },
        rows: { documents: 3, users: 2 },
        files: 6,
        completed_at: expect.any(String),
      },
    });
    const secret = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
    expect((await jwtVerify(answer.body.receipt, secret)).payload).toMatchObject(answer.body.deleted);
    for (const token of [undefined, "kal_del_invented", admin.token]) {
      expectStatus(await call("GET", "/api/v1/org/deletion", { token }), 404);
    }
  });

  test("goes on where it stopped, piece by piece", async () => {
    const admin = await register("Piecemeal");
    for (const n of [1, 2, 3]) await ready(admin, `${n}.txt`, `Piece number ${n} of some.`);
    const { confirmation } = (await remove(admin)).body;
    await tenantBatch(ctxFor(admin), (db) => [removeMine(db, hashBearerSecret(confirmation), 0)]);
    const piece = async () =>
      (await systemBatch(baseCtx(), (db) => [clearNext(db, admin.orgId, 2)]))[0].rows[0]?.done;
    expect(await piece()).toBe(false);
    expect(await traces(admin.orgId)).toContain("chunks");
    const asked = await call("GET", "/api/v1/org/deletion", { token: confirmation });
    expect(asked.body).toMatchObject({ status: "deleting", deleted: { files: null, completed_at: null } });
    expect(asked.body.receipt).toBeUndefined();
    let pieces = 1;
    while (!(await piece())) expect(++pieces).toBeLessThan(30);
    expect(await traces(admin.orgId)).toEqual([]);
    expect(await piece()).toBe(true);
    await sweepDeleted(baseCtx());
    expect(await stored(admin.orgId)).toEqual([]);
  });

  test("a file that an upload under way leaves behind is found as well", async () => {
    const admin = await register("Late");
    const { confirmation } = (await remove(admin)).body;
    expectStatus(await remove(admin, { confirmation }), 200);
    await bucket.put(`org/${admin.orgId}/sha256/late`, "late");
    await sweepDeleted(baseCtx());
    expect(await stored(admin.orgId)).toEqual([]);
  });
});

test("every table that carries an organization goes with it and can be counted for the receipt", async () => {
  const { rows } = await baseCtx().ports.db.execute<{ name: string; counted: boolean; leaves: boolean }>(sql`
    with recursive tenant as (
      select c.oid, c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'kalamna'::regnamespace and c.relkind = 'r' and a.attname = 'org_id'
    ), leaving as (
      select 'kalamna.organizations'::regclass::oid as oid
      union
      select k.conrelid from pg_constraint k join leaving l on k.confrelid = l.oid
       where k.contype = 'f' and k.confdeltype = 'c'
    )
    select t.relname as name, has_column_privilege('kalamna_remover', t.oid, 'org_id', 'select') as counted,
           exists (select from leaving l where l.oid = t.oid) as leaves
      from tenant t`);
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter(({ counted, leaves }) => !counted || !leaves)).toEqual([]);
});
