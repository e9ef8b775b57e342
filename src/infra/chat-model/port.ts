/** What answering needs from a language model. */

export type ChatMessage = { role: "system" | "user" | "assistant"; content: string };

/** A retrieved passage as the answerer sees it; `index` is the number that citations use, from 1. */
export type GroundingSource = { index: number; title: string; content: string };

export type ChatInput = {
  /** The grounded prompt, ready for a model that speaks the OpenAI protocol. */
  messages: ChatMessage[];
  /** The same as structure, for an answerer that needs no model. */
  question: string;
  sources: GroundingSource[];
  maxTokens: number;
};

export type ChatDelta =
  | { type: "text"; text: string }
  /** Sent once, last, when the model reports it. */
  | { type: "usage"; promptTokens: number; completionTokens: number };

export type ChatModel = {
  /** As shown in health and in each answer, e.g. `gpt-4o-mini` or `offline-extractive`. */
  model: string;
  mode: "offline" | "openai";
  /**
   * Streams the answer. Aborting `signal` closes the upstream connection.
   * @throws AppError `model_failed` | `model_unavailable`
   */
  stream(input: ChatInput, signal: AbortSignal): AsyncIterable<ChatDelta>;
};
