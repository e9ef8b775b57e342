/** What answering needs from a language model. */
import type { Attempt, CircuitReport } from "../openai/port.ts";
import type { Patience } from "../openai/provider.ts";

export type ChatMessage = { role: "system" | "user" | "assistant"; content: string };

/** A retrieved passage as the answerer sees it; `index` is the number that citations use, from 1. */
export type GroundingSource = { index: number; title: string; content: string };

/** The form of the reply, as OpenAI's API writes it; models that do not know it have it in their prompt as well. */
export type ReplyFormat =
  | { type: "json_object" }
  | {
      type: "json_schema";
      json_schema: {
        name: string;
        description?: string | undefined;
        schema: Record<string, unknown>;
        strict?: boolean | null | undefined;
      };
    };

export type ChatInput = {
  /** The grounded prompt, ready for a model that speaks the OpenAI protocol. */
  messages: ChatMessage[];
  /** The same as structure, for an answerer that needs no model. */
  question: string;
  /** What was asked before in the conversation, oldest first. */
  earlier?: readonly string[];
  sources: GroundingSource[];
  format?: ReplyFormat | undefined;
  maxTokens: number;
};

export type ChatDelta =
  | { type: "text"; text: string }
  /** Sent once, before the first text, by a chain: who answers, and who was asked before. */
  | { type: "model"; model: ChatModel; attempts: Attempt[] }
  /** Sent once, last, when the model reports it. */
  | { type: "usage"; promptTokens: number; completionTokens: number };

/** Tokens. */
export type Limits = { context?: number | undefined; maxOutput?: number | undefined };

/** For a million tokens, in the operator's currency (US dollars by convention). */
export type Price = { input: number; output: number };

export type ChatModel = {
  /** As shown in health and in each answer, e.g. `gpt-4o-mini` or `offline-extractive`; of a chain, its first. */
  model: string;
  mode: "offline" | "openai";
  limits?: Limits;
  price?: Price;
  /**
   * Streams the answer. Aborting `signal` closes the upstream connection.
   * @param patience how long to wait when somebody else could be asked instead
   * @throws AppError `model_failed` | `model_unavailable`
   */
  stream(input: ChatInput, signal: AbortSignal, patience?: Patience): AsyncIterable<ChatDelta>;
};

export type OfferedChat = Pick<ChatModel, "model" | "mode" | "limits" | "price"> & {
  /** Asked for organizations that have chosen nothing. */
  default: boolean;
  circuit(): CircuitReport;
};

/** The chat models that this installation offers. */
export type Chats = {
  /** All of them, the default chain first, in its order. */
  list(): readonly OfferedChat[];
  /** Those of an organization's choice that are still offered, in its order; undefined when none is. */
  chosen(names: readonly string[]): ChatModel | undefined;
};

/** What a model used up besides the answer itself. */
export type Spent = {
  model: string;
  prompt_tokens: number;
  completion_tokens: number;
  /** In the currency of the price; null when that is not known. */
  cost: number | null;
};

export type Completion = { text: string; spent: Spent };

export type CompletionLimits = {
  maxTokens: number /** Milliseconds until the last word. */;
  withinMs: number;
};

/** A short answer as a whole, in its time or not at all; see complete.ts for what it throws. */
export type Complete = (
  chat: ChatModel,
  messages: ChatMessage[],
  limits: CompletionLimits,
  signal: AbortSignal,
) => Promise<Completion>;
