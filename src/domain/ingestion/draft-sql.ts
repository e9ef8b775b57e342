/** Statements about drafts: the chunks of a version that nobody can read yet. */
import { and, eq, gte, isNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { chunkDrafts, chunkVec, documents, orgEmbedding } from "../../infra/db/schema.ts";
import type { DocumentVersion } from "./sql.ts";

export type Draft = {
  ordinal: number;
  start_offset: number;
  end_offset: number;
  page: number | null;
  heading: string[];
  content: string;
  content_hash: string;
  tokens: number;
  sv: string;
  terms: number[];
  lexemes: string[];
  analyzer: number;
  /** Ordinal of the first draft with the same text; null for that one. */
  same_as: number | null;
};

/** Still this version, and still to be read? Whoever renewed the lease in the same batch holds the answer. */
const isWanted = ({ orgId, id, version }: DocumentVersion): SQL =>
  sql`exists (select from kalamna.documents w where w.org_id = ${orgId} and w.id = ${id} and w.version = ${version}
                 and w.status in ('pending', 'extracting', 'embedding'))`;

/** Drops what an earlier try drafted beyond `count`, and what other versions left. */
export const trimDrafts = (db: Database, document: DocumentVersion, count: number) =>
  db
    .delete(chunkDrafts)
    .where(
      and(
        eq(chunkDrafts.orgId, document.orgId),
        eq(chunkDrafts.documentId, document.id),
        or(ne(chunkDrafts.version, document.version), gte(chunkDrafts.ordinal, count)),
        isWanted(document),
      ),
    );

/**
 * One statement for many drafts; nothing once the version is no longer wanted. A draft whose text an earlier try has
 * embedded keeps its vector.
 */
export const insertDrafts = (db: Database, document: DocumentVersion, drafts: readonly Draft[]) =>
  db.execute(sql`
    insert into kalamna.chunk_drafts as mine (org_id, document_id, version, ordinal, start_offset, end_offset, page,
                                              heading, content, content_hash, tokens, sv, terms, lexemes, analyzer,
                                              same_as)
    select ${document.orgId}::uuid, ${document.id}::uuid, ${document.version}::int, d.*
      from jsonb_to_recordset(${JSON.stringify(drafts)}::jsonb) as d(
        ordinal int, start_offset int, end_offset int, page int, heading text[], content text, content_hash text,
        tokens int, sv sparsevec, terms int[], lexemes text[], analyzer smallint, same_as int)
     where ${isWanted(document)}
    on conflict (org_id, document_id, version, ordinal) do update set
      start_offset = excluded.start_offset, end_offset = excluded.end_offset, page = excluded.page,
      heading = excluded.heading, content = excluded.content, content_hash = excluded.content_hash,
      tokens = excluded.tokens, sv = excluded.sv, terms = excluded.terms, lexemes = excluded.lexemes,
      analyzer = excluded.analyzer,
      same_as = excluded.same_as,
      embedding = case when mine.content_hash = excluded.content_hash then mine.embedding end,
      embedding_model = case when mine.content_hash = excluded.content_hash then mine.embedding_model end,
      reused = case when mine.content_hash = excluded.content_hash then mine.reused end`);

/**
 * Drafts whose text this organization has already embedded with this model take that vector: from the index, or from
 * the first draft with the same text, when an earlier try got that far. Of other documents only from passages that all
 * readers of this one may read: `delta` and the time it took would tell them what hidden ones say.
 */
export const reuseEmbeddings = (db: Database, { orgId, id, version }: DocumentVersion, model: string) =>
  db.execute(sql`
    with mine as materialized (
      select d.ordinal, d.content_hash, d.same_as from kalamna.chunk_drafts d
       where d.org_id = ${orgId} and d.document_id = ${id} and d.version = ${version}
         and d.embedding_model is distinct from ${model}
    ), known as (
      select distinct on (k.content_hash) k.content_hash, k.embedding from (
        select v.content_hash, v.embedding from kalamna.chunk_vec v
          join kalamna.documents a on a.org_id = v.org_id and a.id = ${id}
         where v.org_id = ${orgId} and v.embedding_model = ${model}
           and v.content_hash in (select content_hash from mine)
           and (v.document_id = a.id or (v.access <= a.access and (v.groups is null or a.groups <@ v.groups)))
        union all
        select f.content_hash, f.embedding from kalamna.chunk_drafts f
         where f.org_id = ${orgId} and f.document_id = ${id} and f.version = ${version}
           and f.ordinal in (select same_as from mine) and f.embedding_model = ${model}) k
    )
    update kalamna.chunk_drafts d set embedding = k.embedding, embedding_model = ${model}, reused = true
      from mine m join known k using (content_hash)
     where d.org_id = ${orgId} and d.document_id = ${id} and d.version = ${version} and d.ordinal = m.ordinal
       and d.embedding_model is distinct from ${model}`);

/** Drafts of a range that still lack a vector of this model, equal texts once. */
export const draftsToEmbed = (
  db: Database,
  { orgId, id, version }: DocumentVersion,
  model: string,
  { from, to, limit }: { from: number; to: number; limit: number },
) =>
  db
    .select({ ordinal: chunkDrafts.ordinal, heading: chunkDrafts.heading, content: chunkDrafts.content })
    .from(chunkDrafts)
    .where(
      and(
        eq(chunkDrafts.orgId, orgId),
        eq(chunkDrafts.documentId, id),
        eq(chunkDrafts.version, version),
        gte(chunkDrafts.ordinal, from),
        lt(chunkDrafts.ordinal, to),
        isNull(chunkDrafts.sameAs),
        sql`${chunkDrafts.embeddingModel} is distinct from ${model}`,
      ),
    )
    .orderBy(chunkDrafts.ordinal)
    .limit(limit);

/** Stores vectors (pgvector text form) of drafts by ordinal, and of all that have the same text wherever they stand. */
export const storeEmbeddings = (
  db: Database,
  { orgId, id, version }: DocumentVersion,
  model: string,
  ordinals: readonly number[],
  vectors: readonly string[],
) =>
  db.execute(sql`
    with made as (
      select e.ordinal, e.vector::halfvec(768) as embedding
        from unnest(${sql.param([...ordinals])}::int[], ${sql.param([...vectors])}::text[]) as e(ordinal, vector)
    ), places as (
      select m.ordinal, false as reused, m.embedding from made m
      union all
      select d.ordinal, true, m.embedding from made m join kalamna.chunk_drafts d
          on d.org_id = ${orgId} and d.document_id = ${id} and d.version = ${version} and d.same_as = m.ordinal
    )
    update kalamna.chunk_drafts d set embedding = p.embedding, embedding_model = ${model}, reused = p.reused
      from places p
     where d.org_id = ${orgId} and d.document_id = ${id} and d.version = ${version} and d.ordinal = p.ordinal
       and d.embedding_model is distinct from ${model}`);

/** What the organization's documents are published with; no row while it has published none. */
export const modelInUse = (db: Database, orgId: string) =>
  db.select({ model: orgEmbedding.model }).from(orgEmbedding).where(eq(orgEmbedding.orgId, orgId));

/** Every draft has its vector, and one has it of another model than the organization's: it changed on the way. */
export const isOutdated = (db: Database, { orgId, id, version }: DocumentVersion) =>
  db.execute<{ outdated: boolean | null }>(sql`
    select bool_or(d.embedding_model <> e.model) and bool_and(d.embedding is not null) as outdated
      from kalamna.chunk_drafts d join kalamna.org_embedding e on e.org_id = d.org_id
     where d.org_id = ${orgId} and d.document_id = ${id} and d.version = ${version}`);

/** What publishing locks first; whoever does anything before it in the same transaction begins with this. */
export const holdStatistics = (db: Database) => db.execute(sql`select kalamna.hold_statistics()`);

/**
 * And what it locks then, as strictly as it will: an update first and this lock after it would wait for a batch that notes
 * the document, while the batch waits for the update.
 */
export const holdDocument = (db: Database, { orgId, id }: DocumentVersion) =>
  db
    .select({ id: documents.id })
    .from(documents)
    .where(and(eq(documents.orgId, orgId), eq(documents.id, id)))
    .for("update");

/**
 * Replaces the old version's chunks by the drafts if every draft has its vector in the organization's model; null when one has not.
 * @param threshold cosine below which a segment breaks, until the recall meter has measured a better one
 */
export const publishDrafts = (db: Database, { id, version }: DocumentVersion, threshold: number) =>
  db.execute<{ published: number | null }>(
    sql`select kalamna.publish_version(${id}::uuid, ${version}::int,
                                     kalamna.segment_threshold(${threshold}::float8)) as published`,
  );

/**
 * Which of these passages the caller's organization has embedded with its model (`model` while it has published
 * nothing), as far as the caller may read them.
 */
export const embeddedAlready = (db: Database, orgId: string, model: string, hashes: readonly string[]) =>
  db
    .selectDistinct({ hash: chunkVec.contentHash })
    .from(chunkVec)
    .where(
      and(
        eq(chunkVec.orgId, orgId),
        sql`${chunkVec.embeddingModel} = coalesce(
              (select e.model from kalamna.org_embedding e where e.org_id = ${orgId}), ${model})`,
        sql`${chunkVec.contentHash} = any(${sql.param([...hashes])}::text[])`,
      ),
    );
