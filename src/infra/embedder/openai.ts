/** An embedding model behind any provider that speaks the OpenAI protocol. */
import { APIError } from "openai/core/error";
import type { EmbeddingCreateParams } from "openai/resources/embeddings";
import * as z from "zod";
import { AppError } from "../../errors.ts";
import { deadline } from "../openai/deadline.ts";
import { ProviderError, providerFailure } from "../openai/failure.ts";
import { genAiSpan } from "../openai/gen-ai.ts";
import { post } from "../openai/post.ts";
import type { Patience, ProviderConfig } from "../openai/provider.ts";
import { activeSpan } from "../trace/active.ts";
import type { Span } from "../trace/port.ts";
import { DIMENSIONS, type Embedder } from "./port.ts";

const CODES = { unavailable: "embedder_unavailable", failed: "embedder_failed" } as const;
const MOST_TEXTS = 100;

const Reply = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()) })),
});

/** Not all of them count. */
const Usage = z.object({ usage: z.object({ prompt_tokens: z.number() }) });

export function openaiEmbedder(config: ProviderConfig): Embedder {
  // Models that can only give one length refuse the parameter; remembered for the life of the isolate.
  let asksForLength = true;
  return {
    model: config.model,
    mode: "openai",
    // Both from the facts: convex fusion starts at .5, the trial's segments broke at cosine .5.
    fusionWeight: 0.5,
    segmentThreshold: 0.5,
    async embed(texts, signal, patience) {
      if (texts.length === 0) return [];
      if (texts.length > MOST_TEXTS) throw new RangeError(`at most ${MOST_TEXTS} texts a call`);
      return activeSpan().run(...genAiSpan("embeddings", config), (span) =>
        embed(texts, signal, span, patience),
      );
    },
  };

  async function embed(
    texts: readonly string[],
    signal: AbortSignal,
    span: Span,
    patience: Patience | undefined,
  ): Promise<number[][]> {
    const firstMs = Math.min(config.timeoutMs, patience?.firstMs ?? config.timeoutMs);
    const clock = deadline(config.timeoutMs, signal, firstMs);
    try {
      const reply = await request(config, texts, asksForLength, clock.signal, patience).catch((thrown) => {
        if (!asksForLength || !refusesLength(thrown)) throw thrown;
        asksForLength = false;
        return request(config, texts, false, clock.signal, patience);
      });
      span.set({ "gen_ai.usage.input_tokens": Usage.safeParse(reply).data?.usage.prompt_tokens });
      return vectorsOf(reply, texts.length, config.model);
    } catch (thrown) {
      if (clock.expired()) {
        const detail = "The embedding model did not answer in time.";
        throw new ProviderError("embedder_unavailable", "timeout", { detail, cause: thrown });
      }
      throw providerFailure(thrown, CODES);
    } finally {
      clock.clear();
    }
  }
}

async function request(
  config: ProviderConfig,
  texts: readonly string[],
  withLength: boolean,
  signal: AbortSignal,
  patience: Patience | undefined,
): Promise<unknown> {
  const body: EmbeddingCreateParams = {
    model: config.model,
    input: [...texts],
    encoding_format: "float",
    ...(withLength ? { dimensions: DIMENSIONS } : {}),
  };
  const response = await post(config, "/embeddings", body, signal, patience);
  return response.json();
}

function refusesLength(thrown: unknown): boolean {
  return (
    thrown instanceof APIError &&
    (thrown.status === 400 || thrown.status === 422) &&
    /dimension|matryoshka/i.test(thrown.message)
  );
}

/** One unit-length vector per text, in the order of the texts. */
function vectorsOf(raw: unknown, count: number, model: string): number[][] {
  const parsed = Reply.safeParse(raw);
  if (!parsed.success) {
    throw new AppError("embedder_failed", {
      detail: "The embedding model's reply is not what its protocol says.",
      cause: parsed.error,
    });
  }
  const rows = parsed.data.data.toSorted((a, b) => a.index - b.index);
  if (rows.length !== count || rows.some((row, at) => row.index !== at)) {
    throw new AppError("embedder_failed", {
      detail: `The embedding model gave ${rows.length} vectors for ${count} texts.`,
    });
  }
  return rows.map(({ embedding }) => {
    if (embedding.length !== DIMENSIONS) {
      throw new AppError("embedder_failed", {
        detail: `The embedding model ${model} gives ${embedding.length} numbers instead of ${DIMENSIONS}. Set EMBEDDING_MODEL to one that can give ${DIMENSIONS}, e.g. text-embedding-3-small or nomic-embed-text, or to offline.`,
      });
    }
    return unit(embedding);
  });
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  if (!(length > 0) || !Number.isFinite(length)) {
    throw new AppError("embedder_failed", { detail: "The embedding model gave a vector without direction." });
  }
  return vector.map((value) => value / length);
}
