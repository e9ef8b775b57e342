/** The one statement of retrieval; the migrations named subject and filters hold what it calls, with 0002 and 0016. */
import { sql } from "drizzle-orm";
import type { Access } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { vectorText } from "../../infra/db/vector.ts";
import type { Metadata } from "../documents/metadata.ts";
import { type Filter, filterJson } from "./filter.ts";
import type { QueryTerms } from "./lexicon.ts";

/** What confines a search before anything is ranked; null confines nothing. */
export type Filters = {
  documentIds: readonly string[] | null;
  metadata: Metadata | null;
  accessLevel: Access | null;
  where: Filter | null;
};

/** A chunk that one of the arms found, with the scores of both. */
export type Hit = {
  chunk_id: string;
  document_id: string;
  document_name: string;
  title: string | null;
  version: number;
  ordinal: number;
  content: string;
  page: number | null;
  heading: string[];
  /** UTF-16 range in the canonical text of this version of the document. */
  start: number;
  end: number;
  access_level: Access;
  metadata: Metadata;
  /** BM25 with the neighbours' share; 0 when no word of the question occurs. */
  lexical: number;
  /** How well its words answer the question, of {@link Found.reach}; 0 when none of them occurs. */
  telling: number;
  /** Cosine; null when the chunk was embedded by another model. */
  vector: number | null;
};

export type Found = {
  /** Chunks the reader's statistics count. */
  corpus: number;
  /** What `telling` is of a chunk that answers every word of the question. */
  reach: number;
  lexical: { path: "exact" | "terms"; found: number };
  /** `none`: the question was not in the organization's model. */
  vector: { path: "exact" | "segments" | "none"; found: number };
  /** What the organization searches with; null while it has published nothing. */
  model: string | null;
  hits: Hit[];
};

/** What the organization decided; null where it did not. */
export type SearchSettings = { min_score: number | null; rerank: boolean | null };

/** Most chunks per arm. */
export type Depth = { lexical: number; vector: number };

export const findChunks = (
  db: Database,
  model: string,
  vector: readonly number[] | null,
  { terms, weights, lexemes }: QueryTerms,
  filters: Filters,
  depth: Depth,
) =>
  db.execute<{ found: Found; settings: SearchSettings | null }>(sql`
    select kalamna.search_chunks(
      ${vector && vectorText(vector)}::halfvec, ${model}, ${sql.param(terms)}::int[], ${sql.param(weights)}::float8[],
      ${sql.param(lexemes)}::text[], ${filters.documentIds ? sql.param(filters.documentIds) : null}::uuid[],
      ${filters.metadata ? JSON.stringify(filters.metadata) : null}::jsonb,
      ${filters.accessLevel && (filters.accessLevel === "internal" ? 1 : 0)}::smallint,
      ${depth.lexical}::int, ${depth.vector}::int, ${filters.where && filterJson(filters.where)}::jsonb) as found,
      (select json_build_object('min_score', o.settings -> 'min_score', 'rerank', o.settings -> 'rerank')
         from kalamna.organizations o where o.id = kalamna.org_id()) as settings`);
