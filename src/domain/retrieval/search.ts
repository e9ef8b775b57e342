/** Finds the passages that answer a question, among those its reader may see. */
import * as z from "zod";
import { ACCESS_LEVELS, type Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Spent } from "../../infra/chat-model/port.ts";
import type { Database } from "../../infra/db/client.ts";
import { type Statement, tenantBatch } from "../../infra/db/tenant.ts";
import type { Embedder } from "../../infra/embedder/port.ts";
import type { Reranker } from "../../infra/reranker/port.ts";
import { Metadata } from "../documents/metadata.ts";
import { Filter } from "./filter.ts";
import { queryTerms } from "./lexicon.ts";
import type { Joined } from "./neighbours.ts";
import { joinNeighbours } from "./neighbours.ts";
import { type Relevant, rank } from "./rank.ts";
import { withoutRepeats } from "./repeats.ts";
import { type RerankReport, rerank } from "./rerank.ts";
import { spread } from "./spread.ts";
import { type Depth, type Found, findChunks, type Hit, type SearchSettings } from "./sql.ts";
import { asAsked, EXPANSIONS, type QueryReport, type Understood } from "./understand.ts";

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
  /** Passages whose `relevance` is lower are no evidence; when none is left, the documents do not speak of this. */
  min_score: z.number().min(0).max(1).optional(),
  /** `false`: the order stands as it is, though a reranker is configured. */
  rerank: z.boolean().optional(),
  /** `auto`: a language model, where there is one, makes a follow-up a question of its own. */
  rewrite: z.enum(["auto", "off"]).optional(),
  /** What a language model adds to the question: other wordings, or an imagined answer. */
  expand: z.enum(EXPANSIONS).optional(),
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
    /** What was searched for, where that is not the question alone: a follow-up, or more was asked for. */
    query?: QueryReport;
    /** The second look at the best candidates, where somebody is there to take it. */
    rerank?: RerankReport;
    /** Passages below it were left out: the request's, or the organization's. */
    min_score?: number;
    /** Milliseconds from the question to the order, embedding included. */
    ms: number;
    /** Share of the question's weight that the best chunk answers, about 0 to 1. */
    off_topic_ratio: number;
    /** The documents do not speak of this. */
    off_topic: boolean;
  };
};

export type Result = Omit<Hit, "lexical" | "telling" | "vector"> &
  Joined & {
    /** Relative to the best hit, 0 to 1. */
    score: number;
    /** How much of the question it answers, 0 to 1, whatever else was found: what `min_score` is compared with. */
    relevance: number;
    scores: { lexical: number; vector: number | null };
  };

/** Below this share of its weight answered, nine of ten off-topic questions and few others are found (docs/decisions.md). */
const OFF_TOPIC = 0.29;
/** No passage answers all that was said before as well. */
const OFF_TOPIC_FOLLOW_UP = 0.23;

/** Candidates per arm when both have a say; each comes with its text, so this is what travels. */
const HYBRID_DEPTH = 50;
/** Times as many as are wanted where the words decide alone: some repeat others, some are joined. */
const SPARE = 2;
/** Enough to show that the vector arm works while the lexical one decides. */
const SILENT_DEPTH = 5;
/** When repeats leave too few: times as deep, and how often, each a further trip to the database. */
const DEEPER = 4;
const DEEPENINGS = 3;
/** Other wordings together count as much as the question itself. */
const VARIANTS_SHARE = 0.5;

export type Sought = {
  found: SearchResult;
  /** What was searched for, as a vector; null when nobody offers the organization's embedding model. */
  embedded: Embedded | null;
  /** What the reranker used up. */
  spent: Spent[];
};

/** A question as a vector, and which model's. */
export type Embedded = { model: string; vector: number[] };

/**
 * The `top_k` best passages, best first; empty when no passage has anything to do with the question. Asks no language
 * model: domain/answers/find.ts does, where one is wanted.
 * @throws AppError `embedder_failed` | `embedder_unavailable` | `session_revoked` | `database_unavailable`
 */
export async function search(ctx: Ctx, input: SearchInput): Promise<SearchResult> {
  const { rerankers } = ctx.ports;
  const reranker = rerankers?.spendsTokens ? null : (rerankers?.for(ctx.ports.chat) ?? null);
  const ask = await prepare(ctx, input, asAsked(input, "not_done"));
  const { found } = await ask.finish(
    await tenantBatch(ctx, (db) => ask.find(db), "retrieve"),
    () => reranker,
  );
  return found;
}

/** Statements that travel in a search's batch. */
export type Around<F extends Statement, L extends Statement> = {
  /**
   * Sees nothing newer than the search does; is told what is searched for, as text and as a vector in the model that the
   * organization was last seen with.
   */
  first?: ((db: Database, embedded: Embedded | null, text: string) => F) | undefined;
  /** What must happen with this search or not at all. */
  last?: ((db: Database) => L) | undefined;
  /** Comes after that, and does not change its result. */
  more?: ((db: Database) => readonly Statement[]) | undefined;
};

/** What the statements around a search said. */
export type Beside<F extends Statement, L extends Statement> = {
  first: F["_"]["result"] | undefined;
  last: L["_"]["result"] | undefined;
};

/** Who reranks, if anybody, once it is known how the search went. */
export type RerankerOf = (mode: SearchResult["retrieval"]["mode"]) => Reranker | null;

/**
 * The same between other statements of its batch.
 * @param rerankerOf called once the batch is done
 * @throws AppError what {@link search} throws, and whatever the others fail with
 */
export async function searchBetween<F extends Statement, L extends Statement>(
  ctx: Ctx,
  input: SearchInput,
  { first, last, more }: Around<F, L>,
  rerankerOf: (beside: Beside<F, L>) => RerankerOf,
  understood?: Understood,
): Promise<Sought & { first: F["_"]["result"] | undefined }> {
  const ask = await prepare(ctx, input, understood);
  const results: unknown[] = await tenantBatch<Statement[]>(
    ctx,
    (db) => [
      ...(first ? [first(db, ask.embedded(), ask.text)] : []),
      ...ask.find(db),
      ...(last ? [last(db)] : []),
      ...(more ? more(db) : []),
    ],
    "retrieve",
  );
  const before = first && (results.shift() as F["_"]["result"]);
  const rows = results.splice(0, ask.statements) as Rows;
  const after = last && (results.shift() as L["_"]["result"]);
  return { ...(await ask.finish(rows, rerankerOf({ first: before, last: after }))), first: before };
}

type Rows = { rows: { found: Found; settings: SearchSettings | null }[] }[];

/** The statements that find, one for each thing to look for, and what to make of their rows. */
async function prepare(ctx: Ctx, input: SearchInput, understood: Understood | undefined) {
  const { embedders } = ctx.ports;
  const { orgId } = ctx.actor;
  const started = ctx.now().getTime();
  const filters = {
    documentIds: input.document_ids ?? null,
    metadata: input.metadata ?? null,
    accessLevel: input.access_level ?? null,
    where: input.filters ?? null,
  };
  const { standalone = null, variants = [] } = understood?.report ?? {};
  // On its own feet it needs no help from what was said before.
  const history = standalone === null ? input.history : [];
  const asked = [
    {
      text: standalone ?? input.query,
      weight: 1,
      terms: queryTerms(orgId, standalone ?? input.query, history),
    },
    ...variants.map((text) => ({
      text,
      weight: VARIANTS_SHARE / variants.length,
      terms: queryTerms(orgId, text),
    })),
  ];
  const inModel = async (model: string) => {
    const embedder = embedders.of(model);
    const vectors = embedder
      ? await embedQuestions(
          ctx,
          embedder,
          asked.map(({ text }) => text),
        )
      : [];
    const [vector] = vectors;
    return {
      embedder,
      embedded: vector ? { model, vector } : null,
      find: (db: Database, depth: Depth) =>
        asked.map(({ terms }, at) => findChunks(db, model, vectors[at] ?? null, terms, filters, depth)),
    };
  };
  const guess = embedders.guess(orgId);
  let current = await inModel(guess);
  let depth = depthOf(current.embedder, input.top_k);
  const again = async () => tenantBatch(ctx, (db) => current.find(db, depth), "retrieve");

  return {
    text: standalone ?? input.query,
    embedded: () => current.embedded,
    statements: asked.length,
    find: (db: Database) => current.find(db, depth),
    async finish(first: Rows, rerankerOf: RerankerOf): Promise<Sought> {
      let rows = first;
      let found = foundIn(rows);
      if (found[0].model) embedders.saw(orgId, found[0].model);
      if (found[0].model && found[0].model !== guess) {
        // The model changed since this isolate last looked. When nobody offers the new one, the words have answered.
        current = await inModel(found[0].model);
        depth = depthOf(current.embedder, input.top_k);
        if (current.embedder) {
          rows = await again();
          found = foundIn(rows);
        }
      }
      // It may have changed once more in between; then only the words count.
      const share = found[0].vector.path === "none" ? 0 : (current.embedder?.fusionWeight ?? 0);
      if (!current.embedder) ctx.log.add({ embedding_model_gone: found[0].model });

      let hits = candidates(found, asked, share);
      for (let times = 0; times < DEEPENINGS && mayLack(hits, found, depth, input.top_k); times++) {
        depth = { lexical: depth.lexical * DEEPER, vector: depth.vector * DEEPER };
        found = foundIn(await again());
        hits = candidates(found, asked, share);
      }
      const settings = rows[0]?.rows[0]?.settings;
      const reranker = rerankerOf(share > 0 ? "hybrid" : "lexical");
      const second =
        reranker && input.rerank !== false && settings?.rerank !== false && hits.length > 1
          ? await rerank(ctx, reranker, asked[0]?.text ?? input.query, hits)
          : null;
      const least = input.min_score ?? settings?.min_score ?? undefined;
      const enough = (second?.hits ?? hits).filter(({ relevance }) => relevance >= (least ?? 0));
      const results = joinNeighbours(spread(enough, input.top_k), input.top_k);
      const retrieval = {
        ...report(found, { model: found[0].model ?? guess, hybrid: share > 0 }),
        ...(understood ? { query: understood.report } : {}),
        ...(second ? { rerank: second.report } : {}),
        ...(least === undefined ? {} : { min_score: least }),
        ms: ctx.now().getTime() - started,
      };
      const threshold = history.length > 0 ? OFF_TOPIC_FOLLOW_UP : OFF_TOPIC;
      const off_topic =
        least === undefined
          ? // With real embeddings a good passage may share no word with the question; then the model judges.
            share === 0 && retrieval.off_topic_ratio < threshold
          : results.length === 0;
      ctx.log.add({ hits: results.length, off_topic });
      return {
        found: { results: results.map(toResult), retrieval: { ...retrieval, off_topic } },
        embedded: current.embedded,
        spent: second?.spent ?? [],
      };
    },
  };
}

function foundIn(rows: Rows): [Found, ...Found[]] {
  const [first, ...more] = rows.flatMap((one) => one.rows.map(({ found }) => found));
  if (!first) throw new AppError("internal");
  return [first, ...more];
}

async function embedQuestions(ctx: Ctx, embedder: Embedder, texts: string[]): Promise<number[][]> {
  const vectors = await ctx.log.step("embed", () => embedder.embed(texts, ctx.signal));
  if (vectors.length < texts.length) throw new AppError("embedder_failed");
  return vectors;
}

function depthOf(embedder: Embedder | undefined, topK: number): Depth {
  return embedder && embedder.fusionWeight > 0
    ? { lexical: Math.max(HYBRID_DEPTH, topK), vector: Math.max(HYBRID_DEPTH, topK) }
    : { lexical: topK * SPARE, vector: SILENT_DEPTH };
}

function candidates(
  found: readonly Found[],
  asked: readonly { weight: number }[],
  share: number,
): Relevant[] {
  return withoutRepeats(
    rank(
      found.map((one, at) => ({ found: one, weight: asked[at]?.weight ?? 0 })),
      share,
    ),
  );
}

/** Fewer passages than were asked for, although an arm had more to bring. */
function mayLack(hits: readonly Relevant[], found: readonly Found[], depth: Depth, topK: number): boolean {
  const more = found.some(
    ({ lexical, vector }) =>
      lexical.found >= depth.lexical || (depth.vector > SILENT_DEPTH && vector.found >= depth.vector),
  );
  return more && joinNeighbours(hits, topK).length < topK;
}

function report(found: [Found, ...Found[]], { model, hybrid }: { model: string; hybrid: boolean }) {
  const [first] = found;
  // An imagined answer counts as well: it is there to find what the question's own words do not.
  const ratio = Math.max(
    ...found.map(({ hits, reach }) =>
      reach > 0 ? Math.max(0, ...hits.map(({ telling }) => telling)) / reach : 0,
    ),
  );
  return {
    mode: hybrid ? ("hybrid" as const) : ("lexical" as const),
    embedding_model: model,
    candidates: { lexical: first.lexical.found, vector: first.vector.found },
    paths: { lexical: first.lexical.path, vector: first.vector.path },
    off_topic_ratio: Math.round(ratio * 1000) / 1000,
  };
}

function toResult({ lexical, telling: _, vector, ...hit }: Relevant & Joined): Result {
  return { ...hit, scores: { lexical, vector } };
}
