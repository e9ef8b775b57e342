/** What nothing needs leaves storage; what somebody needs, or is about to need, stays. */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { sweepFiles } from "../../../src/domain/files/sweep.ts";
import { AppError } from "../../../src/errors.ts";
import { originalKey, textKey } from "../../../src/infra/files/port.ts";
import { call, expectStatus, type Person, ready, register } from "../../support/api.ts";
import { appWith } from "../../support/app.ts";
import { baseCtx, colleague } from "../../support/people.ts";
import { before, rig } from "../../support/rigged.ts";
import { referencedKeys, storedKeys } from "../../support/stored.ts";

const bucket = (env as unknown as { FILES: R2Bucket }).FILES;
const HOUR = 60 * 60_000;

let person: Person;
beforeEach(async () => {
  person = await register();
});

/** Sweeps until a lap is over, as if it were `ms` later; before that nothing this young is touched. */
async function lap(ms: number) {
  const { db } = baseCtx().ports;
  await db.execute(sql`update kalamna.file_sweep set after = null, run_after = '-infinity'`);
  const ctx = { ...baseCtx(), now: () => new Date(Date.now() + ms) };
  const swept = { files_removed: 0, orphans_removed: 0, files_checked: 0 };
  for (;;) {
    const round = await sweepFiles(ctx);
    for (const name of ["files_removed", "orphans_removed", "files_checked"] as const)
      swept[name] += round[name];
    const { rows } = await db.execute<{ over: boolean }>(
      sql`select after is null as over from kalamna.file_sweep`,
    );
    if (rows[0]?.over) return swept;
  }
}
const inOrder = async () =>
  expect(await storedKeys(person.orgId)).toEqual(await referencedKeys(person.orgId));

describe("the walk over storage", () => {
  const orphans = (orgId: string) => [
    originalKey(orgId, "a".repeat(64)),
    textKey(orgId, crypto.randomUUID(), 3),
    `org/${orgId}/upload/${crypto.randomUUID()}`,
  ];

  test("removes originals, texts and broken-off uploads that nothing refers to, and nothing else", async () => {
    await ready(person, "kept.txt", "A document that stays.");
    const kept = await storedKeys(person.orgId);
    for (const key of orphans(person.orgId)) await bucket.put(key, "nobody's");
    const unknown = [`org/${person.orgId}/elsewhere/x`, `org/${person.orgId}/text/no-id/1`];
    for (const key of unknown) await bucket.put(key, "somebody else's business");
    const swept = await lap(2 * HOUR);
    expect(swept.orphans_removed).toBeGreaterThanOrEqual(3);
    expect(await storedKeys(person.orgId)).toEqual([...kept, ...unknown].sort());
  });

  test("removes what is left of an organization that is no more", async () => {
    const gone = crypto.randomUUID();
    for (const key of orphans(gone)) await bucket.put(key, "nobody's");
    await lap(2 * HOUR);
    expect(await storedKeys(gone)).toEqual([]);
  });

  test("removes what a refused upload left when the database went away before it could clean up", async () => {
    const app = appWith(({ ports }) => {
      const { db } = before(ports.db, 2, () => Promise.reject(new TypeError("fetch failed")));
      return { ports: { ...ports, db } };
    });
    const json = { name: "a.txt", content: "For nobody.", groups: [crypto.randomUUID()] };
    const lines = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const refused = await app.call("POST", "/api/v1/documents", { token: person.token, json });
    const line = lines.mock.calls.map(([text]) => JSON.parse(text)).find(({ org }) => org === person.orgId);
    lines.mockRestore();
    expect([refused.status, refused.body.code]).toEqual([400, "invalid_request"]);
    expect(line).toMatchObject({ discard_failed: true });
    expect(await storedKeys(person.orgId)).toHaveLength(1);
    await lap(2 * HOUR);
    expect(await storedKeys(person.orgId)).toEqual([]);
  });

  test("leaves alone what is younger than an hour: its upload may be about to register it", async () => {
    const key = originalKey(person.orgId, "b".repeat(64));
    await bucket.put(key, "just stored");
    await lap(HOUR / 2);
    expect(await storedKeys(person.orgId)).toEqual([key]);
  });

  test("keeps the text of versions that answered, and of one that is being read", async () => {
    const worker = rig();
    const put = (content: string) =>
      worker.call("POST", "/api/v1/documents", {
        token: person.token,
        json: { name: "ferry.txt", content, external_id: "ferry" },
      });
    const { id } = (await put("The ferry leaves at dawn.")).body.document;
    await worker.drain();
    expectStatus(await put("The ferry leaves at noon."), 202);
    await bucket.put(textKey(person.orgId, id, 2), "on its way");
    const before = await storedKeys(person.orgId);
    await lap(2 * HOUR);
    expect(await storedKeys(person.orgId)).toEqual(before);
    await worker.drain();
    await inOrder();
  });

  test("does not begin again before an hour has passed", async () => {
    await lap(2 * HOUR);
    const ctx = { ...baseCtx(), now: () => new Date(Date.now() + 2.5 * HOUR) };
    expect((await sweepFiles(ctx)).files_checked).toBe(0);
  });
});

describe("within a minute goes", () => {
  test("the text of a version that failed after it was read", async () => {
    const worker = rig();
    const posted = await worker.call("POST", "/api/v1/documents", {
      token: person.token,
      json: { name: "a.txt", content: "Read and then lost." },
    });
    const embedders = {
      ...worker.runtime.ports.embedders,
      default: {
        ...worker.runtime.ports.embedders.default,
        embed: () => Promise.reject(new AppError("embedder_failed")),
      },
    };
    const [job] = worker.sent;
    await worker.deliver(job, {
      with: { embedders: { ...embedders, of: async () => embedders.default } as never },
    });
    await worker.deliver(job, { queue: "kalamna-dead-letters" });
    const { body } = await call("GET", `/api/v1/documents/${posted.body.document.id}`, {
      token: person.token,
    });
    expect(body.document.status).toBe("failed");
    await sweepFiles(baseCtx());
    await inOrder();
  });

  test("what a deletion could not remove because storage did not answer", async () => {
    const id = await ready(person, "stubborn.txt", "A file that does not want to go.");
    const app = appWith((real) => ({
      ports: {
        ...real.ports,
        files: { ...real.ports.files, remove: () => Promise.reject(new AppError("storage_unavailable")) },
      },
    }));
    const answer = await app.call("DELETE", `/api/v1/documents/${id}`, { token: person.token });
    expectStatus(answer, 200);
    expect(answer.body.deleted.files).toBeNull();
    expect(await storedKeys(person.orgId)).toHaveLength(2);
    await sweepFiles(baseCtx());
    expect(await storedKeys(person.orgId), "somebody may still be removing it").toHaveLength(2);
    await baseCtx().ports.db.execute(
      sql`update kalamna.file_removals set asked_at = now() - interval '6 minutes' where org_id = ${person.orgId}`,
    );
    await sweepFiles(baseCtx());
    expect(await storedKeys(person.orgId)).toEqual([]);
  });

  test("the original and the text of versions beyond those that are kept", async () => {
    const worker = rig();
    for (let n = 0; n < 14; n++) {
      await worker.call("POST", "/api/v1/documents", {
        token: person.token,
        json: { name: "diary.txt", content: `The diary of day ${n}.`, external_id: "diary" },
      });
      await worker.drain();
    }
    await sweepFiles(baseCtx());
    await inOrder();
    expect((await storedKeys(person.orgId)).length).toBe(2 * 11);
  });
});

test("nobody in an organization can claim a file that a document needs, seen or unseen", async () => {
  const { tenantBatch } = await import("../../../src/infra/db/tenant.ts");
  const { ctxFor } = await import("../../support/people.ts");
  await ready(person, "inner.txt", "Needed by an internal document.", { access_level: "internal" });
  const guest = await colleague(person, "member", "external");
  const [key] = (await referencedKeys(person.orgId)).filter((each) => each.includes("/sha256/"));
  const path = key!.slice(`org/${person.orgId}/`.length);
  const [{ rows }] = await tenantBatch(ctxFor(guest, "member", "external"), (db) => [
    db.execute(sql`select * from kalamna.claim_files(array[${path}])`),
  ]);
  expect(rows).toEqual([]);
  for (const statement of [
    sql`select * from kalamna.file_removals`,
    sql`select kalamna.claim_file(${person.orgId}, ${path})`,
    sql`select * from kalamna.claim_orphans(array[${key}])`,
    sql`select kalamna.file_in_use(${person.orgId}, ${path})`,
  ]) {
    const attempt = tenantBatch(ctxFor(guest, "member", "external"), (db) => [db.execute(statement)]);
    await expect(attempt).rejects.toThrow(/permission denied/);
  }
});
