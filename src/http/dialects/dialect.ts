/** A way of writing an answer's events onto the wire. */
import type { AnswerEvent } from "../../domain/answers/events.ts";

/** Writes one answer: what it needs to remember from event to event is its own. */
export type Dialect = {
  contentType: string;
  headers?: Record<string, string>;
  /** Keeps a silent connection open; empty where the format has no word for it. */
  heartbeat: string;
  /** It can tell a failure after the first word; otherwise the connection breaks, so that half an answer is not taken for a whole one. */
  tellsFailure: boolean;
  /** The event as it travels; empty where the format has no word for it. */
  write(event: AnswerEvent): string;
};

export const SSE = "text/event-stream; charset=utf-8";

/** A comment, which every reader of server-sent events passes over. */
export const SSE_HEARTBEAT = ": keep-alive\n\n";
