/** What the roles of the product could do if a route forgot its check: nothing that no verb needs. */
import { type SQL, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { newSecret } from "../../../src/domain/keys/key-text.ts";
import { tenantBatch } from "../../../src/infra/db/tenant.ts";
import { type Person, ready, register } from "../../support/api.ts";
import { SHOP, widgetVisitor } from "../../support/credentials.ts";
import { baseCtx, colleague, ctxFor } from "../../support/people.ts";

let admin: Person;
let member: Person;
let viewer: Person;
let theirs: Person;
let widgetKeyId: string;

beforeAll(async () => {
  [admin, theirs] = await Promise.all([register("Careful"), register("Elsewhere")]);
  member = await colleague(admin, "member");
  viewer = await colleague(admin, "viewer");
  await run(ctxFor(admin), sql`insert into kalamna.groups (org_id, name) values (${admin.orgId}, 'Divers')`);
  widgetKeyId = (await widgetVisitor(admin)).id;
  await ready(admin, "open.txt", "The tide table hangs beside the door.", { access_level: "external" });
});

const asWidget = () => ({
  ...baseCtx(),
  actor: {
    kind: "widget",
    orgId: admin.orgId,
    keyId: widgetKeyId,
    origin: SHOP,
    visitorId: crypto.randomUUID(),
  } as const,
});
const run = (ctx: Parameters<typeof tenantBatch>[0], statement: SQL) =>
  tenantBatch(ctx, (db) => [db.execute<Record<string, unknown>>(statement)]);
const REFUSED = /permission denied|row-level security|another organization/;

describe("a tenant batch, even an admin's,", () => {
  test.each([
    ["reads no password", sql`select password_hash from kalamna.users`],
    ["sets no password", sql`update kalamna.users set password_hash = 'x'`],
    ["moves no person", sql`update kalamna.users set email = 'x@y.test'`],
    ["gives no document to somebody else", sql`update kalamna.documents set created_by = null`],
    ["changes no history of a document", sql`update kalamna.document_versions set bytes = 0`],
    ["widens no key", sql`update kalamna.api_keys set scopes = array['chat'], access = 'internal'`],
    ["hands no key to another", sql`update kalamna.widget_keys set id = gen_random_uuid()`],
    ["moves no member to another group", sql`update kalamna.group_members set user_id = null`],
  ])("%s", async (_, statement) => {
    await expect(run(ctxFor(admin), statement)).rejects.toThrow(REFUSED);
  });

  test("is told its own organization's quota only", async () => {
    await expect(
      run(ctxFor(admin), sql`select * from kalamna.quota_of(${theirs.orgId}::uuid)`),
    ).rejects.toThrow(REFUSED);
    await run(ctxFor(admin), sql`select * from kalamna.quota_of(${admin.orgId}::uuid)`);
  });
});

test("a password is told to nobody but its owner's batch, and replaced by nobody else", async () => {
  const [{ rows }] = await run(ctxFor(member, "member"), sql`select kalamna.my_password_hash() as hash`);
  expect(rows).toEqual([{ hash: null }]);
  await expect(run(asWidget(), sql`select kalamna.my_password_hash() as hash`)).resolves.toMatchObject([
    { rows: [{ hash: null }] },
  ]);
});

describe("who only asks", () => {
  test.each([
    ["people", "users"],
    ["groups", "groups"],
    ["the audit log", "audit_log"],
    ["how long the audit log is", "audit_heads"],
  ])("sees nothing of %s as a widget's visitor", async (_, table) => {
    const [{ rows }] = await run(asWidget(), sql.raw(`select org_id from kalamna.${table}`));
    expect(rows).toEqual([]);
  });

  test.each(["audit_log", "audit_heads"])("sees nothing of %s as a member", async (table) => {
    const [{ rows }] = await run(ctxFor(member, "member"), sql.raw(`select org_id from kalamna.${table}`));
    expect(rows).toEqual([]);
  });

  test.each(["chunks", "chunk_vec", "segments", "chunk_lex", "org_terms", "org_corpus"])(
    "writes nothing into %s",
    async (table) => {
      for (const ctx of [asWidget(), ctxFor(viewer, "viewer")]) {
        const [{ rowCount }] = await run(ctx, sql.raw(`delete from kalamna.${table}`));
        expect(rowCount).toBe(0);
      }
      const [{ rows }] = await run(ctxFor(admin), sql.raw(`select 1 from kalamna.${table} limit 1`));
      expect(rows).toHaveLength(1);
    },
  );

  test("adds no document, not even as its owner", async () => {
    const insert = run(
      ctxFor(viewer, "viewer"),
      sql`insert into kalamna.documents (org_id, name, content_type, bytes, sha256, access_level, created_by)
          values (${admin.orgId}, 'x', 'text/plain', 1, ${"0".repeat(64)}, 'external', ${viewer.userId})`,
    );
    await expect(insert).rejects.toThrow(REFUSED);
  });
});

test("the platform's role sees no usage before a superadmin has entered", async () => {
  const { db } = baseCtx().ports;
  const seen = await db
    .batch([
      db.execute(sql`select set_config('role', 'kalamna_platform', true)`),
      db.execute(sql`select * from kalamna.org_storage`),
    ])
    .then(
      ([, { rows }]) => rows,
      () => [],
    );
  expect(seen).toEqual([]);
});

test("an invented key enters nowhere", async () => {
  const { id, secretHash } = newSecret();
  const actor = {
    kind: "key",
    orgId: admin.orgId,
    keyId: id,
    secretHash,
    scopes: [],
    access: "internal",
  } as const;
  await expect(run({ ...baseCtx(), actor }, sql`select 1`)).rejects.toThrow("revoked or expired");
});

type Definer = { name: string; owner: string; path: string | null; everybody: boolean };

test("functions with more rights than their callers belong to a role nobody enters, look nowhere else for names and are granted one by one", async () => {
  const { rows } = await baseCtx().ports.db.execute<Definer>(sql`
    select p.proname as name, pg_get_userbyid(p.proowner) as owner,
           (select c from unnest(p.proconfig) c where c like 'search_path=%') as path,
           p.proacl is null or exists (select from aclexplode(p.proacl) where grantee = 0) as everybody
      from pg_proc p where p.pronamespace = 'kalamna'::regnamespace and p.prosecdef`);
  expect(rows.length).toBeGreaterThan(30);
  const owners = ["kalamna_door", "kalamna_audit", "kalamna_remover"];
  // pg_temp is searched first unless it is named last: a caller could slip a type or table of their own in there.
  expect(
    rows.filter(
      ({ owner, path, everybody }) =>
        !owners.includes(owner) ||
        everybody ||
        !/^search_path=pg_catalog, (public, )?pg_temp$/.test(path ?? ""),
    ),
  ).toEqual([]);
});

describe("a deletion is noted", () => {
  const noted = (kind: string, id: string, role: string, access: string, groups = "{}") => sql`
    insert into kalamna.deletions (org_id, kind, document_ids, actor_kind, actor_id, role, access, groups)
    values (${admin.orgId}, 'documents', array[gen_random_uuid()], ${kind}, ${id}, ${role}, ${access}, ${groups}::uuid[])`;

  test("by a member with their own rights", async () => {
    await run(ctxFor(member, "member"), noted("user", member.userId, "member", "internal"));
  });

  test.each<[string, () => SQL]>([
    ["an admin's role", () => noted("user", member.userId, "admin", "internal")],
    [
      "groups that they are not in",
      () => noted("user", member.userId, "member", "internal", `{${admin.userId}}`),
    ],
    ["an admin's name", () => noted("user", admin.userId, "member", "internal")],
  ])("by a member never with %s", async (_, statement) => {
    await expect(run(ctxFor(member, "member"), statement())).rejects.toThrow(REFUSED);
  });
});

test("somebody who is a viewer by now removes no batch of theirs", async () => {
  await baseCtx().ports.db.execute(sql`
    insert into kalamna.batches (org_id, id, created_by, kind)
    values (${admin.orgId}, gen_random_uuid(), ${viewer.userId}, 'zip')`);
  const [{ rows }] = await run(
    ctxFor(viewer, "viewer"),
    sql`delete from kalamna.batches where created_by = ${viewer.userId} returning id`,
  );
  expect(rows).toEqual([]);
});
