/** The events of an answer as they are kept for readers who lose their connection. */
import { AppError, ERRORS, type ErrorCode } from "../../errors.ts";
import type { AnswerEvent } from "../answers/events.ts";

/** As stored: the sources' text is not, and an error is its code and what the caller may know. */
export type LoggedEvent =
  | { type: "sources" }
  | Exclude<AnswerEvent, { type: "sources" | "error" }>
  | { type: "error"; code: string; detail: string };

/** Events in a row; `first` is the number of the first of them, and they count from 1. */
export type Piece = { first: number; events: LoggedEvent[] };

export type EventLog = {
  add(event: AnswerEvent): void;
  /** What has been added since, to be written; nothing to write is null. */
  take(): Piece | null;
  /** A piece that could not be written, before anything was added to it. */
  putBack(piece: Piece | null): void;
};

export function eventLog(): EventLog {
  let first = 1;
  let waiting: LoggedEvent[] = [];
  return {
    add(event) {
      waiting.push(toLogged(event));
    },
    take() {
      if (waiting.length === 0) return null;
      const piece = { first, events: waiting };
      first += waiting.length;
      waiting = [];
      return piece;
    },
    putBack(piece) {
      if (!piece) return;
      first = piece.first;
      waiting = [...piece.events, ...waiting];
    },
  };
}

function toLogged(event: AnswerEvent): LoggedEvent {
  if (event.type === "sources") return { type: "sources" };
  if (event.type === "error") return { type: "error", code: event.error.code, detail: event.error.message };
  return event;
}

const isCode = (code: string | null): code is ErrorCode => code !== null && code in ERRORS;

/** The failure that a code stands for, as a row or a piece names it. */
export const failureOf = (code: string | null, detail?: string): AppError =>
  new AppError(isCode(code) ? code : "internal", detail === undefined ? {} : { detail });
