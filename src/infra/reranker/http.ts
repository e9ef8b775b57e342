/** A reranker behind `POST /rerank` as Cohere, Jina, Voyage-compatible gateways, vLLM and Infinity speak it. */
import * as z from "zod";
import { circuit } from "../openai/circuit.ts";
import { deadline } from "../openai/deadline.ts";
import { ProviderError, providerFailure } from "../openai/failure.ts";
import { post } from "../openai/post.ts";
import type { ProviderConfig } from "../openai/provider.ts";
import type { Passage, Ranking, Rerankers } from "./port.ts";

const CODES = { unavailable: "model_unavailable", failed: "model_failed" } as const;
/** Enough for the right passage to be among them, little enough to be read at once. */
const DEPTH = 30;

const Reply = z.object({
  results: z.array(z.object({ index: z.number().int().min(0), relevance_score: z.number() })),
});

/** @param config `baseURL` is what stands before `/rerank` */
export function httpReranker(config: ProviderConfig): Rerankers {
  const gate = circuit();
  const reranker = {
    model: config.model,
    depth: DEPTH,
    async rank(question: string, passages: readonly Passage[], signal: AbortSignal) {
      const pass = gate.enter();
      if (!pass) return null;
      try {
        const ranking = await ask(config, question, passages, signal);
        pass.succeeded();
        return ranking;
      } catch (thrown) {
        if (!signal.aborted) pass.failed(thrown);
        throw thrown;
      } finally {
        pass.left();
      }
    },
  };
  return {
    spendsTokens: false,
    for: () => reranker,
    report: () => ({ model: config.model, ...gate.report() }),
  };
}

async function ask(
  config: ProviderConfig,
  question: string,
  passages: readonly Passage[],
  signal: AbortSignal,
): Promise<Ranking> {
  const clock = deadline(config.timeoutMs, signal);
  try {
    const body = {
      model: config.model,
      query: question,
      documents: passages.map(({ title, content }) => `${title}\n${content}`),
      top_n: passages.length,
    };
    const response = await post(config, "/rerank", body, clock.signal);
    return ranking(await response.json(), passages.length);
  } catch (thrown) {
    if (clock.expired()) throw new ProviderError("model_unavailable", "timeout", { cause: thrown });
    throw providerFailure(thrown, CODES, config.keyName);
  } finally {
    clock.clear();
  }
}

/** @throws ProviderError for places that do not exist, stand there twice, or none at all */
function ranking(raw: unknown, count: number): Ranking {
  const { data } = Reply.safeParse(raw);
  const indexes = data?.results.map(({ index }) => index) ?? [];
  if (
    !data ||
    indexes.length === 0 ||
    indexes.some((index) => index >= count) ||
    new Set(indexes).size < indexes.length
  ) {
    const detail = "The reranker's reply is not what its protocol says.";
    throw new ProviderError("model_failed", "unreadable", { detail });
  }
  // Some models give logits instead of probabilities.
  const isLogit = data.results.some(({ relevance_score: score }) => score < 0 || score > 1);
  const scoreOf = (score: number) => (isLogit ? 1 / (1 + Math.exp(-score)) : score);
  return {
    order: data.results
      .map(({ index, relevance_score }) => ({ index, score: scoreOf(relevance_score) }))
      .sort((a, b) => b.score - a.score || a.index - b.index),
    spent: null,
  };
}
