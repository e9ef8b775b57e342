/** A short answer of a language model as a whole, in its time or not at all: for work that goes on without it. */
import { estimateTokens } from "../../text/tokens.ts";
import { deadline } from "../openai/deadline.ts";
import { ProviderError } from "../openai/failure.ts";
import type { ChatMessage, ChatModel, Completion, CompletionLimits } from "./port.ts";

/** A reply that goes on and on is not what was asked for. */
const LONGEST = 20_000;

/**
 * Tokens are estimated where the model does not report them.
 * @throws ProviderError also when only the extractive answerer is left, which cannot do this, and when time is up
 */
export async function complete(
  chat: ChatModel,
  messages: ChatMessage[],
  { maxTokens, withinMs }: CompletionLimits,
  signal: AbortSignal,
): Promise<Completion> {
  const clock = deadline(withinMs, signal);
  let answering = chat;
  let text = "";
  let usage: { promptTokens: number; completionTokens: number } | undefined;
  try {
    const input = { messages, question: "", sources: [], maxTokens };
    for await (const delta of chat.stream(input, clock.signal)) {
      if (delta.type === "model") answering = delta.model;
      else if (delta.type === "usage") usage = delta;
      else text += delta.text;
      if (answering.mode === "offline" || text.length > LONGEST) break;
    }
  } catch (thrown) {
    signal.throwIfAborted();
    if (clock.expired()) throw new ProviderError("model_unavailable", "timeout", { cause: thrown });
    throw thrown;
  } finally {
    clock.clear();
  }
  signal.throwIfAborted();
  if (clock.expired()) throw new ProviderError("model_unavailable", "timeout");
  if (answering.mode === "offline") throw new ProviderError("model_failed", "empty");
  const { promptTokens, completionTokens } = usage ?? {
    promptTokens: estimateTokens(messages.map(({ content }) => content).join("\n")),
    completionTokens: estimateTokens(text),
  };
  const { model, price } = answering;
  const cost = price ? (promptTokens * price.input + completionTokens * price.output) / 1e6 : null;
  return {
    text,
    spent: { model, prompt_tokens: promptTokens, completion_tokens: completionTokens, cost },
  };
}
