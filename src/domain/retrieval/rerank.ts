/** Lets a reranker put the best candidates in its order; without an answer from it the order stands. */
import type { Ctx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import type { Spent } from "../../infra/chat-model/port.ts";
import type { Fault } from "../../infra/openai/port.ts";
import type { Ranking, Reranker } from "../../infra/reranker/port.ts";
import { faultOf } from "../models/fault.ts";

export type RerankReport = {
  model: string;
  ms: number;
  /** `ok`, or why the order is the one that there was before. */
  outcome: "ok" | "circuit_open" | Fault;
};

export type Candidate = {
  document_name: string;
  title: string | null;
  heading: readonly string[];
  content: string;
  score: number;
  relevance: number;
};

/**
 * Reorders the first of `hits`, best first. Scores stay in their places, so that they still fall; a hit's relevance is the
 * reranker's where it gives one.
 */
export async function rerank<Hit extends Candidate>(
  ctx: Pick<Ctx, "log" | "signal" | "now">,
  reranker: Reranker,
  question: string,
  hits: readonly Hit[],
): Promise<{ hits: Hit[]; report: RerankReport; spent: Spent[] }> {
  const shown = hits.slice(0, reranker.depth);
  const passages = shown.map(({ title, document_name, heading, content }) => ({
    title: [title ?? document_name, ...heading].join(" > "),
    content,
  }));
  const started = ctx.now().getTime();
  let outcome: RerankReport["outcome"] = "ok";
  let ranking: Ranking | null = null;
  try {
    ranking = await ctx.log.step("rerank", () => reranker.rank(question, passages, ctx.signal), {
      attributes: { "gen_ai.request.model": reranker.model, "kalamna.passages": passages.length },
    });
    if (!ranking) outcome = "circuit_open";
    else if (!ranking.order) outcome = "unreadable";
  } catch (thrown) {
    ctx.signal.throwIfAborted();
    outcome = faultOf(thrown);
    ctx.log.add({ rerank_failed: toAppError(thrown).code });
  }
  ctx.log.add({ rerank: outcome });
  return {
    hits: ranking?.order ? reordered(hits, ranking.order) : [...hits],
    report: { model: ranking?.spent?.model ?? reranker.model, ms: ctx.now().getTime() - started, outcome },
    spent: ranking?.spent ? [ranking.spent] : [],
  };
}

function reordered<Hit extends Candidate>(hits: readonly Hit[], order: Ranking["order"] & {}): Hit[] {
  const named = order.flatMap(({ index, score }) => {
    const hit = hits[index];
    return hit ? [score === null ? hit : { ...hit, relevance: score }] : [];
  });
  const chosen = new Set(order.map(({ index }) => index));
  return [...named, ...hits.filter((_, at) => !chosen.has(at))].map((hit, at) => ({
    ...hit,
    score: hits[at]?.score ?? 0,
  }));
}
