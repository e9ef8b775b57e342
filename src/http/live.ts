/** Named server-sent events as they happen, with signs of life in between. */
import { type AppError, toAppError } from "../errors.ts";
import { problem } from "./problem.ts";

export type LiveEvent = { event: string; id?: string; data: unknown };

export type LiveOptions = {
  requestId: string;
  /** The reader went away. */
  onGone(): void;
  /** The reader is told the problem, the log its cause. */
  onFailure(error: AppError): void;
  heartbeatMs?: number;
};

const HEARTBEAT_MS = 15_000;
const encoder = new TextEncoder();

/** The response whose body is `events`, pulled as fast as the reader reads. */
export function liveEvents(
  events: AsyncGenerator<LiveEvent>,
  { requestId, onGone, onFailure, heartbeatMs = HEARTBEAT_MS }: LiveOptions,
): Response {
  let pending: Promise<IteratorResult<LiveEvent, unknown>> | undefined;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      pending ??= events.next();
      try {
        const result = await orSilence(pending, heartbeatMs);
        if (result === null) return controller.enqueue(encoder.encode(": keep-alive\n\n"));
        pending = undefined;
        if (result.done) return controller.close();
        controller.enqueue(encoder.encode(frame(result.value)));
      } catch (thrown) {
        const error = toAppError(thrown);
        onFailure(error);
        const data = { problem: problem(error, requestId) };
        controller.enqueue(encoder.encode(frame({ event: "error", data })));
        controller.close();
      }
    },
    cancel() {
      onGone();
      events.return(undefined).catch(() => undefined);
    },
  });
  const headers = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    "x-request-id": requestId,
  };
  return new Response(body, { headers });
}

const frame = ({ event, id, data }: LiveEvent) =>
  `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** What the promise gives, or null when it takes longer. */
async function orSilence<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const silence = Promise.withResolvers<null>();
  const timer = setTimeout(() => silence.resolve(null), ms);
  try {
    return await Promise.race([promise, silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}
