/** Our own dialects: every event with its name, or the bare text of the answer. */
import type { AnswerEvent } from "../../domain/answers/events.ts";
import { problem } from "../problem.ts";
import { type Dialect, SSE, SSE_HEARTBEAT } from "./dialect.ts";

/**
 * Server-sent events: `id`, `event`, and the content as one line of JSON.
 * @param idOf what the event with this number is called; they count from 1
 */
export function nativeDialect(requestId: string, idOf: (number: number) => string = String): Dialect {
  let number = 0;
  return {
    contentType: SSE,
    heartbeat: SSE_HEARTBEAT,
    tellsFailure: true,
    write: (event) =>
      `id: ${idOf(++number)}\nevent: ${event.type}\ndata: ${JSON.stringify(dataOf(event, requestId))}\n\n`,
  };
}

export function textDialect(): Dialect {
  return {
    contentType: "text/plain; charset=utf-8",
    heartbeat: "",
    tellsFailure: false,
    write: (event) => (event.type === "token" ? event.text : ""),
  };
}

/** What stands in the event's data. */
export function dataOf(event: AnswerEvent, requestId: string): unknown {
  switch (event.type) {
    case "sources":
      return {
        message_id: event.message_id,
        session_id: event.session_id,
        sources: event.sources,
        retrieval: event.retrieval,
      };
    case "token":
      return { text: event.text };
    case "citation":
      return event.citation;
    case "done":
      return event.done;
    case "error":
      return { problem: problem(event.error, requestId) };
  }
}
