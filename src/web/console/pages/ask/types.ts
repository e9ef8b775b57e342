/** What answering yields, as far as this page shows it. */
import type { Problem } from "../../../ui/problem.ts";

export type Source = {
  /** The number that `[n]` in the answer refers to. */
  index: number;
  document_id: string | null;
  document_name: string | null;
  title: string | null;
  version?: number;
  /** Of a kept one: its document is gone, or not for this reader any more. */
  unavailable?: true;
  /** Not kept with a conversation: its document has it, as long as one may read that. */
  content?: string | null;
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

/** How an answer came about. */
type About = {
  grounded: boolean;
  model: string | null;
  /** `taught`: an admin's words. */
  mode: string | null;
  degraded?: string;
  ms: Record<string, number>;
};

export type Done = About & { message_id: string; answer: string; stopped?: true };

export type Exchange = {
  /** Of this page; the server's is `messageId`. */
  key: string;
  question: string;
  answer: string;
  sources: Source[];
  citations: Citation[];
  state: "searching" | "answering" | "complete" | "stopped" | "failed";
  /** It was drawn from a document that one may not read any more, or that is gone. */
  withheld: boolean;
  messageId: string | null;
  done: About | null;
  problem: Problem | null;
};

/** A conversation in the list of them. */
export type Session = { id: string; title: string; answering: boolean; updated_at: string };

/** An exchange as it is kept. */
export type Message = {
  id: string;
  question: string;
  answer: string | null;
  withheld: boolean;
  status: "answering" | "complete" | "stopped" | "failed";
  failure_code: string | null;
  grounded: boolean | null;
  sources: Source[] | null;
  citations: Citation[] | null;
  model: string | null;
  mode: string | null;
  ms: Record<string, number> | null;
};

/** What the panel at the side shows: a source, and the words of it that support the answer. */
export type Shown = { exchange: string; index: number; quote: Citation | null };
