/** A chat model behind any provider that speaks the OpenAI protocol. */
import type { OpenAI } from "openai/client";
import { Stream } from "openai/core/streaming";
import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import * as z from "zod";
import { AppError } from "../../errors.ts";
import { deadline } from "../openai/deadline.ts";
import { providerFailure } from "../openai/failure.ts";
import { post } from "../openai/post.ts";
import type { ProviderConfig } from "../openai/provider.ts";
import type { ChatDelta, ChatInput, ChatModel } from "./port.ts";

const CODES = { unavailable: "model_unavailable", failed: "model_failed" } as const;

/** What we read of a chunk. Providers put other things into the same stream; those are passed over. */
const Chunk = z.object({
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

/** Reasoning models know neither `max_tokens` nor a temperature. */
const REASONING = /^(?:[\w-]+\/)?(?:o\d|gpt-(?:[5-9]|\d{2}))/;

/** The package's stream logs to the console unless its client says otherwise; this one has no logger. */
const SILENT = {} as OpenAI;

export function openaiChat(config: ProviderConfig): ChatModel {
  return {
    model: config.model,
    mode: "openai",
    stream: (input, signal) => streamChat(config, input, signal),
  };
}

/**
 * @throws AppError `model_unavailable` when the provider cannot be reached, is overloaded, takes longer than the time
 *   allowed or breaks off; `model_failed` when it refuses or its answer is empty or unreadable
 */
async function* streamChat(
  config: ProviderConfig,
  input: ChatInput,
  signal: AbortSignal,
): AsyncGenerator<ChatDelta, void, undefined> {
  const clock = deadline(config.timeoutMs, signal);
  let spoken = false;
  let finished = false;
  try {
    const response = await post(config, "/chat/completions", requestFor(config.model, input), clock.signal);
    const stream = Stream.fromSSEResponse<unknown>(response, clock.controller, SILENT);
    for await (const raw of stream) {
      clock.hold(); // a slow reader is not the provider's silence
      const { data: chunk } = Chunk.safeParse(raw);
      const choice = chunk?.choices?.[0];
      if (choice?.delta?.content) {
        spoken = true;
        yield { type: "text", text: choice.delta.content };
      }
      if (choice?.finish_reason) finished = true;
      if (chunk?.usage) {
        finished = true;
        const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = chunk.usage;
        yield { type: "usage", promptTokens, completionTokens };
      }
      clock.extend();
    }
  } catch (thrown) {
    throw clock.expired() ? late(thrown) : providerFailure(thrown, CODES);
  } finally {
    clock.clear();
  }
  // The client ends a stream quietly when its request is aborted.
  if (clock.expired()) throw late();
  if (signal.aborted) return;
  if (!spoken) throw new AppError("model_failed", { detail: "The language model gave an empty answer." });
  if (!finished)
    throw new AppError("model_unavailable", { detail: "The language model's answer broke off." });
}

function requestFor(model: string, input: ChatInput): ChatCompletionCreateParamsStreaming {
  const limits = REASONING.test(model)
    ? { max_completion_tokens: input.maxTokens }
    : { max_tokens: input.maxTokens, temperature: 0 };
  return {
    model,
    messages: input.messages,
    stream: true,
    stream_options: { include_usage: true },
    ...limits,
  };
}

function late(cause?: unknown): AppError {
  return new AppError("model_unavailable", { detail: "The language model did not answer in time.", cause });
}
