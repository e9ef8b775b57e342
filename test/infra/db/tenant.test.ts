import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { accountBatch, systemBatch, tenantBatch } from "../../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, ready, register } from "../../support/api.ts";
import { baseCtx, colleague, ctxFor } from "../../support/people.ts";

let ours: Person;
let theirs: Person;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([register("Ours"), register("Theirs")]);
  await Promise.all([
    ready(ours, "ours.txt", "Our lighthouse keeper is called Marisol Fenn.", { access_level: "internal" }),
    ready(ours, "public.txt", "Our lighthouse opens at nine in the morning.", { access_level: "external" }),
    ready(theirs, "theirs.txt", "Their submarine captain is called Odalys Brandt."),
  ]);
}, 60_000);

const TABLES = [
  "organizations",
  "users",
  "documents",
  "chunks",
  "chunk_vec",
  "segments",
  "chunk_lex",
  "org_terms",
  "org_corpus",
];

describe("inside a tenant batch", () => {
  test.each(TABLES)(
    "a statement without any WHERE on %s returns only the organization's own rows",
    async (table) => {
      const column = table === "organizations" ? "id" : "org_id";
      const [{ rows }] = await tenantBatch(ctxFor(ours), (db) => [
        db.execute<{ org: string }>(sql.raw(`select ${column} as org from kalamna.${table}`)),
      ]);
      expect(rows.length).toBeGreaterThan(0);
      expect([...new Set(rows.map(({ org }) => org))]).toEqual([ours.orgId]);
    },
  );

  test("an update or a delete without any WHERE leaves the others alone", async () => {
    const [changed] = await tenantBatch(ctxFor(ours), (db) => [
      db.execute(sql`update kalamna.documents set metadata = '{"touched": true}'`),
    ]);
    expect(changed.rowCount).toBe(2);
    const [{ rows }] = await tenantBatch(ctxFor(theirs), (db) => [
      db.execute<{ metadata: unknown }>(sql`select metadata from kalamna.documents`),
    ]);
    expect(rows).toEqual([{ metadata: {} }]);
  });

  test("a row cannot be written into another organization", async () => {
    const insert = tenantBatch(ctxFor(ours), (db) => [
      db.execute(sql`insert into kalamna.documents (org_id, name, content_type, bytes, sha256, access_level)
                     values (${theirs.orgId}, 'x', 'text/plain', 1, ${"0".repeat(64)}, 'external')`),
    ]);
    await expect(insert).rejects.toThrow("row-level security");
    const move = tenantBatch(ctxFor(ours), (db) => [
      db.execute(sql`update kalamna.documents set org_id = ${theirs.orgId}`),
    ]);
    await expect(move).rejects.toThrow("permission denied");
  });

  test("a chunk cannot point to another organization's document", async () => {
    const [{ rows }] = await tenantBatch(ctxFor(theirs), (db) => [
      db.execute<{ id: string }>(sql`select id from kalamna.documents`),
    ]);
    const insert = tenantBatch(ctxFor(ours), (db) => [
      db.execute(sql`insert into kalamna.chunks (org_id, document_id, version, ordinal, start_offset, end_offset,
                                                 content, content_hash, tokens, access)
                     values (${ours.orgId}, ${rows[0]!.id}, 1, 99, 0, 1, 'x', 'x', 1, 0)`),
    ]);
    await expect(insert).rejects.toThrow();
  });

  test("an external reader's batch sees external documents and chunks only", async () => {
    const guest = await colleague(ours, "member", "external");
    for (const table of ["documents", "chunks", "chunk_vec", "segments", "chunk_lex"]) {
      const [{ rows }] = await tenantBatch(ctxFor(guest, "member", "external"), (db) => [
        db.execute<{ access: number }>(sql.raw(`select access from kalamna.${table}`)),
      ]);
      expect(rows.length, table).toBeGreaterThan(0);
      expect(
        rows.every(({ access }) => access === 0),
        table,
      ).toBe(true);
    }
  });

  test("nothing of it remains for the next batch on the same connection", async () => {
    await tenantBatch(ctxFor(ours), (db) => [db.execute(sql`select 1`)]);
    await expect(
      systemBatch(baseCtx(), (db) => [db.execute(sql`select kalamna.org_id()`)]),
    ).rejects.toThrow();
  });

  test("one failing statement undoes all of the batch", async () => {
    await expect(
      tenantBatch(ctxFor(ours), (db) => [
        db.execute(sql`update kalamna.documents set name = 'renamed'`),
        db.execute(sql`select 1 / 0`),
      ]),
    ).rejects.toThrow();
    const [{ rows }] = await tenantBatch(ctxFor(ours), (db) => [
      db.execute(sql`select 1 from kalamna.documents where name = 'renamed'`),
    ]);
    expect(rows).toEqual([]);
  });
});

describe("a batch that does not enter", () => {
  test.each(TABLES)("reads nothing of %s", async (table) => {
    const { db } = baseCtx().ports;
    const read = db.batch([
      db.execute(sql`select set_config('role', 'kalamna_app', true)`),
      db.execute(sql.raw(`select * from kalamna.${table}`)),
    ]);
    await expect(read).rejects.toThrow();
  });

  test("cannot enter afterwards as the application role", async () => {
    const { db } = baseCtx().ports;
    const enter = db.batch([
      db.execute(sql`select set_config('role', 'kalamna_app', true)`),
      db.execute(sql`select kalamna.enter_service(${ours.orgId}::uuid)`),
    ]);
    await expect(enter).rejects.toThrow();
  });
});

describe("the other doors are narrow", () => {
  test("an account batch cannot read documents or chunks", async () => {
    for (const table of ["documents", "chunks", "chunk_drafts"]) {
      await expect(
        accountBatch(baseCtx(), (db) => [db.execute(sql.raw(`select * from kalamna.${table}`))]),
      ).rejects.toThrow();
    }
  });

  test("a system batch cannot read names, text or people", async () => {
    for (const what of [
      "name from kalamna.documents",
      "content from kalamna.chunks",
      "email from kalamna.users",
    ]) {
      await expect(systemBatch(baseCtx(), (db) => [db.execute(sql.raw(`select ${what}`))])).rejects.toThrow();
    }
  });

  test("a system batch cannot change anything", async () => {
    await expect(
      systemBatch(baseCtx(), (db) => [db.execute(sql`update kalamna.documents set status = 'failed'`)]),
    ).rejects.toThrow();
  });
});

describe("at the next request a still valid token is refused when", () => {
  const deny = async (change: ReturnType<typeof sql>, person: Person, detail: string) => {
    expectStatus(await call("GET", "/api/v1/auth/me", { token: person.token }), 200);
    await accountBatch(baseCtx(), (db) => [db.execute(change)]);
    const answer = await call("GET", "/api/v1/auth/me", { token: person.token });
    expectStatus(answer, 401);
    expect(answer.body.code).toBe("session_revoked");
    expect(answer.body.detail).toBe(detail);
  };

  test("the person is deactivated", async () => {
    const person = await colleague(ours, "member");
    await deny(
      sql`update kalamna.users set status = 'deactivated' where id = ${person.userId}`,
      person,
      "This account is deactivated.",
    );
  });

  test("the person's role changed", async () => {
    const person = await colleague(ours, "member");
    await deny(
      sql`update kalamna.users set role = 'viewer' where id = ${person.userId}`,
      person,
      "Your password or your rights changed since you signed in; sign in again.",
    );
  });

  test("the person's tokens were outdated", async () => {
    const person = await colleague(ours, "member");
    await deny(
      sql`update kalamna.users set token_version = 2 where id = ${person.userId}`,
      person,
      "Your password or your rights changed since you signed in; sign in again.",
    );
  });

  test("the organization is suspended", async () => {
    const person = await register("Short-lived");
    await deny(
      sql`update kalamna.organizations set status = 'suspended' where id = ${person.orgId}`,
      person,
      "This organization is suspended.",
    );
  });
});

describe("a batch that Postgres undoes because others waited for it in a circle", () => {
  const undone = (times: number) =>
    sql.raw(`do $$ begin
      if nextval('public.tries') <= ${times} then
        raise exception 'deadlock detected' using errcode = '40P01';
      end if;
    end $$`);
  const rename = (person: Person, times: number) =>
    tenantBatch(ctxFor(person), (db) => [
      db.execute(sql`update kalamna.organizations set name = name || '!' returning name`),
      db.execute(undone(times)),
    ]);

  beforeEach(async () => {
    const { db } = baseCtx().ports;
    await db.execute(sql`drop sequence if exists public.tries`);
    await db.execute(sql`create sequence public.tries`);
    await db.execute(sql`grant usage on sequence public.tries to kalamna_app`);
    return () => db.execute(sql`drop sequence public.tries`);
  });

  test("goes again and has happened once", async () => {
    const [{ rows }] = await rename(await register("Loud"), 2);
    expect(rows).toEqual([{ name: "Loud!" }]);
  });

  test("that never gets through has not happened, and whoever asked may try again", async () => {
    const person = await register("Loud");
    await expect(rename(person, 99)).rejects.toMatchObject({
      code: "database_unavailable",
      status: 503,
      retryAfter: 5,
      retryable: true,
      message: "Others are changing the same at this moment; try again.",
    });
    const [{ rows }] = await tenantBatch(ctxFor(person), (db) => [
      db.execute(sql`select name from kalamna.organizations`),
    ]);
    expect(rows).toEqual([{ name: "Loud" }]);
  });
});
