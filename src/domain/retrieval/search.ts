/** Finds the passages that answer a question, among those its reader may see. */
import * as z from "zod";
import { ACCESS_LEVELS, type Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Database } from "../../infra/db/client.ts";
import { type Statement, tenantBatch } from "../../infra/db/tenant.ts";
import type { Embedder } from "../../infra/embedder/port.ts";
import { Metadata } from "../documents/metadata.ts";
import { distinct } from "./distinct.ts";
import { Filter } from "./filter.ts";
import { fuse } from "./fuse.ts";
import { queryTerms } from "./lexicon.ts";
import { type Depth, type Found, findChunks, type Hit } from "./sql.ts";

const Turn = z.object({ role: z.enum(["user", "assistant"]), content: z.string().max(16_000) });

export const SearchInput = z.object({
  query: z.string().trim().min(1).max(4_000),
  top_k: z.number().int().min(1).max(50).default(8),
  /** Only these documents; others' ids find nothing. */
  document_ids: z.array(z.uuid()).min(1).max(100).optional(),
  /** Only documents that carry all of these labels. */
  metadata: Metadata.optional(),
  access_level: z.enum(ACCESS_LEVELS).optional(),
  /** Only documents that this holds for; see filter.ts. */
  filters: Filter.optional(),
  /** Earlier turns of the conversation, oldest first: a follow-up is understood in their light. */
  history: z.array(Turn).max(20).default([]),
});
export type SearchInput = z.infer<typeof SearchInput>;

export type SearchResult = {
  results: Result[];
  retrieval: {
    /** `lexical` when the vector arm has no say in the order. */
    mode: "hybrid" | "lexical";
    /** What the organization's vectors are of. */
    embedding_model: string;
    /** Chunks each arm brought, and how it looked for them. */
    candidates: { lexical: number; vector: number };
    /** `none`: nobody offers the organization's embedding model at the moment, or it has published nothing. */
    paths: { lexical: "exact" | "terms"; vector: "exact" | "segments" | "none" };
    /** Milliseconds from the question to the order, embedding included. */
    ms: number;
    /** Share of the question's weight that the best chunk answers, about 0 to 1. */
    off_topic_ratio: number;
    /** The documents do not speak of this. */
    off_topic: boolean;
  };
};

export type Result = Omit<Hit, "lexical" | "vector"> & {
  /** Relative to the best hit, 0 to 1. */
  score: number;
  scores: { lexical: number; vector: number | null };
};

/** Below this share of its weight answered, 86 to 100 % of off-topic questions and few others are found (facts). */
const OFF_TOPIC = 0.25;
/** No passage answers all that was said before as well: 35 % found, 7 % wrongly (MTRAG-UN). */
const OFF_TOPIC_FOLLOW_UP = 0.2;

/** Candidates per arm when both have a say; each comes with its text, so this is what travels. */
const HYBRID_DEPTH = 50;
/** Times as many as are wanted where the words decide alone: some may repeat others. */
const SPARE = 2;
/** Enough to show that the vector arm works while the lexical one decides. */
const SILENT_DEPTH = 5;

/**
 * The `top_k` best passages, best first; empty when no passage has anything to do with the question.
 * @throws AppError `embedder_failed` | `embedder_unavailable` | `session_revoked` | `database_unavailable`
 */
export async function search(ctx: Ctx, input: SearchInput): Promise<SearchResult> {
  const ask = await prepare(ctx, input);
  const [found] = await tenantBatch(ctx, (db) => [ask.find(db)]);
  return ask.finish(found);
}

/**
 * The same between other statements of its batch: what must happen with this search or not at all.
 * @param first sees nothing newer than the search does; it is told the question's vector, in the model that the
 *   organization was last seen with
 * @param more comes after `last`, whose result it does not change
 * @throws AppError what {@link search} throws, and whatever the others fail with
 */
export async function searchBetween<F extends Statement, L extends Statement>(
  ctx: Ctx,
  input: SearchInput,
  first: (db: Database, embedded: Embedded | null) => F,
  last: (db: Database) => L,
  more: (db: Database) => readonly Statement[] = () => [],
): Promise<{
  first: F["_"]["result"];
  found: SearchResult;
  embedded: Embedded | null;
  last: L["_"]["result"];
}> {
  const ask = await prepare(ctx, input);
  const guessed = ask.embedded();
  const [before, rows, after] = await tenantBatch(ctx, (db) => [
    first(db, guessed),
    ask.find(db),
    last(db),
    ...more(db),
  ]);
  return { first: before, found: await ask.finish(rows), embedded: ask.embedded(), last: after };
}

/** A question as a vector, and which model's. */
export type Embedded = { model: string; vector: number[] };

type Rows = { rows: { found: Found }[] };

/** The statement that finds, and what to make of its rows. */
async function prepare(ctx: Ctx, input: SearchInput) {
  const { embedders } = ctx.ports;
  const started = ctx.now().getTime();
  const terms = queryTerms(ctx.actor.orgId, input.query, input.history);
  const filters = {
    documentIds: input.document_ids ?? null,
    metadata: input.metadata ?? null,
    accessLevel: input.access_level ?? null,
    where: input.filters ?? null,
  };
  const inModel = async (model: string) => {
    const embedder = embedders.of(model);
    const vector = embedder ? await embedQuestion(ctx, embedder, input.query) : null;
    const depth = depthOf(embedder, input.top_k);
    return {
      embedder,
      embedded: vector && { model, vector },
      find: (db: Database) => findChunks(db, model, vector, terms, filters, depth),
    };
  };
  const guess = embedders.guess(ctx.actor.orgId);
  const first = await inModel(guess);
  let { embedded } = first;
  return {
    find: first.find,
    embedded: () => embedded,
    async finish({ rows }: Rows): Promise<SearchResult> {
      let found = rows[0]?.found;
      let { embedder } = first;
      if (found?.model) embedders.saw(ctx.actor.orgId, found.model);
      if (found?.model && found.model !== guess) {
        // The model changed since this isolate last looked. When nobody offers the new one, the words have answered.
        const second = await inModel(found.model);
        ({ embedder, embedded } = second);
        if (embedder) {
          const [again] = await tenantBatch(ctx, (db) => [second.find(db)]);
          found = again.rows[0]?.found;
        }
      }
      if (!found) throw new AppError("internal");
      // It may have changed once more in between; then only the words count.
      const weight = found.vector.path === "none" ? 0 : (embedder?.fusionWeight ?? 0);
      if (!embedder) ctx.log.add({ embedding_model_gone: found.model });
      const hits = distinct(fuse(found.hits, weight, Number.POSITIVE_INFINITY)).slice(0, input.top_k);
      const retrieval = report(
        found,
        { model: found.model ?? guess, weight },
        {
          offTopic: input.history.length > 0 ? OFF_TOPIC_FOLLOW_UP : OFF_TOPIC,
          ms: ctx.now().getTime() - started,
        },
      );
      ctx.log.add({ hits: hits.length, off_topic: retrieval.off_topic });
      return { results: hits.map(toResult), retrieval };
    },
  };
}

async function embedQuestion(ctx: Ctx, embedder: Embedder, query: string): Promise<number[]> {
  const [vector] = await ctx.log.step("embed", () => embedder.embed([query], ctx.signal));
  if (!vector) throw new AppError("embedder_failed");
  return vector;
}

function depthOf(embedder: Embedder | undefined, topK: number): Depth {
  return embedder && embedder.fusionWeight > 0
    ? { lexical: Math.max(HYBRID_DEPTH, topK), vector: Math.max(HYBRID_DEPTH, topK) }
    : { lexical: topK * SPARE, vector: SILENT_DEPTH };
}

function report(
  found: Found,
  { model, weight }: { model: string; weight: number },
  { offTopic, ms }: { offTopic: number; ms: number },
): SearchResult["retrieval"] {
  const best = Math.max(0, ...found.hits.map(({ lexical }) => lexical));
  const ratio = found.reach > 0 ? best / found.reach : 0;
  const hybrid = weight > 0;
  return {
    mode: hybrid ? "hybrid" : "lexical",
    embedding_model: model,
    candidates: { lexical: found.lexical.found, vector: found.vector.found },
    paths: { lexical: found.lexical.path, vector: found.vector.path },
    ms,
    off_topic_ratio: Math.round(ratio * 1000) / 1000,
    // With real embeddings a good passage may share no word with the question; then the model judges.
    off_topic: !hybrid && ratio < offTopic,
  };
}

function toResult({ lexical, vector, ...hit }: Hit & { score: number }): Result {
  return { ...hit, scores: { lexical, vector } };
}
