/** What answering a question yields, in order; every dialect is a function over these events. */
import type { AppError } from "../../errors.ts";
import type { Attempt } from "../../infra/openai/port.ts";
import type { MatchKind } from "../knowledge/match.ts";
import type { Result, SearchResult } from "../retrieval/search.ts";
import type { Severity } from "../telemetry/severity.ts";

/** A passage of a document, an answer that an admin taught, or a line of the production log. */
export type Origin =
  | { kind: "document"; chunk_id: string; document_id: string }
  | {
      kind: "taught";
      chunk_id: null;
      document_id: null;
      taught: { id: string; version: number; question: string };
    }
  | {
      kind: "log";
      chunk_id: null;
      document_id: null;
      log: { time: string | null; severity: Severity | null };
    };

/**
 * What an answer is drawn from; `index` is the number that `[n]` in the answer refers to, from 1. Of a taught answer
 * `document_name` says who verified it, `title` what it answers; of a log line, where it was written, and when.
 */
export type Source = Origin & { index: number } & Pick<
    Result,
    "document_name" | "title" | "version" | "content" | "page" | "heading" | "start" | "end" | "score"
  >;

/** What the retrieval step reports about itself; passed on as it is. */
export type Retrieval = SearchResult["retrieval"];

/** A mark in the answer whose evidence was found in the cited passage. */
export type Citation = Origin & {
  index: number;
  /** In a structured answer, the JSON Pointer (RFC 6901) of the string that holds the mark. */
  path?: string;
  /** UTF-16 range of the mark `[n]` in the answer; empty, at its end, where a taught answer was given word for word. */
  answer_start: number;
  answer_end: number;
  /** UTF-16 range of the words in the answer that the mark stands behind. */
  claim_start: number;
  claim_end: number;
  document_name: string;
  /** Of the document, as it was cited. */
  version: number;
  page: number | null;
  heading: string[];
  /** UTF-16 range of the quote in the canonical text of that version. */
  start: number;
  end: number;
  /** Verbatim from the passage. */
  quote: string;
};

export type Usage = { prompt_tokens: number; completion_tokens: number };

export type Done = {
  /** What the question and its answer are kept under. */
  message_id: string;
  /** The conversation it belongs to. */
  session_id?: string;
  answer: string;
  /** When `response_format` asked for JSON: what `answer` is the JSON of; null when nothing was found to answer from. */
  structured?: unknown;
  /** Somebody wanted no more: `answer` is as far as it came. */
  stopped?: true;
  /** At least one citation was verified. */
  grounded: boolean;
  /** Share of the answer's statements that a verified citation stands behind, 0 to 1; null when it states nothing. */
  supported: number | null;
  model: string;
  /** `taught`: an admin's words, no model was asked. */
  mode: "offline" | "openai" | "taught";
  /** Whose words these are, and how the question was recognized (domain/knowledge/match.ts). */
  taught?: { id: string; version: number; match: MatchKind };
  /** Whether the cache had it; absent where it was not asked. Seconds since the answer was made. */
  cache?: { hit: true; kind: "exact" | "near"; age_seconds: number } | { hit: false };
  /** Why this answer was quoted without the model: the month's tokens are used up, or no model answered. */
  degraded?: "over_budget" | "models_unavailable";
  /** Null when the model did not report it or none was asked. */
  usage: Usage | null;
  /** By the prices that the operator configured; null when usage or price is unknown, 0 when no model was asked. */
  cost: number | null;
  /** Who was asked, in order, the one that answered last; empty when no model was asked. */
  attempts: Attempt[];
  /** Marks the model wrote that no passage supports. */
  citations_dropped: number;
  /** Addresses and pictures taken out of the answer because no source holds them. */
  links_removed: number;
  /** Milliseconds per step; `until_model` is from the request's arrival until the model is asked. */
  ms: Record<string, number>;
};

export type AnswerEvent =
  | { type: "sources"; message_id: string; session_id?: string; sources: Source[]; retrieval: Retrieval }
  | { type: "token"; text: string }
  /** Follows the token that completes its mark. */
  | { type: "citation"; citation: Citation }
  | { type: "done"; done: Done }
  /** Only after the first token: before it, the generator throws. */
  | { type: "error"; error: AppError };
