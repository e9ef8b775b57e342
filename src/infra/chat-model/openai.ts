/** A chat model behind any provider that speaks the OpenAI protocol. */
import type { OpenAI } from "openai/client";
import { Stream } from "openai/core/streaming";
import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import * as z from "zod";
import { deadline } from "../openai/deadline.ts";
import { ProviderError, providerFailure } from "../openai/failure.ts";
import { genAiSpan } from "../openai/gen-ai.ts";
import { post } from "../openai/post.ts";
import type { Patience, ProviderConfig } from "../openai/provider.ts";
import type { Span } from "../trace/port.ts";
import type { ChatDelta, ChatInput, ChatModel, Limits, Price } from "./port.ts";
import { traced } from "./traced.ts";

const CODES = { unavailable: "model_unavailable", failed: "model_failed" } as const;

/** What we read of a chunk. Providers put other things into the same stream; those are passed over. */
const Chunk = z.object({
  model: z.string().nullish().catch(undefined),
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
});

type ResponseFormat = NonNullable<ChatCompletionCreateParamsStreaming["response_format"]>;

/** Reasoning models know neither `max_tokens` nor a temperature. */
const REASONING = /^(?:[\w-]+\/)?(?:o\d|gpt-(?:[5-9]|\d{2}))/;

/** The package's stream logs to the console unless its client says otherwise; this one has no logger. */
const SILENT = {} as OpenAI;

export type ChatConfig = ProviderConfig & {
  /** What it is called here; two providers may have models of the same name. */
  name?: string;
  limits?: Limits;
  price?: Price;
};

export function openaiChat(config: ChatConfig): ChatModel {
  const { limits, price } = config;
  return {
    model: config.name ?? config.model,
    mode: "openai",
    ...(limits ? { limits } : {}),
    ...(price ? { price } : {}),
    stream: (input, signal, patience) =>
      traced(...genAiSpan("chat", config), (span) => streamChat(config, input, signal, span, patience)),
  };
}

/**
 * @throws ProviderError `model_unavailable` when the provider cannot be reached, is overloaded, takes longer than the time
 *   allowed or breaks off; `model_failed` when it refuses or its answer is empty or unreadable
 */
async function* streamChat(
  config: ChatConfig,
  input: ChatInput,
  signal: AbortSignal,
  span: Span,
  patience: Patience = {},
): AsyncGenerator<ChatDelta, void, undefined> {
  const firstMs = Math.min(config.timeoutMs, patience.firstMs ?? config.timeoutMs);
  const clock = deadline(config.timeoutMs, signal, firstMs);
  let named = false;
  let spoken = false;
  let finished = false;
  let filtered = false;
  let usage: ChatDelta | undefined;
  try {
    const response = await post(
      config,
      "/chat/completions",
      requestFor(config, input),
      clock.signal,
      patience,
    );
    demandEvents(response, clock.controller);
    const stream = Stream.fromSSEResponse<unknown>(response, clock.controller, SILENT);
    for await (const raw of stream) {
      const { data: chunk } = Chunk.safeParse(raw);
      const choice = chunk?.choices?.[0];
      if (chunk?.model && !named) span.set({ "gen_ai.response.model": chunk.model });
      named ||= Boolean(chunk?.model);
      if (choice?.delta?.content) {
        spoken ||= choice.delta.content.trim() !== "";
        if (spoken) clock.hold(); // a slow reader is not the provider's silence
        yield { type: "text", text: choice.delta.content };
      }
      if (choice?.finish_reason) finished = true;
      if (choice?.finish_reason === "content_filter") filtered = true;
      if (chunk?.usage) {
        // Gemini counts in every chunk, the others in one behind the last.
        if (!choice) finished = true;
        const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = chunk.usage;
        usage = { type: "usage", promptTokens, completionTokens };
      }
      if (spoken) clock.extend();
    }
  } catch (thrown) {
    throw clock.expired() ? late(thrown) : providerFailure(thrown, CODES, config.keyName);
  } finally {
    clock.clear();
  }
  // The client ends a stream quietly when its request is aborted.
  if (clock.expired()) throw late();
  if (signal.aborted) return;
  if (filtered)
    throw new ProviderError("model_failed", "content_policy", {
      detail: "The model provider refuses to answer this.",
    });
  if (!finished) {
    const detail = "The language model's answer broke off.";
    throw new ProviderError("model_unavailable", "cut", { detail });
  }
  if (!spoken) throw emptyAnswer();
  if (usage) yield usage;
}

export function emptyAnswer(): ProviderError {
  return new ProviderError("model_failed", "empty", { detail: "The language model gave an empty answer." });
}

/** A web page or a JSON document is somebody else's answer: a proxy's, a sign-in page's. */
function demandEvents(response: Response, controller: AbortController): void {
  const type = response.headers.get("content-type") ?? "";
  if (!/html|json|xml/i.test(type)) return;
  controller.abort();
  const detail = "The language model's answer is not a stream of events.";
  throw new ProviderError("model_failed", "unreadable", { detail });
}

function requestFor({ model, limits }: ChatConfig, input: ChatInput): ChatCompletionCreateParamsStreaming {
  const most = Math.min(input.maxTokens, limits?.maxOutput ?? Number.POSITIVE_INFINITY);
  const bounds = REASONING.test(model)
    ? { max_completion_tokens: most }
    : { max_tokens: most, temperature: 0 };
  return {
    model,
    messages: input.messages,
    stream: true,
    stream_options: { include_usage: true },
    ...(input.format ? { response_format: input.format as ResponseFormat } : {}),
    ...bounds,
  };
}

function late(cause?: unknown): ProviderError {
  const detail = "The language model did not answer in time.";
  return new ProviderError("model_unavailable", "timeout", { detail, cause });
}
