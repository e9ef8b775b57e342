/** What answering yields, as far as this page shows it. */
import type { Problem } from "../../../ui/problem.ts";

export type Source = {
  /** The number that `[n]` in the answer refers to. */
  index: number;
  kind?: "document" | "taught";
  chunk_id: string | null;
  document_id: string | null;
  document_name: string | null;
  title: string | null;
  version?: number;
  content: string;
  page: number | null;
  heading: string[];
  /** UTF-16 range in the document's text. */
  start: number;
  end: number;
};

export type Citation = {
  index: number;
  answer_start: number;
  answer_end: number;
  start: number;
  end: number;
  /** Verbatim from the passage. */
  quote: string;
};

export type Done = {
  message_id?: string;
  answer: string;
  grounded: boolean;
  model: string;
  degraded?: string;
  ms: Record<string, number>;
};

export type Exchange = {
  /** Of this page; the server's is `messageId`. */
  key: string;
  question: string;
  answer: string;
  sources: Source[];
  citations: Citation[];
  state: "searching" | "answering" | "complete" | "stopped" | "failed";
  messageId: string | null;
  done: Pick<Done, "grounded" | "model" | "degraded" | "ms"> | null;
  problem: Problem | null;
};

/** What the panel at the side shows: a source, and the words of it that support the answer. */
export type Shown = { exchange: string; index: number; quote: { start: number; end: number } | null };
