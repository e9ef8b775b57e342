/** Types of the Kalamna client (`/kalamna.js`); the build hands this file out as `/kalamna.d.ts`. */

/** Where words come from: a passage of a document, an answer that an admin taught, or a line of the production log. */
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
      log: { time: string | null; severity: string | null };
    };

/** What was found; `index` is the number that `[n]` in an answer refers to. */
export type Source = Origin & {
  index: number;
  /** Of a taught answer: who verified it. */
  document_name: string;
  /** Of a taught answer: what it answers. */
  title: string | null;
  version: number;
  content: string;
  page: number | null;
  heading: string[];
  start: number;
  end: number;
  score: number;
};

/** A mark `[n]` in an answer whose quote was found in the passage it names. */
export type Citation = Origin & {
  index: number;
  /** UTF-16 range of the mark in the answer; empty where a taught answer was given word for word. */
  answer_start: number;
  answer_end: number;
  /** UTF-16 range of the words in the answer that the mark stands behind. */
  claim_start: number;
  claim_end: number;
  document_name: string;
  version: number;
  page: number | null;
  heading: string[];
  /** Verbatim from the passage. */
  quote: string;
};

export type AnswerEvent =
  /** The passages that the answer will be drawn from, before its first word. */
  | { type: "sources"; sources: Source[]; message_id?: string; session_id?: string }
  | { type: "token"; text: string }
  /** Follows the token that completes its mark. */
  | { type: "citation"; citation: Citation }
  /** The connection was lost and found again; nothing is missing. */
  | { type: "resumed" }
  | {
      type: "done";
      answer: string;
      /** At least one citation was verified. */
      grounded: boolean;
      /** Share of its statements that a verified citation stands behind; null when it states nothing. */
      supported: number | null;
      /** Somebody wanted no more: `answer` is as far as it came. */
      stopped?: true;
      message_id?: string;
      session_id?: string;
      model: string;
      /** `taught`: an admin's words; `offline`: quoted, no model was asked. */
      mode: "offline" | "openai" | "taught";
    };

/** The codes that this client adds to those of the API (`rate_limited`, `quota_exceeded`, `model_unavailable`, …). */
export type ClientErrorCode =
  /** No connection, or the server did not answer. */
  | "network"
  /** The answer broke off in the middle and could not be resumed. */
  | "interrupted"
  /** The widget key does not list this page's origin. */
  | "origin_not_allowed"
  /** What came is not an answer of this API. */
  | "unexpected";

/** What every call fails with. */
export interface KalamnaError extends Error {
  readonly name: "KalamnaError";
  readonly code: ClientErrorCode | (string & {});
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  /** Tell it to support: the server's log line carries it. */
  readonly requestId: string | undefined;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;
}

export type Turn = { role: "user" | "assistant"; content: string };

export type AskOptions = {
  /** Ends the answer; the iterator then ends without `done`. */
  signal?: AbortSignal;
  /** Passages to draw from, 1 to 50. */
  top_k?: number;
  /** Only these documents. */
  document_ids?: string[];
  /** Only documents with these labels. */
  metadata?: Record<string, unknown>;
  /** Earlier turns, for a question that refers to them; a session keeps its own. */
  history?: Turn[];
};

/** An answer while it comes: loop over it once. Leaving the loop stops it. */
export interface Answer extends AsyncIterable<AnswerEvent> {
  /** Ends it, on the server too; what came so far is kept. */
  stop(): void;
}

export type FeedbackInput = {
  rating: "up" | "down";
  reason?: string;
  comment?: string;
  expected_answer?: string;
};

/** A conversation: each question is understood in the light of those before. */
export interface Session {
  /** Known after the first answer began. */
  readonly id: string | undefined;
  ask(question: string, options?: Omit<AskOptions, "history">): Answer;
}

export interface Kalamna {
  /** One question, no memory. */
  ask(question: string, options?: AskOptions): Answer;
  /** A new conversation, or one that goes on. */
  session(id?: string): Session;
  /** Says whether an answer helped; the last word counts. @throws KalamnaError */
  feedback(messageId: string, input: FeedbackInput): Promise<void>;
}

export type Options = {
  /** Where Kalamna runs, `https://kalamna.example.com`; where the script came from when absent. */
  url?: string;
} & (
  | {
      /** A widget key, `kal_pub_…`: safe in a web page, bound to the origins it lists. */
      key: string;
    }
  | {
      /** An API key or access token, or how to get one; asked again when it has expired. Never put one into a page. */
      token: string | (() => string | Promise<string>);
    }
);

export declare function createKalamna(options: Options): Kalamna;
