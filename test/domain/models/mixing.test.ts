/** Two models with vectors that have nothing in common, side by side: what is found is always of one of them. */
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "../../../src/context.ts";
import { insertDocument } from "../../../src/domain/documents/sql.ts";
import { insertDrafts, publishDrafts, storeEmbeddings } from "../../../src/domain/ingestion/draft-sql.ts";
import {
  beginChange,
  callOff,
  findModel,
  flip,
  removeOthers,
  stageVectors,
} from "../../../src/domain/models/sql.ts";
import { indexTerms } from "../../../src/domain/retrieval/lexicon.ts";
import { findChunks } from "../../../src/domain/retrieval/sql.ts";
import { tenantBatch } from "../../../src/infra/db/tenant.ts";
import { type Library, library } from "../retrieval/library.ts";

const OLD = "model-old";
const NEW = "model-new";
type Vectors = Map<string, number[]>;

let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32 - 0.5;
};
const unit = (vector: number[]) => {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};
const arbitrary = () => unit(Array.from({ length: 768 }, random));
const near = (vector: number[]) => unit(vector.map((value) => value + random() * 0.06));
const text = (vector: number[]) => `[${vector.map((value) => value.toFixed(6)).join(",")}]`;
const cosine = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

/** Consecutive passages point into similar directions, as those of a text do; documents of their own. */
function directions(documents: number, each: number): number[][][] {
  return Array.from({ length: documents }, () => {
    const topic = arbitrary();
    return Array.from({ length: each }, () => near(topic));
  });
}

async function publish({ orgId, service }: Library, passages: number[][], at: number): Promise<void> {
  const document = { orgId, id: crypto.randomUUID(), version: 1 };
  const drafts = passages.map((_, ordinal) => ({
    ordinal,
    start_offset: 0,
    end_offset: 1,
    page: null,
    heading: [],
    content: `passage ${at} ${ordinal}`,
    content_hash: `${at}-${ordinal}`,
    same_as: null,
    tokens: 3,
    ...indexTerms(orgId, { title: "", content: `passage ${at} ${ordinal}` }),
  }));
  await tenantBatch(service, (db) => [
    insertDocument(db, {
      ...document,
      name: "d.txt",
      contentType: "text/plain",
      bytes: 1,
      sha256: (document.id + document.id).replaceAll("-", ""),
      accessLevel: "internal",
      groups: null,
      metadata: {},
      createdBy: null,
    }),
    insertDrafts(db, document, drafts),
    storeEmbeddings(
      db,
      document,
      OLD,
      drafts.map(({ ordinal }) => ordinal),
      passages.map(text),
    ),
    db.execute(sql`update kalamna.documents set status = 'embedding' where id = ${document.id}`),
    publishDrafts(db, document, 0.5),
  ]);
}

/** Chunks of the organization, by what their text says. */
async function chunksOf(service: Ctx): Promise<{ id: string; content_hash: string }[]> {
  const [{ rows }] = await tenantBatch(service, (db) => [
    db.execute<{ id: string; content_hash: string }>(
      sql`select id, content_hash from kalamna.chunks order by document_id, ordinal`,
    ),
  ]);
  return rows;
}

async function nearest(ctx: Ctx, model: string, question: number[]) {
  const [{ rows }] = await tenantBatch(ctx, (db) => [
    findChunks(
      db,
      model,
      question,
      { terms: [], weights: [], lexemes: [] },
      { documentIds: null, metadata: null, accessLevel: null, where: null },
      { lexical: 0, vector: 10 },
    ),
  ]);
  const { found } = rows[0]!;
  return {
    ...found,
    hits: found.hits.toSorted((a, b) => b.vector! - a.vector! || (a.chunk_id < b.chunk_id ? -1 : 1)),
  };
}

describe.each([
  ["read whole", 10, 12, "exact"],
  ["found through segments", 40, 12, "segments"],
] as const)("an organization whose vectors are %s", (_, documents, each, path) => {
  let org: Library;
  let changeId: string;
  let old: Vectors;
  let next: Vectors;
  /** Near a vector of each model. */
  let questions: Record<string, number[][]>;
  const piece = () => ({ orgId: org.orgId, changeId, piece: 1 });

  beforeAll(async () => {
    org = await library();
    const before = directions(documents, each);
    const after = directions(documents, each);
    for (const [at, passages] of before.entries()) await publish(org, passages, at);
    const chunks = await chunksOf(org.service);
    const vectorsIn = (all: number[][][]): Vectors =>
      new Map(
        chunks.map(({ id, content_hash: hash }) => {
          const [document = 0, ordinal = 0] = hash.split("-").map(Number);
          return [id, all[document]![ordinal]!];
        }),
      );
    [old, next] = [vectorsIn(before), vectorsIn(after)];
    const about = (vectors: Vectors) => [...vectors.values()].filter((_, at) => at % 30 === 0).map(near);
    questions = { [OLD]: about(old), [NEW]: about(next) };
    await tenantBatch(org.service, (db) => [beginChange(db, NEW)]);
    const [[row]] = await tenantBatch(org.service, (db) => [findModel(db, org.orgId)]);
    changeId = row!.changeId!;
  }, 120_000);

  /** What comparing with all vectors of this model gives, and scores of no other, also for questions near those. */
  async function expectOnly(model: string, vectors: Vectors): Promise<void> {
    for (const [near, asked] of Object.entries(questions)) {
      for (const question of asked) {
        const { hits, vector, model: current } = await nearest(org.internal, model, question);
        expect([current, vector.path, hits.length]).toEqual([model, path, 10]);
        for (const hit of hits)
          expect(hit.vector).toBeCloseTo(cosine(question, vectors.get(hit.chunk_id)!), 2);
        // Where nothing is near, segments find others that are as far.
        if (near !== model && path === "segments") continue;
        const exact = [...vectors.values()].map((each) => cosine(question, each)).sort((a, b) => b - a);
        for (const [place, hit] of hits.entries()) expect(hit.vector).toBeCloseTo(exact[place]!, 2);
      }
    }
  }

  test("is searched with the old model before and while the new one is staged", async () => {
    await expectOnly(OLD, old);
    const staged = [...next].slice(0, next.size / 2);
    await tenantBatch(org.service, (db) => [
      stageVectors(
        db,
        piece(),
        staged.map(([id]) => id),
        staged.map(([, vector]) => text(vector)),
        0.5,
        1,
      ),
    ]);
    await expectOnly(OLD, old);
    // Half of the chunks are not all of them.
    const [{ rows }] = await tenantBatch(org.service, (db) => [flip(db, piece(), true)]);
    expect(rows[0]).toEqual({ flipped: false });
    await expectOnly(OLD, old);
  });

  test("finds nothing near a question in a model that is not its own", async () => {
    const { hits, vector } = await nearest(org.internal, NEW, questions[NEW]![0]!);
    expect([hits, vector]).toEqual([[], { path: "none", found: 0 }]);
  });

  test("is searched with the new model from the flip on, also while the old one is removed", async () => {
    const rest = [...next].slice(next.size / 2);
    await tenantBatch(org.service, (db) => [
      stageVectors(
        db,
        piece(),
        rest.map(([id]) => id),
        rest.map(([, vector]) => text(vector)),
        0.5,
        1,
      ),
    ]);
    await expectOnly(OLD, old);
    const [{ rows }] = await tenantBatch(org.service, (db) => [flip(db, piece(), true)]);
    expect(rows[0]).toEqual({ flipped: true });
    await expectOnly(NEW, next);
    await tenantBatch(org.service, (db) => [removeOthers(db, piece(), 50)]);
    await expectOnly(NEW, next);
    for (let removed = 1; removed > 0; ) {
      const [answer] = await tenantBatch(org.service, (db) => [removeOthers(db, piece(), 500)]);
      removed = answer.rows[0]!.removed;
    }
    await expectOnly(NEW, next);
    const [{ rows: left }] = await tenantBatch(org.service, (db) => [
      db.execute(sql`select distinct embedding_model from (
        select embedding_model from kalamna.chunk_vec union all select embedding_model from kalamna.segments) v`),
    ]);
    expect(left).toEqual([{ embedding_model: NEW }]);
  });

  test("stages nothing for a change that is over, and calls off nothing", async () => {
    const [{ rows }, off] = await tenantBatch(org.service, (db) => [
      stageVectors(db, piece(), [...next.keys()].slice(0, 1), [text(questions[NEW]![0]!)], 0.5, 1),
      callOff(db, org.orgId),
    ]);
    expect([rows, off]).toEqual([[{ staged: null }], []]);
  });

  test("is not flipped by somebody who does not see every chunk", async () => {
    await expect(tenantBatch(org.external, (db) => [flip(db, piece(), true)])).rejects.toThrow();
  });
});
