/** An answer for a reader who lost their connection, or came in another tab: what they have not seen, then what is being said. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { AnswerEvent, Retrieval, Source } from "../answers/events.ts";
import { sleep } from "../sleep.ts";
import { failureOf, type LoggedEvent, type Piece } from "./event-log.ts";
import { findFollowed, readPieces } from "./event-sql.ts";
import { findOwnSession } from "./sql.ts";

/** Between two looks at the database, longer while nothing comes. Milliseconds. */
const PAUSE_MS = { from: 300, to: 1_500, growth: 1.3 };
/** A reader is served no longer at once; each look is a request that a Worker has only so many of. */
const LIFE_MS = 60_000;

export type Numbered = { id: string; event: AnswerEvent };

/** Where a reader is: the number of the last event they have seen of which message; without one, the one being answered. */
export type Position = { messageId: string | null; number: number };

export const eventId = (messageId: string, number: number) => `${messageId}.${number}`;

/** @throws AppError `invalid_request` for an id that we did not give */
export function positionOf(id: string | undefined): Position {
  if (id === undefined || id === "") return { messageId: null, number: 0 };
  const [, messageId, number] = /^([0-9a-f-]{36})\.(\d{1,6})$/.exec(id) ?? [];
  if (messageId === undefined) {
    throw new AppError("invalid_request", { detail: "Last-Event-ID: use the id of an earlier event." });
  }
  return { messageId, number: Number(number) };
}

/**
 * @param comesBack after a minute the reader asks again by itself, with the last id; others are told that the answer goes on
 * @returns null when there is nothing to resume: nothing is being answered, all has been seen, or it is too long ago
 * @throws AppError `not_found`
 */
export async function resume(
  ctx: Ctx,
  sessionId: string,
  position: Position,
  comesBack: boolean,
): Promise<AsyncGenerator<Numbered, void, undefined> | null> {
  const first = await look(ctx, sessionId, position);
  if (!first || (!first.isGoingOn && first.events.length === 0)) return null;
  // The generator begins only when its first event is read.
  return follow(ctx, sessionId, first, { until: ctx.now().getTime() + LIFE_MS, comesBack });
}

async function* follow(
  ctx: Ctx,
  sessionId: string,
  first: Look,
  { until, comesBack }: { until: number; comesBack: boolean },
): AsyncGenerator<Numbered, void, undefined> {
  let pause = PAUSE_MS.from;
  for (let seen: Look | null = first; seen; ) {
    let last: AnswerEvent["type"] | undefined;
    for (const { number, event } of seen.events) {
      last = event.type;
      yield { id: eventId(seen.messageId, number), event };
    }
    if (last === "done" || last === "error") return;
    const isEnough = seen.isGoingOn && ctx.now().getTime() >= until;
    if (isEnough && comesBack) return;
    if (isEnough || !seen.isGoingOn) {
      // Where it does not go on, nobody could say why: it failed before its first word, or whoever gave it is gone.
      const error = failureOf(isEnough ? "answer_goes_on" : seen.failureCode);
      yield { id: eventId(seen.messageId, seen.number + 1), event: { type: "error", error } };
      return;
    }
    pause = seen.events.length > 0 ? PAUSE_MS.from : Math.min(PAUSE_MS.to, pause * PAUSE_MS.growth);
    await sleep(pause, ctx.signal);
    if (ctx.signal.aborted) return;
    seen = await look(ctx, sessionId, { messageId: seen.messageId, number: seen.number });
  }
}

type Look = {
  messageId: string;
  /** Of the last event in `events`, or the one the reader had. */
  number: number;
  events: { number: number; event: AnswerEvent }[];
  isGoingOn: boolean;
  failureCode: string | null;
};

/** Null when there is no such message, or its answer is not for the reader any more. */
async function look(ctx: Ctx, sessionId: string, { messageId, number }: Position): Promise<Look | null> {
  const { orgId } = ctx.actor;
  const [[session], [message], { rows: pieces }] = await tenantBatch(ctx, (db) => [
    findOwnSession(db, ctx.actor, sessionId),
    findFollowed(db, ctx.actor, sessionId, messageId),
    readPieces(db, orgId, sessionId, messageId, number),
  ]);
  if (!session) throw new AppError("not_found");
  if (!message?.shown) return null;
  const sources = {
    type: "sources" as const,
    message_id: message.id,
    session_id: sessionId,
    sources: message.sources as Source[],
    retrieval: message.retrieval as Retrieval,
  };
  const events = pieces.flatMap((piece) => eventsOf(piece, number, sources));
  return {
    messageId: message.id,
    number: events.at(-1)?.number ?? number,
    events,
    isGoingOn: message.status === "answering" && message.alive,
    failureCode: message.failureCode ?? "answer_interrupted",
  };
}

function eventsOf({ first, events }: Piece, after: number, sources: AnswerEvent): Look["events"] {
  return events
    .map((event, at) => ({ number: first + at, event: toEvent(event, sources) }))
    .filter(({ number }) => number > after);
}

function toEvent(logged: LoggedEvent, sources: AnswerEvent): AnswerEvent {
  if (logged.type === "sources") return sources;
  if (logged.type === "error") return { type: "error", error: failureOf(logged.code, logged.detail) };
  return logged;
}
