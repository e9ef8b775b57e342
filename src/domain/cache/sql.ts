/** Statements about kept answers; migrations/0035_answer_cache.sql holds what they call. */
import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { vectorText } from "../../infra/db/vector.ts";
import type { Embedded } from "../retrieval/search.ts";
import type { CacheKey } from "./key.ts";

/** What the reader's answer is to be kept under, and the one that is kept; null where the organization wants no cache. */
export type Looked<Payload> = {
  audience: string;
  corpus_version: number;
  hit: { exact: boolean; age_seconds: number; payload: Payload } | null;
} | null;

/** @param closest the least cosine of a near question; null where the embedder has no say */
export const cachedAnswer = (key: CacheKey | null, question: Embedded | null, closest: number | null): SQL =>
  key
    ? sql`kalamna.cached_answer(
        decode(${key.exact}, 'hex'), decode(${key.near}, 'hex'), ${question && vectorText(question.vector)}::halfvec,
        ${question?.model ?? null}, ${closest}::float8)`
    : sql`null::json`;

export type Kept = {
  audience: string;
  version: number;
  key: CacheKey;
  question: Embedded | null;
  payload: unknown;
  documentIds: readonly string[];
};

/** In a service's batch. Nothing is kept when the corpus has changed since. */
export const keepAnswer = (db: Database, { audience, version, key, question, payload, documentIds }: Kept) =>
  db.execute(sql`
    select kalamna.keep_answer(
      ${audience}, decode(${key.exact}, 'hex'), decode(${key.near}, 'hex'), ${version}::bigint,
      ${question?.model ?? null}, ${question && vectorText(question.vector)}::halfvec,
      ${JSON.stringify(payload)}::jsonb, ${sql.param([...documentIds])}::uuid[])`);

/** For a system batch: how many it took away. @param most kept for each organization */
export const sweepAnswers = (db: Database, most: number) =>
  db.execute<{ removed: number }>(sql`select kalamna.sweep_answer_cache(${most}::int) as removed`);
