/** Segments of large organizations lie in cells: questions read some of them and find what reading everything finds. */
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import type { Ctx } from "../../../src/context.ts";
import { storeEmbeddings } from "../../../src/domain/ingestion/draft-sql.ts";
import { nextBatch, sweepSegments } from "../../../src/domain/retrieval/settle.ts";
import { findUnsettled, settleSegments } from "../../../src/domain/retrieval/settle-sql.ts";
import { findChunks } from "../../../src/domain/retrieval/sql.ts";
import { systemBatch, tenantBatch } from "../../../src/infra/db/tenant.ts";
import { hashVector } from "../../../src/infra/embedder/offline.ts";
import { baseCtx } from "../../support/people.ts";
import { add, draft, type Library, library, publish, redraft } from "./library.ts";

const MODEL = "offline-hash-768";
const DOCUMENTS = 12;
const EACH = 90;
const NO_FILTERS = { documentIds: null, metadata: null, accessLevel: null, where: null };
const SUBJECTS = ["lantern", "stove", "kayak", "tent", "boots", "rope", "axe", "map", "flask", "saw"];

const passagesOf = (document: number) =>
  Array.from(
    { length: EACH },
    (_, at) =>
      `${SUBJECTS[(document + at) % 10]} of kind ${SUBJECTS[(at * 7 + document) % 10]} number ${document * EACH + at}`,
  );

/** Ids of the chunks nearest to the text, best first, and the way they were found. */
async function nearest(ctx: Ctx, text: string, wanted = 10): Promise<{ ids: string[]; path: string }> {
  const nothing = { terms: [], weights: [], lexemes: [] };
  const [{ rows }] = await tenantBatch(ctx, (db) => [
    findChunks(db, MODEL, hashVector(text), nothing, NO_FILTERS, { lexical: 0, vector: wanted }),
  ]);
  const { hits, vector } = rows[0]!.found;
  return {
    ids: hits.toSorted((a, b) => b.vector! - a.vector!).map(({ chunk_id: id }) => id),
    path: vector.path,
  };
}

async function exact({ service, orgId }: Library, text: string, access = 1): Promise<Set<string>> {
  const vector = `[${hashVector(text)
    .map((value) => value.toFixed(5))
    .join(",")}]`;
  const [{ rows }] = await tenantBatch(service, (db) => [
    db.execute<{ id: string }>(sql`
      select chunk_id as id from kalamna.chunk_vec where org_id = ${orgId} and access <= ${access}
       order by embedding <=> ${vector}::halfvec(768), chunk_id limit 10`),
  ]);
  return new Set(rows.map(({ id }) => id));
}

const settle = async ({ orgId }: Library, most = 5_000) => {
  const [{ rows }] = await systemBatch(baseCtx(), (db) => [settleSegments(db, orgId, MODEL, most)]);
  return rows[0]!.settled;
};

const cellsOf = async ({ service, orgId }: Library) => {
  const [{ rows }] = await tenantBatch(service, (db) => [
    db.execute<{ cells: number; most: number; new_chunks: number; elsewhere: number }>(sql`
      select count(c.cell_id)::int as cells, (max(c.chunks) filter (where c.cell_id is not null))::int as most,
             coalesce(sum(c.chunks) filter (where c.cell_id is null), 0)::int as new_chunks, sum(c.elsewhere)::int as elsewhere
        from (select v.cell_id, count(*) as chunks,
                     count(*) filter (where v.cell_id is distinct from s.cell_id) as elsewhere
                from kalamna.chunk_vec v join kalamna.segments s on s.id = v.segment_id
               where v.org_id = ${orgId} group by v.cell_id) c`),
  ]);
  return rows[0]!;
};

describe("a transaction that settles", () => {
  it.each([
    ["does half as much after one that took long", 64, 900, 32],
    ["does twice as much after one that was short", 64, 120, 128],
    ["does as much after one that took about as long as it may", 64, 300, 64],
    ["does a little, however long it takes", 8, 9_000, 8],
    ["does not do much more than that, however short it is", 512, 1, 512],
  ])("%s", (_, batch, ms, next) => {
    expect(nextBatch(batch, ms)).toBe(next);
  });
});

describe("an organization of a thousand passages", () => {
  let org: Library;
  let other: Library;
  const documents: string[] = [];
  const questions = Array.from({ length: 15 }, (_, at) => passagesOf(at % DOCUMENTS)[at * 5]!);

  beforeAll(async () => {
    [org, other] = await Promise.all([library(), library()]);
    for (let at = 0; at < DOCUMENTS; at++) {
      documents.push(await add(org, passagesOf(at), { access: at % 4 === 0 ? "external" : "internal" }));
    }
    await add(other, passagesOf(0));
  }, 120_000);

  it("is settled by the sweep, and nobody else is", async () => {
    const [{ rows: before }] = await systemBatch(baseCtx(), (db) => [findUnsettled(db, 100)]);
    expect(before.map(({ org_id }) => org_id)).toContain(org.orgId);
    expect(before.map(({ org_id }) => org_id)).not.toContain(other.orgId);
    expect((await sweepSegments(baseCtx())).segments_settled).toBeGreaterThan(64);
    const [{ rows: after }] = await systemBatch(baseCtx(), (db) => [findUnsettled(db, 100)]);
    expect(after.map(({ org_id }) => org_id)).not.toContain(org.orgId);
    expect(await cellsOf(org)).toMatchObject({ new_chunks: 0, elsewhere: 0 });
    expect(await cellsOf(other)).toMatchObject({ cells: 0, new_chunks: EACH });
  });

  it("has cells of some dozens of chunks, however few are in a segment", async () => {
    const { cells, most } = await cellsOf(org);
    expect(cells).toBeLessThanOrEqual((DOCUMENTS * EACH) / 40);
    expect(most).toBeLessThanOrEqual(128);
  });

  it.each(["internal", "external"] as const)("finds the ten nearest for %s readers", async (access) => {
    let hits = 0;
    for (const question of questions) {
      const { ids } = await nearest(org[access], question);
      expect(ids).toHaveLength(10);
      const nearestOfAll = await exact(org, question, access === "internal" ? 1 : 0);
      hits += ids.filter((id) => nearestOfAll.has(id)).length;
    }
    expect(hits / (10 * questions.length)).toBeGreaterThanOrEqual(0.99);
  });

  it("reads but the nearest cell where it is large, and all before it finds less than was asked for", async () => {
    // What statistics of a large organization look like, without its chunks.
    const grow = (chunks: number) =>
      tenantBatch(org.service, (db) => [
        db.execute(sql`update kalamna.org_corpus set chunks = chunks + ${chunks}::int where chunks > 0`),
      ]);
    await grow(1_000_000);
    const few = await nearest(org.internal, questions[0]!, 5);
    const many = await nearest(org.internal, questions[0]!, 500);
    await grow(-1_000_000);
    const [{ rows }] = await tenantBatch(org.service, (db) => [
      db.execute<{ cells: number }>(sql`
        select count(distinct cell_id)::int as cells from kalamna.chunk_vec
         where org_id = ${org.orgId} and chunk_id in ${few.ids}`),
    ]);
    expect([few.ids.length, rows[0]!.cells, many.ids.length]).toEqual([5, 1, 500]);
  });

  it("finds what was published a moment ago, before anything settles it", async () => {
    await add(org, ["an unheard-of barometer of brass"]);
    const { ids, path } = await nearest(org.internal, "an unheard-of barometer of brass");
    expect(path).toBe("segments");
    expect((await exact(org, "an unheard-of barometer of brass")).has(ids[0]!)).toBe(true);
    expect(await settle(org)).toBe(1);
    expect((await nearest(org.internal, "an unheard-of barometer of brass")).ids[0]).toBe(ids[0]);
  });

  it("goes on when a document is read again, and forgets cells that nothing is left in", async () => {
    const document = { orgId: org.orgId, id: documents[1]!, version: 1 };
    await redraft(org, document, passagesOf(1));
    await publish(org, document);
    expect((await cellsOf(org)).new_chunks).toBe(EACH);
    await settle(org);
    expect(await cellsOf(org)).toMatchObject({ new_chunks: 0, elsewhere: 0 });
    await tenantBatch(org.service, (db) => [
      db.execute(sql`delete from kalamna.documents where org_id = ${org.orgId}`),
    ]);
    await settle(org);
    const [{ rows }] = await systemBatch(baseCtx(), (db) => [findUnsettled(db, 100)]);
    expect(rows.map(({ org_id }) => org_id)).not.toContain(org.orgId);
  });

  it("shows its cells to nobody", async () => {
    await expect(
      tenantBatch(org.service, (db) => [db.execute(sql`select * from kalamna.cells`)]),
    ).rejects.toThrow(/permission denied/);
    await expect(
      tenantBatch(org.service, (db) => [settleSegments(db, other.orgId, MODEL, 10)]),
    ).rejects.toThrow(/permission denied/);
  });
});

describe("vectors whose signs are all the same", () => {
  const SEGMENTS = 140;
  /** A little everywhere, and much at these places. */
  const vectorOf = (peaks: readonly (readonly [place: number, weight: number])[]): string => {
    const vector = new Array<number>(768).fill(0.002);
    for (const [place, weight] of peaks) vector[place] = weight;
    return `[${vector.join(",")}]`;
  };

  it("fill a cell that is parted all the same, however many others their signs call as near", async () => {
    const org = await library();
    // First in the order in which cells are read, so that none that is made later is among the first of those alike.
    for (let at = 0; at < 20; at++) {
      const center = vectorOf([
        [0, at < 6 ? 0.002 : 0.5 - at * 0.01],
        [100 + at, 1],
      ]);
      await baseCtx().ports.db.execute(sql`
        insert into kalamna.cells (org_id, id, embedding_model, center)
        values (${org.orgId}, ('00000000' || substr(gen_random_uuid()::text, 9))::uuid, ${MODEL},
                l2_normalize(${center}::halfvec(768)))`);
    }
    const ordinals = Array.from({ length: SEGMENTS }, (_, at) => at);
    const document = await draft(
      org,
      ordinals.map((at) => `Passage ${at}.`),
      {},
      0,
    );
    const vectors = ordinals.map((at) =>
      vectorOf([
        [0, 1],
        [1, 1],
        [200 + at, 0.6],
      ]),
    );
    await tenantBatch(org.service, (db) => [storeEmbeddings(db, document, MODEL, ordinals, vectors)]);
    await publish(org, document, 0.99);
    expect(await settle(org)).toBe(SEGMENTS);
    const { rows } = await baseCtx().ports.db.execute<{ segments: number }>(sql`
      select count(*)::int as segments from kalamna.segments where org_id = ${org.orgId} group by cell_id`);
    const sizes = rows.map(({ segments }) => segments);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(SEGMENTS);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(128);
  });
});
