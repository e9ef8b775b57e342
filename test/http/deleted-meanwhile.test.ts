/** What lines and pages come to when the batch or source they belong to is deleted while they come. */
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { expectStatus, type Person, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { jsonl } from "../support/batches.ts";
import { ctxFor } from "../support/people.ts";
import { before, type Rig, rig } from "../support/rigged.ts";
import { html, newSite } from "../support/sites.ts";
import { storedKeys } from "../support/stored.ts";

let person: Person;
let world: Rig;
let lines: MockInstance[];
beforeEach(async () => {
  person = await register();
  world = rig();
  lines = (["log", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
});
afterEach(() => vi.restoreAllMocks());

const ask = (method: string, path: string, json?: unknown) =>
  world.call(method, `/api/v1/${path}`, { token: person.token, ...(json ? { json } : {}) });

/** Nothing failed for a reason that we cannot name, and nothing is left, in the database and in storage. */
async function expectNothingLeft() {
  const logged = lines
    .flatMap((level) => level.mock.calls.flat())
    .filter((line) => /"internal"/.test(`${line}`));
  expect(logged).toEqual([]);
  const [{ rows }] = await tenantBatch(ctxFor(person), (db) => [
    db.execute(sql`
      select (select count(*)::int from kalamna.batches) as batches,
             (select count(*)::int from kalamna.batch_items) as lines,
             (select count(*)::int from kalamna.sources) as sources,
             (select count(*)::int from kalamna.documents) as documents`),
  ]);
  expect(rows).toEqual([{ batches: 0, lines: 0, sources: 0, documents: 0 }]);
  expect(await storedKeys(person.orgId)).toEqual([]);
}

const deleteBatch = async () => {
  const [batch] = (await ask("GET", "batches")).body.data;
  if (batch) expectStatus(await ask("DELETE", `batches/${batch.id}`), 200);
};

// Three lines and their batch take so many groups of statements, and one more.
describe.each([2, 3, 4, 5, 6, 7, 8])("a batch deleted before the %ith group of statements", (nth) => {
  test("of its lines leaves nothing, and its sender hears that it is gone", async () => {
    const { db, batches } = before(world.runtime.ports.db, nth, deleteBatch);
    const app = appWith(() => ({ ...world.runtime, ports: { ...world.runtime.ports, db } }));
    const answer = await app.call("POST", "/api/v1/documents/bulk", {
      token: person.token,
      headers: { "content-type": "application/x-ndjson" },
      body: jsonl(
        { name: "a.txt", content: "The first." },
        { name: "b.txt", content: "The second." },
        { url: "https://pages.test/third" },
      ),
    });
    await app.settled();
    if (nth <= 7) expect(batches()).toBeGreaterThanOrEqual(nth);
    if (batches() >= nth) expect([answer.status, answer.body.code]).toEqual([404, "not_found"]);
    await deleteBatch();
    await expectNothingLeft();
  });
});

// A step of a run that visits one page takes fewer.
describe.each([2, 3, 4, 5, 6, 7, 8, 9, 10])(
  "before the %ith group of statements of a page's visit",
  (nth) => {
    const visited = async (remove: () => Promise<void>) => {
      const { db } = before(world.runtime.ports.db, nth, remove);
      expect(await world.deliver(world.sent.shift(), { with: { db } })).toEqual({
        acked: true,
        retried: false,
      });
      await remove();
      await world.drain();
      await expectNothingLeft();
    };

    test("deleting its source leaves nothing, and nothing is tried again", async () => {
      const site = await newSite({ "/pier": { body: html("Pier", "The pier is made of oak. ".repeat(20)) } });
      expectStatus(await ask("POST", "documents", { url: `${site.origin}/pier` }), 202);
      await visited(async () => {
        const [source] = (await ask("GET", "sources")).body.data;
        if (source) expectStatus(await ask("DELETE", `sources/${source.id}?documents=delete`), 200);
      });
    });

    test("deleting the batch that named it leaves nothing, and nothing is tried again", async () => {
      const site = await newSite({ "/pier": { body: html("Pier", "The pier is made of oak. ".repeat(20)) } });
      const sent = await world.call("POST", "/api/v1/documents/bulk", {
        token: person.token,
        headers: { "content-type": "application/x-ndjson" },
        body: jsonl({ url: `${site.origin}/pier` }),
      });
      expectStatus(sent, 202);
      await visited(deleteBatch);
    });
  },
);
