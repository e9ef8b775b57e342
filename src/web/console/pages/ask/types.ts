/** What answering yields, as far as this page shows it. */
import type { Problem } from "../../../ui/problem.ts";
import type { Schemas } from "../../typed.ts";

type Kept = Exclude<Schemas["KeptSource"], { unavailable: true }>;

/** Of a kept one the passage may be missing: its document has it, as long as one may read that. */
export type Source = Pick<
  Kept,
  "index" | "document_name" | "title" | "version" | "content" | "page" | "heading" | "start" | "end"
> & { document_id?: string | null };

export type Citation = Pick<Schemas["Citation"], "index" | "answer_start" | "start" | "end" | "quote">;

/** One of the native dialect. */
export type Event = Schemas["AnswerEvent"];

/** How an answer came about; of a kept one less is known. */
type About = Pick<Schemas["AnswerDone"], "grounded" | "ms" | "degraded"> &
  Pick<Schemas["Message"], "model" | "mode">;

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
export type Session = Schemas["Conversation"];

/** An exchange as it is kept. */
export type Message = Omit<Schemas["Message"], "sources" | "citations"> & {
  sources: (Source | { index: number; unavailable: true })[];
  citations: Citation[];
};

/** What the panel at the side shows: a source, and the words of it that support the answer. */
export type Shown = { exchange: string; index: number; quote: Citation | null };
