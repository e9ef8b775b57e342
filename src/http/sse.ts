/** An answer as it streams, in whichever dialect its reader speaks. */
import type { Ctx } from "../context.ts";
import { type AskInput, type Asking, ask } from "../domain/answers/ask.ts";
import type { AnswerEvent } from "../domain/answers/events.ts";
import { type AppError, toAppError } from "../errors.ts";
import { failureFields } from "../log.ts";
import type { Dialect } from "./dialects/dialect.ts";

export type StreamOptions = {
  requestId: string;
  /** The reader went away. */
  onGone(): void;
  /** The stream could not go on; the reader is told the problem, the log its cause. */
  onFailure?(error: AppError): void;
  /** Milliseconds without an event after which a comment keeps the connection open. */
  heartbeatMs?: number;
};

const HEARTBEAT_MS = 15_000;
/** Characters after which a write leaves, whatever else is ready. */
const LARGEST_WRITE = 16_384;
/** Nothing is made before what was made has left: otherwise the first word would leave behind it. */
export const ON_DEMAND = { highWaterMark: 0 };
/** Turns of the microtask queue; an event that the model sent together with the one before takes about a dozen. */
const SOON = 48;

/**
 * Answers `input` as a stream. When the reader goes away, the model's stream is closed.
 * @throws AppError whatever fails before the first token, so that it becomes a status and not an event
 */
export async function answerStream(
  ctx: Ctx,
  input: AskInput,
  dialect: Dialect,
  asking: Asking = {},
): Promise<Response> {
  const gone = new AbortController();
  const events = ask({ ...ctx, signal: AbortSignal.any([ctx.signal, gone.signal]) }, input, asking);
  const first = await prime(events);
  return eventStream(first, events, dialect, {
    requestId: ctx.requestId,
    onGone: () => gone.abort(),
    onFailure: (error) => ctx.log.add(failureFields(error)),
  });
}

/**
 * Pulls events until something other than `sources` is there: from then on the answer is certain to begin, and the
 * status may be sent.
 */
export async function prime(events: AsyncGenerator<AnswerEvent>): Promise<AnswerEvent[]> {
  const first: AnswerEvent[] = [];
  for (;;) {
    const { done, value } = await events.next();
    if (done) return first;
    first.push(value);
    if (value.type !== "sources") return first;
  }
}

/** The response whose body is `first` and then what `events` still yields, pulled as fast as the reader reads. */
export function eventStream(
  first: readonly AnswerEvent[],
  events: AsyncGenerator<AnswerEvent>,
  dialect: Dialect,
  options: StreamOptions,
): Response {
  const { requestId, onGone, onFailure, heartbeatMs = HEARTBEAT_MS } = options;
  const encoder = new TextEncoder();
  const queue = [...first];
  /** The first word does not wait to be joined by others: what they cost to make comes after it. */
  let isFirst = first.length > 0;
  let pending: Promise<IteratorResult<AnswerEvent, unknown>> | undefined;
  let failure: AppError | undefined;

  /** The next event, or null when it is time for a sign of life, or undefined at the end. */
  const next = async (): Promise<AnswerEvent | null | undefined> => {
    const ready = queue.shift();
    if (ready) return ready;
    pending ??= events.next();
    try {
      if (!(await settlesSoon(pending)) && (await isSilent(pending, heartbeatMs))) return null;
      const result = await pending;
      pending = undefined;
      return result.done ? undefined : result.value;
    } catch (thrown) {
      return { type: "error", error: toAppError(thrown) };
    }
  };

  const isMoreReady = (): Promise<boolean> | boolean => {
    if (queue.length > 0) return true;
    if (isFirst) {
      isFirst = false;
      return false;
    }
    pending ??= events.next();
    return settlesSoon(pending);
  };

  const source: UnderlyingSource<Uint8Array> = {
    // What is ready at the same time leaves in one write: a write costs far more than an event.
    async pull(controller) {
      let text = "";
      while (failure === undefined) {
        const event = await next();
        if (event === undefined) {
          if (text !== "") controller.enqueue(encoder.encode(text));
          return controller.close();
        }
        text += event === null ? dialect.heartbeat : dialect.write(event);
        if (event?.type === "error") {
          failure = event.error;
          onFailure?.(failure);
          // Nobody asks for more: what settles at the end of the answer must not wait for it.
          events.return(undefined).catch(() => undefined);
        }
        if (failure === undefined && text !== "" && (text.length >= LARGEST_WRITE || !(await isMoreReady())))
          break;
      }
      if (text !== "") controller.enqueue(encoder.encode(text));
      if (failure === undefined) return;
      if (dialect.tellsFailure) controller.close();
      // The last words are read first.
      else if (text === "") controller.error(new Error("the answer broke off"));
    },
    cancel() {
      onGone();
      events.return(undefined).catch(() => undefined);
    },
  };
  const body = new ReadableStream(source, ON_DEMAND);
  const headers = {
    ...dialect.headers,
    "content-type": dialect.contentType,
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    "x-request-id": requestId,
  };
  return new Response(body, { headers });
}

/** Does the promise settle without anything from outside, within a few turns of the microtask queue? */
async function settlesSoon(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => {
    settled = true;
  };
  promise.then(note, note);
  for (let turn = 0; turn < SOON && !settled; turn++) await null;
  return settled;
}

/** Waits for the promise; true when it took too long. */
async function isSilent(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const silence = Promise.withResolvers<true>();
  const timer = setTimeout(() => silence.resolve(true), ms);
  try {
    return (await Promise.race([promise, silence.promise])) === true;
  } finally {
    clearTimeout(timer);
  }
}
