/** Statements about drafts: the chunks of a version that nobody can read yet. */
import { and, eq, gte, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { chunkDrafts } from "../../infra/db/schema.ts";
import type { DocumentVersion } from "./sql.ts";

/** Drafts of this document, of any version: a failed or superseded attempt leaves none behind. */
export const clearDrafts = (db: Database, { orgId, id }: DocumentVersion) =>
  db.delete(chunkDrafts).where(and(eq(chunkDrafts.orgId, orgId), eq(chunkDrafts.documentId, id)));

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
};

/** One statement for many drafts; writing the same drafts twice changes nothing. */
export const insertDrafts = (
  db: Database,
  { orgId, id, version }: DocumentVersion,
  drafts: readonly Draft[],
) =>
  db.execute(sql`
    insert into kalamna.chunk_drafts (org_id, document_id, version, ordinal, start_offset, end_offset, page, heading,
                                      content, content_hash, tokens, sv, terms, lexemes)
    select ${orgId}::uuid, ${id}::uuid, ${version}::int, d.* from jsonb_to_recordset(${JSON.stringify(drafts)}::jsonb) as d(
      ordinal int, start_offset int, end_offset int, page int, heading text[], content text, content_hash text,
      tokens int, sv sparsevec, terms int[], lexemes text[])
    on conflict (org_id, document_id, version, ordinal) do nothing`);

/** Drafts whose text this organization has already embedded with this model take that vector. */
export const reuseEmbeddings = (db: Database, { orgId, id, version }: DocumentVersion, model: string) =>
  db.execute(sql`
    update kalamna.chunk_drafts d set embedding = v.embedding, embedding_model = ${model}
      from (select distinct on (content_hash) content_hash, embedding from kalamna.chunk_vec
             where org_id = ${orgId} and embedding_model = ${model} and content_hash in (
               select content_hash from kalamna.chunk_drafts
                where org_id = ${orgId} and document_id = ${id} and version = ${version} and embedding is null)) v
     where d.org_id = ${orgId} and d.document_id = ${id} and d.version = ${version}
       and d.embedding is null and d.content_hash = v.content_hash`);

/** Drafts of a range that still lack a vector. */
export const draftsToEmbed = (
  db: Database,
  { orgId, id, version }: DocumentVersion,
  from: number,
  to: number,
  limit: number,
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
        isNull(chunkDrafts.embedding),
      ),
    )
    .orderBy(chunkDrafts.ordinal)
    .limit(limit);

/** Stores vectors (pgvector text form) of drafts by ordinal, and keeps the lease. */
export const storeEmbeddings = (
  db: Database,
  { orgId, id, version }: DocumentVersion,
  model: string,
  ordinals: readonly number[],
  vectors: readonly string[],
) =>
  db.execute(sql`
    update kalamna.chunk_drafts d set embedding = e.vector::halfvec(768), embedding_model = ${model}
      from unnest(${sql.param([...ordinals])}::int[], ${sql.param([...vectors])}::text[]) as e(ordinal, vector)
     where d.org_id = ${orgId} and d.document_id = ${id} and d.version = ${version} and d.ordinal = e.ordinal`);

/** Replaces the old version's chunks by the drafts if every draft has its vector; null when one has not. */
export const publishDrafts = (db: Database, { id, version }: DocumentVersion, threshold: number) =>
  db.execute<{ published: number | null }>(
    sql`select kalamna.publish_document(${id}::uuid, ${version}::int, ${threshold}::float8) as published`,
  );
