/** Deleting many documents, and sources with theirs: at once or in the background, with a receipt. */
import { sql } from "drizzle-orm";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { startDeletion } from "../../src/domain/deletions/start.ts";
import { sweepDeletions } from "../../src/domain/deletions/sweep.ts";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, ready, register, runtime } from "../support/api.ts";
import { apiKey } from "../support/credentials.ts";
import { baseCtx, colleague, ctxFor } from "../support/people.ts";
import { gate, queueAway, type Rig, rig } from "../support/rigged.ts";
import { referencedKeys, storedKeys } from "../support/stored.ts";

let admin: Person;
beforeEach(async () => {
  admin = await register();
});

const SECRET = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
const payloadOf = async (receipt: string) =>
  (await jwtVerify(receipt, SECRET, { issuer: "kalamna" })).payload;
const remove = (token: string, id: string) => call("DELETE", `/api/v1/documents/${id}`, { token });
const removeMany = (token: string, ids: string[]) =>
  call("POST", "/api/v1/documents/delete", { token, json: { ids } });
const search = async (token: string, query: string) =>
  (await call("POST", "/api/v1/search", { token, json: { query } })).body.results;
const count = async (person: Person, table: string): Promise<number> => {
  const [{ rows }] = await tenantBatch(ctxFor(person), (db) => [
    db.execute<{ n: number }>(sql.raw(`select count(*)::int as n from kalamna.${table}`)),
  ]);
  return rows[0]!.n;
};
/** Statistics equal those of the chunks that are left. */
async function statisticsAreRight(orgId: string) {
  const { db } = baseCtx().ports;
  const { rows } = await db.execute<{ wrong: number }>(sql`
    with counted as (
      select u.term, l.access, l.groups, count(*)::int df from kalamna.chunk_lex l, unnest(l.terms) u(term)
       where l.org_id = ${orgId} group by 1, 2, 3)
    select count(*)::int as wrong from (select * from kalamna.org_terms where org_id = ${orgId}) t
      full join counted c on c.term = t.term and c.access = t.access and c.groups is not distinct from t.groups
     where c.df is distinct from t.df`);
  expect(rows[0]?.wrong).toBe(0);
  const corpus = await db.execute<{ chunks: number; counted: number }>(sql`
    select (select coalesce(sum(chunks), 0)::int from kalamna.org_corpus where org_id = ${orgId}) as chunks,
           (select count(*)::int from kalamna.chunk_lex where org_id = ${orgId}) as counted`);
  expect(corpus.rows[0]?.chunks).toBe(corpus.rows[0]?.counted);
}

describe("a deleted document", () => {
  test("is found by nobody at once: search, answers, chunks, content, versions, citations", async () => {
    const id = await ready(admin, "gone.txt", "The vanishing cabinet stands upstairs.");
    await ready(admin, "kept.txt", "The vanishing lamp stands downstairs.");
    expectStatus(await remove(admin.token, id), 200);
    expect((await search(admin.token, "vanishing cabinet")).map((hit: any) => hit.document_name)).toEqual([
      "kept.txt",
    ]);
    for (const path of ["", "/content", "/content?format=text", "/chunks", "/versions"]) {
      expectStatus(await call("GET", `/api/v1/documents/${id}${path}`, { token: admin.token }), 404);
    }
    const { body } = await call("POST", "/api/v1/query/sync", {
      token: admin.token,
      json: { query: "Where does the vanishing cabinet stand?" },
    });
    expect(JSON.stringify(body)).not.toMatch(/upstairs|gone\.txt/);
    await statisticsAreRight(admin.orgId);
    expect(await storedKeys(admin.orgId)).toEqual(await referencedKeys(admin.orgId));
  });

  test("leaves a receipt that we signed, for a person and for a key", async () => {
    const { key, id: keyId } = await apiKey(admin, ["documents:read", "documents:write"]);
    const byKey = await call("POST", "/api/v1/documents", {
      token: key,
      json: { name: "keys.txt", content: "A key's own." },
    });
    const ofKey = await remove(key, byKey.body.document.id);
    expectStatus(ofKey, 200);
    expect(await payloadOf(ofKey.body.receipt)).toMatchObject({ requested_by: { kind: "key", id: keyId } });
    const id = await ready(admin, "gone.txt", "Signed away.");
    const { body } = await remove(admin.token, id);
    const { deleted_at, ...document } = body.deleted;
    expect(await payloadOf(body.receipt)).toMatchObject({
      sub: admin.orgId,
      organization: { id: admin.orgId },
      requested_by: { kind: "user", id: admin.userId },
      document,
      deleted_at,
    });
    expect(decodeProtectedHeader(body.receipt).typ).toBe("deletion-receipt+jwt");
  });

  test("takes all its versions and their files along", async () => {
    const worker = rig();
    let id = "";
    for (const content of ["The first edition.", "The second edition.", "The third edition."]) {
      const answer = await worker.call("POST", "/api/v1/documents", {
        token: admin.token,
        json: { name: "book.txt", content, external_id: "book" },
      });
      id = answer.body.document.id;
      await worker.drain();
    }
    expect(await storedKeys(admin.orgId)).toHaveLength(6);
    const answer = await remove(admin.token, id);
    expect(answer.body.deleted).toMatchObject({
      versions: 3,
      chunks: 1,
      drafts: 0,
      files: 3,
      bytes: 18 + 19 + 18,
    });
    expect(await storedKeys(admin.orgId)).toEqual([]);
    expect(await count(admin, "document_versions")).toBe(0);
  });
});

describe("deleted while another version of it is being", () => {
  let worker: Rig;
  let id: string;
  beforeEach(async () => {
    worker = rig();
    const put = (content: string) =>
      worker.call("POST", "/api/v1/documents", {
        token: admin.token,
        json: { name: "ferry.txt", content, external_id: "ferry" },
      });
    id = (await put("The ferry leaves at dawn.")).body.document.id;
    await worker.drain();
    await put("The ferry leaves at noon.");
  });
  const nothingLeft = async () => {
    for (const table of [
      "documents",
      "document_versions",
      "chunks",
      "chunk_vec",
      "chunk_lex",
      "chunk_drafts",
      "segments",
    ]) {
      expect(await count(admin, table), table).toBe(0);
    }
    await statisticsAreRight(admin.orgId);
    expect(await storedKeys(admin.orgId)).toEqual([]);
    expect(await search(admin.token, "ferry")).toEqual([]);
  };

  test("read, it stays deleted", async () => {
    const job = worker.sent.shift();
    const { files } = worker.runtime.ports;
    await worker.deliver(job, {
      with: {
        files: {
          ...files,
          async put(key, bytes) {
            expectStatus(await remove(admin.token, id), 200);
            await files.put(key, bytes);
          },
        },
      },
    });
    await nothingLeft();
  });

  test("embedded, it stays deleted, and so it does when the message comes again", async () => {
    const job = worker.sent.shift();
    const [reached, go] = [gate(), gate()];
    const { embedders } = worker.runtime.ports;
    const slow = {
      ...embedders.default,
      async embed(texts: readonly string[], signal: AbortSignal) {
        reached.resolve();
        await go.promise;
        return embedders.default.embed(texts, signal);
      },
    };
    const { offer } = await import("../../src/infra/embedder/offer.ts");
    const delivering = worker.deliver(job, { with: { embedders: offer(slow) } });
    await reached.promise;
    const answer = await remove(admin.token, id);
    expect(answer.body.deleted).toMatchObject({ versions: 2, chunks: 1, drafts: 1 });
    go.resolve();
    await delivering;
    await worker.deliver(job);
    await nothingLeft();
  });

  test("published, either is done, whole", async () => {
    await Promise.all([worker.drain(), remove(admin.token, id)]);
    await nothingLeft();
  });
});

describe("deleting many documents", () => {
  test("takes those the caller may change, counts the others and tells nothing of what is not theirs to see", async () => {
    const stranger = await register();
    const foreign = await ready(stranger, "foreign.txt", "Somebody else's.");
    const [ann, bob] = await Promise.all([
      colleague(admin, "member"),
      colleague(admin, "member", "external"),
    ]);
    const hers = await Promise.all([1, 2, 3].map((n) => ready(ann, `${n}.txt`, `Ann wrote number ${n}.`)));
    const his = await ready(bob, "his.txt", "Bob wrote this.");
    const hidden = await ready(admin, "hidden.txt", "Bob wrote that.", { access_level: "internal" });
    const answer = await removeMany(ann.token, [...hers, his, foreign]);
    expectStatus(answer, 200);
    expect(answer.body.deletion).toMatchObject({
      kind: "documents",
      status: "done",
      documents: 3,
      versions: 3,
      chunks: 3,
      files: 3,
      kept: 1,
    });
    expect(await payloadOf(answer.body.receipt)).toMatchObject({
      requested_by: { kind: "user", id: ann.userId },
      deletion: answer.body.deletion,
    });
    expect(
      (await search(ann.token, "Ann wrote")).filter((hit: any) => hers.includes(hit.document_id)),
    ).toEqual([]);
    const bobs = await removeMany(bob.token, [hidden, foreign, crypto.randomUUID()]);
    expect(bobs.body.deletion).toMatchObject({ documents: 0, files: 0, kept: 0 });
    for (const [person, id] of [
      [admin, hidden],
      [stranger, foreign],
      [bob, his],
    ] as const) {
      expectStatus(await call("GET", `/api/v1/documents/${id}`, { token: person.token }), 200);
    }
    await statisticsAreRight(admin.orgId);
  });

  test("does not tell that a hidden document has the same bytes, also when the work goes on in the background", async () => {
    const guest = await colleague(admin, "member", "external");
    const content = "Whoever guesses this text word for word learns nothing.";
    await ready(admin, "hidden.txt", content, { access_level: "internal" });
    const own = await ready(guest, "own.txt", content);
    const answer = await removeMany(guest.token, [own]);
    expect(answer.body.deletion).toMatchObject({ documents: 1, files: 1, bytes: content.length });
    expect((await storedKeys(admin.orgId)).filter((key) => key.includes("/sha256/"))).toHaveLength(1);
  });

  test("that takes long goes on in the background, with the rights of whoever asked, and says how far it is", async () => {
    const worker = rig();
    const member = await colleague(admin, "member");
    const ids: string[] = [];
    for (let n = 0; n < 250; n++) ids.push(await quickly(member, n));
    await quickly(admin, 1_000);
    const others = await quickly(admin, 1_001);
    let clock = Date.now();
    const hurried = {
      ...ctxFor(member, "member"),
      ports: worker.runtime.ports,
      // Every look at the clock takes a while: after one piece, patience is over.
      now() {
        clock += 4_000;
        return new Date(clock);
      },
    };
    const begun = await startDeletion(hurried, runtime().receipts, {
      kind: "documents",
      ids: [...ids, others],
    });
    expect(begun.receipt).toBeUndefined();
    expect(begun.deletion).toMatchObject({ status: "running", documents: 100, kept: null });
    const at = `/api/v1/deletions/${begun.deletion.id}`;
    const { db } = baseCtx().ports;
    await db.execute(sql`update kalamna.users set status = 'deactivated' where id = ${member.userId}`);
    const [job] = worker.sent.splice(0);
    expect(job).toMatchObject({ kind: "documents.delete", deletion_id: begun.deletion.id });
    await worker.deliver(job);
    await worker.deliver(job);
    const done = await call("GET", at, { token: admin.token });
    expectStatus(done, 200);
    expect(done.body.deletion).toMatchObject({ status: "done", documents: 250, kept: 1 });
    expect(done.body.receipt).toBeDefined();
    expect(await count(admin, "documents")).toBe(2);
    for (const person of [await colleague(admin, "member"), await register()]) {
      expectStatus(await call("GET", at, { token: person.token }), 404);
    }
  }, 60_000);

  test("whose message was lost is revived by the sweeper", async () => {
    const worker = rig();
    const id = await ready(admin, "a.txt", "Almost gone.");
    const { db } = baseCtx().ports;
    const { rows } = await db.execute<{ id: string }>(sql`
      insert into kalamna.deletions (org_id, kind, document_ids, actor_kind, actor_id, role, access, groups, updated_at)
      values (${admin.orgId}, 'documents', array[${id}]::uuid[], 'user', ${admin.userId}, 'admin', 'internal', '{}',
              now() - interval '3 minutes') returning id`);
    const ctx = { ...baseCtx(), ports: worker.runtime.ports };
    await sweepDeletions(ctx);
    const job = worker.sent.find((each: any) => each.deletion_id === rows[0]!.id);
    await worker.deliver(job);
    expectStatus(await call("GET", `/api/v1/documents/${id}`, { token: admin.token }), 404);
    const again = await call("GET", `/api/v1/deletions/${rows[0]!.id}`, { token: admin.token });
    expect(again.body.deletion).toMatchObject({ status: "done", documents: 1 });
  });

  test.each([
    [{}],
    [{ ids: [] }],
    [{ ids: ["x"] }],
    [{ ids: Array(1001).fill(crypto.randomUUID()) }],
    [{ filter: {} }],
  ])("refuses %j", async (json) => {
    const answer = await call("POST", "/api/v1/documents/delete", { token: admin.token, json });
    expectStatus(answer, 400);
  });
});

/** A document straight in the database: many of them, and no reading. */
async function quickly(person: Person, n: number): Promise<string> {
  const { db } = baseCtx().ports;
  const { rows } = await db.execute<{ id: string }>(sql`
    insert into kalamna.documents (org_id, name, content_type, bytes, sha256, access_level, created_by, status)
    values (${person.orgId}, ${`${n}.txt`}, 'text/plain', 1, ${n.toString(16).padStart(64, "0")}, 'internal',
            ${person.userId}, 'failed') returning id`);
  return rows[0]!.id;
}

test("what is left of a deletion whose message cannot be sent is deleted when the sweeper has sent it", async () => {
  const worker = rig();
  const ids: string[] = [];
  for (let n = 0; n < 101; n++) ids.push(await quickly(admin, n));
  let clock = Date.now();
  const hurried = {
    ...ctxFor(admin),
    ports: { ...worker.runtime.ports, jobs: queueAway },
    now() {
      clock += 4_000;
      return new Date(clock);
    },
  };
  const { deletion } = await startDeletion(hurried, runtime().receipts, { kind: "documents", ids });
  expect(deletion).toMatchObject({ status: "running", documents: 100 });
  await baseCtx().ports.db.execute(sql`
    update kalamna.deletions set updated_at = now() - interval '3 minutes' where id = ${deletion.id}`);
  await sweepDeletions({ ...baseCtx(), ports: worker.runtime.ports });
  await worker.deliver(worker.sent.find((job) => "deletion_id" in job && job.deletion_id === deletion.id));
  expect(await count(admin, "documents")).toBe(0);
});

describe("deleting a source", () => {
  const source = async (by: Person) => {
    const { db } = baseCtx().ports;
    const { rows } = await db.execute<{ id: string }>(sql`
      insert into kalamna.sources (org_id, kind, url, access_level, created_by, status)
      values (${by.orgId}, 'crawl', ${`https://pages.example/${crypto.randomUUID()}`}, 'internal', ${by.userId}, 'idle')
      returning id`);
    return rows[0]!.id;
  };
  const page = async (by: Person, sourceId: string, n: number) => {
    const id = await quickly(by, n);
    await baseCtx().ports.db.execute(
      sql`update kalamna.documents set source_id = ${sourceId} where id = ${id}`,
    );
    return id;
  };

  test("takes its documents along when asked to, and leaves them otherwise", async () => {
    const [one, two] = [await source(admin), await source(admin)];
    await page(admin, one, 1);
    await page(admin, one, 2);
    const stays = await page(admin, two, 3);
    expectStatus(await call("DELETE", `/api/v1/sources/${two}`, { token: admin.token }), 200);
    expectStatus(await call("GET", `/api/v1/documents/${stays}`, { token: admin.token }), 200);
    const answer = await call("DELETE", `/api/v1/sources/${one}?documents=delete`, { token: admin.token });
    expectStatus(answer, 200);
    expect(answer.body.deletion).toMatchObject({ kind: "source", target: one, documents: 2, kept: 0 });
    expectStatus(await call("GET", `/api/v1/sources/${one}`, { token: admin.token }), 404);
    expect(await count(admin, "documents")).toBe(1);
  });

  test("is for its owner and admins, and another organization's is not found", async () => {
    const theirs = await source(admin);
    const member = await colleague(admin, "member");
    const path = `/api/v1/sources/${theirs}?documents=delete`;
    expectStatus(await call("DELETE", path, { token: member.token }), 403);
    expectStatus(await call("DELETE", path, { token: (await register()).token }), 404);
    expectStatus(await call("GET", `/api/v1/sources/${theirs}`, { token: admin.token }), 200);
  });
});

describe("deleting a batch", () => {
  const bulk = async (by: Person, lines: { name: string; content: string }[]) => {
    const answer = await call("POST", "/api/v1/documents/bulk", {
      token: by.token,
      body: lines.map((line) => JSON.stringify(line)).join("\n"),
      headers: { "content-type": "application/x-ndjson" },
    });
    expect(answer.status, answer.text.slice(0, 500)).toBeLessThan(300);
    const { body } = await call("GET", "/api/v1/batches", { token: by.token });
    return body.data[0].id as string;
  };

  test("takes its documents and their files along, and nothing else", async () => {
    await ready(admin, "apart.txt", "A document of its own.");
    const id = await bulk(admin, [
      { name: "one.txt", content: "The first of a batch." },
      { name: "two.txt", content: "The second of a batch." },
    ]);
    const answer = await call("DELETE", `/api/v1/batches/${id}`, { token: admin.token });
    expectStatus(answer, 200);
    expect(answer.body.deletion).toMatchObject({
      kind: "batch",
      target: id,
      documents: 2,
      files: 2,
      kept: 0,
    });
    expect(await payloadOf(answer.body.receipt)).toMatchObject({ deletion: { target: id } });
    expectStatus(await call("GET", `/api/v1/batches/${id}`, { token: admin.token }), 404);
    expectStatus(await call("DELETE", `/api/v1/batches/${id}`, { token: admin.token }), 404);
    const { body } = await call("GET", "/api/v1/documents", { token: admin.token });
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(["apart.txt"]);
    await statisticsAreRight(admin.orgId);
  });

  test("takes the addresses among its lines along: nothing is fetched for it any more", async () => {
    const id = await bulk(admin, [{ name: "one.txt", content: "A line beside an address." }]);
    const { db } = baseCtx().ports;
    await db.execute(sql`
      insert into kalamna.sources (org_id, kind, url, access_level, created_by, batch_id)
      values (${admin.orgId}, 'url', 'https://pages.example/late', 'internal', ${admin.userId}, ${id})`);
    expectStatus(await call("DELETE", `/api/v1/batches/${id}`, { token: admin.token }), 200);
    expect(await count(admin, "sources")).toBe(0);
  });

  test("of somebody else is not found by a member, and done by an admin", async () => {
    const [ann, bob] = await Promise.all([colleague(admin, "member"), colleague(admin, "member")]);
    const id = await bulk(ann, [{ name: "one.txt", content: "Ann sent this in a batch." }]);
    for (const token of [bob.token, (await register()).token]) {
      expectStatus(await call("DELETE", `/api/v1/batches/${id}`, { token }), 404);
    }
    expectStatus(await call("DELETE", `/api/v1/batches/${id}`, { token: admin.token }), 200);
    expect(await count(admin, "documents")).toBe(0);
  });
});
