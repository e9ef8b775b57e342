/** What a person does to a document between any two statements of its consumer, and what is left of it afterwards. */
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { textKey } from "../../src/infra/files/port.ts";
import { type Answer, expectStatus, type Person, register } from "../support/api.ts";
import { ctxFor } from "../support/people.ts";
import { before, type Rig, rig } from "../support/rigged.ts";

let person: Person;
let worker: Rig;
beforeAll(async () => {
  person = await register();
});

const ask = (method: string, path: string, json?: unknown) =>
  worker.call(method, `/api/v1/documents${path}`, { token: person.token, ...(json ? { json } : {}) });

/** Makes each document's passages its own, so that they are embedded and not known already. */
let run = 0;
/** Several chunks, so that half of them could be somebody's. */
const text = (word: string) =>
  Array.from(
    { length: 4 },
    (_, n) => `# ${word} ${n}\n\n${`${word} says number ${n} in run ${run}. `.repeat(20)}`,
  ).join("\n\n");

/** What there is of a document: rows per table, the words of its passages. */
async function remains(id: string) {
  const [{ rows: counts }, { rows: words }] = await tenantBatch(ctxFor(person), (db) => [
    db.execute<{ drafts: number; chunks: number; vectors: number; terms: number; versions: number }>(sql`
      select (select count(*)::int from kalamna.chunk_drafts where document_id = ${id}) as drafts,
             (select count(*)::int from kalamna.chunks where document_id = ${id}) as chunks,
             (select count(*)::int from kalamna.chunk_vec where document_id = ${id}) as vectors,
             (select count(*)::int from kalamna.chunk_lex where document_id = ${id}) as terms,
             (select count(*)::int from kalamna.document_versions where document_id = ${id}) as versions`),
    db.execute<{ word: string }>(
      sql`select distinct split_part(content, ' ', 2) as word from kalamna.chunks where document_id = ${id}`,
    ),
  ]);
  return { ...counts[0]!, words: words.map(({ word }) => word) };
}

/** A ready document whose second version is being read while `act` happens before the `nth` batch. */
async function during(nth: number, act: (id: string) => Promise<Answer>) {
  worker = rig();
  run += 1;
  const first = await ask("POST", "", {
    name: "a.md",
    content: text("Old"),
    external_id: crypto.randomUUID(),
  });
  expectStatus(first, 202);
  const { id } = first.body.document as { id: string };
  await worker.drain();
  expectStatus(await ask("PUT", `/${id}/content`, { content: text("New") }), 202);
  const job = worker.sent.shift();
  let done: Answer | undefined;
  const { db, batches } = before(worker.runtime.ports.db, nth, async () => {
    done = await act(id);
  });
  await worker.deliver(job, { with: { db } });
  // Later than everything: the message once more, and whatever the act has sent.
  await worker.deliver(job);
  await worker.drain();
  await worker.deliver(job);
  return { id, done, reached: batches() >= nth, document: (await ask("GET", `/${id}`)).body.document };
}

/** Every chunk once, in every table, and nothing half done. */
async function expectWhole(id: string, word: string) {
  expect(await remains(id)).toMatchObject({ drafts: 0, chunks: 4, vectors: 4, terms: 4, words: [word] });
  const content = await ask("GET", `/${id}/content?format=text`);
  expectStatus(content, 200);
  expect(content.text).toBe(text(word));
}

// A consumer of a small document sends this many batches, and one more shows that there is no further.
describe.each([1, 2, 3, 4, 5])("before a consumer's statements, the %ith time,", (nth) => {
  test("another replacement wins", async () => {
    const { id, done, document, reached } = await during(nth, (id) =>
      ask("PUT", `/${id}/content`, { content: text("Newest") }),
    );
    if (nth <= 4) expect(reached).toBe(true);
    if (reached) expectStatus(done!, 202);
    expect(document).toMatchObject({ status: "ready" });
    expect(document.published_version).toBe(document.version);
    await expectWhole(id, reached ? "Newest" : "New");
  });

  test("cancelling leaves the old version, or comes too late", async () => {
    const { id, done, document } = await during(nth, (id) => ask("POST", `/${id}/cancel`));
    if (done?.status === 200) {
      expect(document).toMatchObject({
        status: "failed",
        failure: { code: "cancelled" },
        published_version: 1,
      });
      await expectWhole(id, "Old");
    } else {
      expect(document).toMatchObject({ status: "ready", published_version: 2 });
      await expectWhole(id, "New");
    }
  });

  test("deleting leaves nothing at all", async () => {
    const { id, done, reached } = await during(nth, (id) => ask("DELETE", `/${id}`));
    if (!reached) return;
    expectStatus(done!, 200);
    expect(await remains(id)).toMatchObject({ drafts: 0, chunks: 0, vectors: 0, terms: 0, versions: 0 });
    for (const version of [1, 2, 3])
      expect(await worker.runtime.ports.files.open(textKey(person.orgId, id, version))).toBeNull();
  });

  test("reading it again or rolling it back waits its turn, and renaming it loses nothing", async () => {
    for (const act of [
      (id: string) => ask("POST", `/${id}/reindex`),
      (id: string) => ask("POST", `/${id}/rollback`, { version: 1 }),
      (id: string) => ask("PATCH", `/${id}`, { name: "b.md" }),
    ]) {
      const { id, done, document } = await during(nth, act);
      expect([undefined, 200, 202, 409]).toContain(done?.status);
      expect(document).toMatchObject({ status: "ready" });
      expect(document.published_version).toBe(document.version);
      const rolledBack =
        done?.status === 202 && done.body.document.sha256 !== undefined && document.version === 3;
      const { words } = await remains(id);
      expect(words).toHaveLength(1);
      await expectWhole(id, words[0]!);
      if (!rolledBack) expect(words).toEqual(["New"]);
    }
  });
});
