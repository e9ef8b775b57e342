import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import type { AuditAction } from "../../src/domain/audit/actions.ts";
import { audit, auditOf } from "../../src/domain/audit/record.ts";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { baseCtx, colleague, ctxFor } from "../support/people.ts";

const get = (person: Person, path = "", query = "") =>
  call("GET", `/api/v1/audit${path}${query}`, { token: person.token });
const record = (person: Person, action: AuditAction, n = 0) =>
  tenantBatch(ctxFor(person), (db) => [
    audit(db, {
      ...auditOf(ctxFor(person)),
      action,
      target: { type: "document", id: String(n) },
      detail: { n },
      result: "ok",
    }),
  ]);
/** What only whoever owns the whole database can do. */
const tamper = (statement: ReturnType<typeof sql>) => {
  const { db } = baseCtx().ports;
  return db.batch([db.execute(sql`set local session_replication_role = replica`), db.execute(statement)]);
};

describe("the audit log", () => {
  let person: Person;
  let document: string;
  beforeAll(async () => {
    person = await register();
    document = await ready(person, "kept.txt", "Kept for the record.");
    const gone = await ready(person, "gone.txt", "Not for long.");
    await call("POST", `/api/v1/documents/${document}/reindex`, { token: person.token });
    await call("DELETE", `/api/v1/documents/${gone}`, { token: person.token });
    await call("DELETE", `/api/v1/documents/${gone}`, { token: person.token });
  }, 60_000);

  test("says who did what to what, from where, newest first", async () => {
    const answer = await get(person);
    expectStatus(answer, 200);
    const about = answer.body.data.filter(({ action }: { action: string }) => action.startsWith("document."));
    expect(about.map(({ action }: { action: string }) => action)).toEqual([
      "document.deleted",
      "document.reindexed",
      "document.uploaded",
      "document.uploaded",
    ]);
    expect(about.at(-1)).toMatchObject({
      actor: { kind: "user", id: person.userId },
      target: { type: "document", id: document },
      detail: { name: "kept.txt", access_level: "internal" },
      result: "ok",
      from: { address: expect.any(String) },
      request_id: expect.any(String),
    });
    expect(answer.text).not.toContain("Kept for the record");
  });

  test("is filtered by action, target, actor, result and time", async () => {
    const count = async (query: string) => (await get(person, "", query)).body.data.length;
    expect(await count("?action=document.deleted")).toBe(1);
    expect(await count(`?target_id=${document}`)).toBe(2);
    expect(await count(`?actor_id=${person.userId}&action=document.uploaded`)).toBe(2);
    expect(await count(`?actor_id=${crypto.randomUUID()}`)).toBe(0);
    expect(await count("?result=denied")).toBe(0);
    expect(await count("?to=2020-01-01T00:00:00Z")).toBe(0);
    expect(await count("?from=2020-01-01T00:00:00Z&action=document.deleted")).toBe(1);
    for (const query of ["?result=maybe", "?from=yesterday", "?actor_id=1", "?limit=0"])
      expectStatus(await get(person, "", query), 400);
  });

  test("says which kinds of act it tells of, each once, of this organization alone", async () => {
    const { data } = (await get(person, "/actions")).body;
    expect(data).toEqual([...new Set(data)].sort());
    expect(data).toEqual(
      expect.arrayContaining(["document.deleted", "document.reindexed", "document.uploaded"]),
    );
    const stranger = await register();
    expect((await get(stranger, "/actions")).body.data).not.toContain("document.uploaded");
  });

  test("comes in pages without gaps, and whole as NDJSON", async () => {
    const seqs: number[] = [];
    let cursor = "";
    do {
      const { body } = await get(person, "", `?limit=2${cursor && `&cursor=${cursor}`}`);
      seqs.push(...body.data.map(({ seq }: { seq: number }) => seq));
      cursor = body.next_cursor ?? "";
    } while (cursor);
    expect(seqs).toEqual(seqs.map((_, at) => seqs.length - at));
    const file = await get(person, "/export");
    expect(file.headers.get("content-type")).toContain("ndjson");
    const lines = file.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ seq }) => seq)).toEqual(seqs);
    expect(lines).toEqual((await get(person, "", "?limit=200")).body.data);
    expect((await get(person, "/export", "?action=never.happened")).text).toBe("");
  });

  test("is exported whole however long it is", async () => {
    const busy = await register();
    await tenantBatch(ctxFor(busy), (db) =>
      Array.from({ length: 510 }, (_, n) =>
        audit(db, {
          ...auditOf(ctxFor(busy)),
          action: "group.renamed",
          target: { type: "document", id: String(n) },
          result: "ok",
        }),
      ),
    );
    const lines = (await get(busy, "/export", "?action=group.renamed")).text.trim().split("\n");
    expect(lines.map((line) => Number(JSON.parse(line).target.id))).toEqual(
      Array.from({ length: 510 }, (_, n) => 509 - n),
    );
  });

  test("is for admins, and another organization's is never in it", async () => {
    for (const role of ["member", "viewer"] as const) {
      const other = await colleague(person, role);
      for (const path of ["", "/export", "/verify"]) expectStatus(await get(other, path), 403);
    }
    const stranger = await register();
    expect((await get(stranger)).text).not.toContain(document);
    expect((await get(stranger, "", `?target_id=${document}`)).body.data).toEqual([]);
  });
});

describe("the chain", () => {
  test("holds when fifty acts happen at once", async () => {
    const person = await register();
    const before = (await get(person, "/verify")).body.entries as number;
    await Promise.all(Array.from({ length: 50 }, (_, n) => record(person, "group.renamed", n)));
    expect((await get(person, "/verify")).body).toMatchObject({
      ok: true,
      entries: before + 50,
      broken_at: null,
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("does not record an act that was undone", async () => {
    const person = await register();
    const before = (await get(person, "/verify")).body;
    await tenantBatch(ctxFor(person), (db) => [
      audit(db, { ...auditOf(ctxFor(person)), action: "group.renamed", result: "ok" }),
      db.execute(sql`select 1 / 0`),
    ]).catch(() => undefined);
    expect((await get(person, "/verify")).body).toEqual(before);
  });

  test.each<[string, (org: string) => ReturnType<typeof sql>, number]>([
    [
      "a changed entry",
      (org) =>
        sql`update kalamna.audit_log set detail = '{"n": 99}' where org_id = ${org} and target_id = '1'`,
      1,
    ],
    [
      "an entry taken out of the middle",
      (org) => sql`delete from kalamna.audit_log where org_id = ${org} and target_id = '1'`,
      2,
    ],
    [
      "two entries exchanged",
      (org) =>
        sql`update kalamna.audit_log a set detail = b.detail, target_id = b.target_id from kalamna.audit_log b where a.org_id = ${org} and b.org_id = ${org} and a.target_id in ('1', '2') and b.target_id in ('1', '2') and a.target_id <> b.target_id`,
      1,
    ],
    [
      "an end that was cut off",
      (org) => sql`delete from kalamna.audit_log where org_id = ${org} and target_id in ('2', '3')`,
      2,
    ],
    ["a log that was emptied", (org) => sql`delete from kalamna.audit_log where org_id = ${org}`, -1],
  ])("shows %s, where it begins", async (_, change, offset) => {
    const person = await register();
    for (let n = 0; n < 4; n++) await record(person, "group.renamed", n);
    const first = (await get(person, "", "?target_id=0")).body.data[0].seq as number;
    await tamper(change(person.orgId));
    const { body } = await get(person, "/verify");
    expect(body.ok).toBe(false);
    expect(body.broken_at).toBe(offset < 0 ? 1 : first + offset);
  });

  test("cannot be written, changed or emptied by the application's own role", async () => {
    const person = await register();
    await record(person, "group.renamed");
    for (const statement of [
      sql`update kalamna.audit_log set action = 'thing.undone'`,
      sql`delete from kalamna.audit_log`,
      sql`truncate kalamna.audit_log`,
      sql`update kalamna.audit_heads set entries = 0`,
      sql`insert into kalamna.audit_log select * from kalamna.audit_log`,
    ]) {
      await expect(tenantBatch(ctxFor(person), (db) => [db.execute(statement)])).rejects.toThrow();
    }
    const { db } = baseCtx().ports;
    await expect(
      db.execute(sql`delete from kalamna.audit_log where org_id = ${person.orgId}`),
    ).rejects.toMatchObject({ cause: { message: "the audit log is append-only" } });
    await expect(
      db.execute(sql`update kalamna.audit_log set result = 'denied' where org_id = ${person.orgId}`),
    ).rejects.toMatchObject({ cause: { message: "the audit log is append-only" } });
    expect((await get(person, "/verify")).body.ok).toBe(true);
  });

  test("takes no entry for another organization", async () => {
    const [person, victim] = await Promise.all([register(), register()]);
    const forged = tenantBatch(ctxFor(person), (db) => [
      audit(db, { ...auditOf(ctxFor(person)), orgId: victim.orgId, action: "group.deleted", result: "ok" }),
    ]);
    await expect(forged).rejects.toThrow("another organization");
  });
});
