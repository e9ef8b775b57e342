/** What answers a question without a model: an answer that was taught, or one that was kept. */
import type { Ctx } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { CacheKey } from "../cache/key.ts";
import type { Looked } from "../cache/sql.ts";
import { compared } from "../knowledge/phrases.ts";
import type { Taught } from "../knowledge/sql.ts";
import type { Embedded, SearchInput, SearchResult } from "../retrieval/search.ts";
import type { Hit, Payload } from "./cached.ts";
import { jsonFormat, type ResponseFormat } from "./format.ts";
import { lookUp } from "./sql.ts";
import { asSources, type Known, knownOf } from "./taught.ts";

/** Cosine from which a question with the same words is taken for the same question. */
const NEAR = 0.93;

type Asked = SearchInput & { response_format?: ResponseFormat | undefined; telemetry?: boolean | undefined };

/** The statement that looks both up, for the search's batch. */
export const looker =
  ({ ports }: Ctx, input: Asked, key: CacheKey | null) =>
  (db: Database, question: Embedded | null, text: string) => {
    const hasSay = question !== null && (ports.embedders.of(question.model)?.fusionWeight ?? 0) > 0;
    return lookUp(db, question, compared(text), input.access_level ?? null, key, hasSay ? NEAR : null);
  };

type Looker = ReturnType<typeof looker>;
export type LookedUp = { rows: { taught: Taught | null; cached: Looked<Payload> }[] };

/** How it was searched for. */
type Searched = { standalone: string | null; mode: SearchResult["retrieval"]["mode"] };

export type Answers = {
  known: Known;
  /** A taught answer would do, were no form asked for: the documents may speak of it or not. */
  isTaught: boolean;
  hit: Hit | null;
  /** Where an answer may be kept; null where it was not looked up. */
  cached: Looked<Payload>;
};

export function answersIn(
  input: Asked,
  looked: LookedUp | undefined,
  { standalone, mode }: Searched,
): Answers {
  const { taught = null, cached = null } = looked?.rows[0] ?? {};
  const matched = knownOf(
    standalone ? { ...input, query: standalone, history: [] } : input,
    taught,
    mode === "hybrid",
  );
  // A form is for a model to fill in, and logs say more; what was taught is then a source, whatever documents speak of.
  const known = jsonFormat(input.response_format) || input.telemetry ? asSources(matched) : matched;
  return {
    known,
    isTaught: matched.answer !== null,
    hit: known.answer ? null : (cached?.hit ?? null),
    cached,
  };
}

export const isAnswered = ({ known, hit }: Answers): boolean => known.answer !== null || hit !== null;

/** Would it be answered without a model? A trip of its own, for questions that may not cost anything. */
export async function isKnown(ctx: Ctx, input: Asked, look: Looker): Promise<boolean> {
  const { embedders } = ctx.ports;
  const model = embedders.guess(ctx.actor.orgId);
  const embedder = embedders.of(model);
  const [vector] = embedder
    ? await ctx.log.step("embed", () => embedder.embed([input.query], ctx.signal))
    : [];
  const question = vector ? { model, vector } : null;
  const [looked] = await tenantBatch(ctx, (db) => [look(db, question, input.query)]);
  const mode = (embedder?.fusionWeight ?? 0) > 0 ? "hybrid" : "lexical";
  return isAnswered(answersIn(input, looked, { standalone: null, mode }));
}
