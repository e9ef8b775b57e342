/** Asks the public API and hands its answers on as they come; finds the way back when the connection is lost. */
import { credentials, type TokenStore } from "./credentials.ts";
import { Failure, failureIn, failureOf } from "./failure.ts";
import { readEvents, type SseEvent } from "./sse.ts";
import type { Answer, AnswerEvent, AskOptions, FeedbackInput, Kalamna, Options, Session } from "./types.ts";

/** The server sends a sign of life every 15 s: after this long without one the connection is dead. Milliseconds. */
const SILENCE_MS = 40_000;
/** For the server to hear that it shall stop; then the connection is given up. Milliseconds. */
const STOPPING_MS = 5_000;
/** Waits before each try to take a broken answer up again. Milliseconds. */
const RESUME_MS = [300, 1_000, 3_000, 6_000, 10_000];

export type ResumingSession = Session & {
  /** The answer to this message, or the one that is being given, from its beginning; `interrupted` when it is gone. */
  resume(messageId?: string): Answer;
};
export type Client = Omit<Kalamna, "session"> & { session(id?: string): ResumingSession };

export function connect(options: Options & { url: string }, store?: TokenStore): Client {
  const api = `${options.url.replace(/\/+$/, "")}/api/v1`;
  const signed = credentials(api, options, store);

  async function call(method: string, path: string, init: CallInit = {}): Promise<Response> {
    for (let again = false; ; again = true) {
      const response = await fetch(`${api}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await signed.get()}`,
          ...(init.body ? { "content-type": "application/json" } : {}),
          ...init.headers,
        },
        ...(init.body ? { body: JSON.stringify(init.body) } : {}),
        ...(init.signal ? { signal: init.signal } : {}),
      }).catch((cause: unknown) => {
        throw new Failure("network", "The server cannot be reached.", { cause });
      });
      if (response.ok) return response;
      const failure = await failureIn(response);
      if (response.status !== 401 || again) throw failure;
      signed.refused();
    }
  }

  function session(known?: string): ResumingSession {
    let id = known;
    const note = (event: AnswerEvent) => {
      if (event.type === "sources") id = event.session_id ?? id;
    };
    const again = (last: string, signal: AbortSignal) => {
      if (id === undefined) throw interrupted();
      return call("GET", `/chat/${id}/stream`, { signal, headers: last ? { "last-event-id": last } : {} });
    };
    const stop = async () => {
      if (id === undefined) return;
      const signal = AbortSignal.timeout(STOPPING_MS);
      await call("POST", `/chat/${id}/stop`, { signal }).catch(() => undefined);
    };
    return {
      get id() {
        return id;
      },
      ask: (question, { signal, ...rest } = {}) => {
        const start = async (s: AbortSignal): Promise<Response> => {
          const body = { message: question, ...(id === undefined ? {} : { session_id: id }), ...rest };
          try {
            return await call("POST", "/chat", { body, signal: s });
          } catch (thrown) {
            const gone = id !== undefined && thrown instanceof Failure && thrown.code === "not_found";
            if (!gone) throw thrown;
            // The conversation was deleted, or was another visitor's: the question begins one.
            id = undefined;
            return start(s);
          }
        };
        return answer(start, { signal, note, again, stop });
      },
      resume(messageId) {
        const from = messageId === undefined ? "" : `${messageId}.0`;
        const start = async (s: AbortSignal) => {
          const response = await again(from, s);
          if (response.status === 204) throw interrupted();
          return response;
        };
        return answer(start, { note, again, stop });
      },
    };
  }

  return {
    ask: (question, { signal, ...rest } = {}) =>
      answer((s) => call("POST", "/query", { body: { query: question, ...rest }, signal: s }), { signal }),
    session,
    async feedback(messageId: string, input: FeedbackInput) {
      await call("POST", `/messages/${encodeURIComponent(messageId)}/feedback`, { body: input });
    },
  };
}

type CallInit = { body?: object; headers?: Record<string, string>; signal?: AbortSignal };

type Ways = {
  signal?: AskOptions["signal"] | undefined;
  /** Sees each event before its reader does. */
  note?(event: AnswerEvent): void;
  /** Asks for what comes after the event with this id. */
  again?(last: string, signal: AbortSignal): Promise<Response>;
  /** Tells the server to give no more. */
  stop?(): Promise<void>;
};

const interrupted = (cause?: unknown) =>
  new Failure("interrupted", "The answer broke off and could not be taken up again.", { cause });

function answer(start: (signal: AbortSignal) => Promise<Response>, ways: Ways): Answer {
  const reading = new AbortController();
  const { signal } = reading;
  const line = new AbortController();
  const stop = () => {
    if (signal.aborted) return;
    reading.abort();
    // First told, then left: to the server, who only leaves may come back, or wants nothing of it kept.
    Promise.resolve(ways.stop?.()).then(() => line.abort());
  };
  ways.signal?.addEventListener("abort", stop, { once: true });
  if (ways.signal?.aborted) {
    reading.abort();
    line.abort();
  }

  async function* events(): AsyncGenerator<AnswerEvent, void, undefined> {
    let over = false;
    let last = "";
    let waits = RESUME_MS.values();
    try {
      for (let response: Response | undefined = await start(line.signal); response; ) {
        let cause: unknown;
        try {
          for await (const raw of alive(response, signal)) {
            last = raw.id || last;
            waits = RESUME_MS.values();
            const event = decode(raw);
            if (!event) continue;
            over = event.type === "done";
            ways.note?.(event);
            yield event;
            if (over) return;
          }
        } catch (thrown) {
          if (thrown instanceof Failure) throw thrown;
          cause = thrown;
        }
        response = await takeUp(ways.again, last, waits, signal, line.signal);
        if (signal.aborted) return;
        if (!response) throw interrupted(cause);
        yield { type: "resumed" };
      }
    } catch (thrown) {
      over = true;
      if (!signal.aborted) throw thrown;
    } finally {
      ways.signal?.removeEventListener("abort", stop);
      // Whoever left the loop wants no more of it.
      if (!over) stop();
    }
  }

  const once = events();
  return { stop, [Symbol.asyncIterator]: () => once };
}

/** The events of a response until it ends or falls silent. */
async function* alive(response: Response, signal: AbortSignal): AsyncGenerator<SseEvent, void, undefined> {
  if (!response.body || !response.headers.get("content-type")?.startsWith("text/event-stream"))
    throw new Failure("unexpected", "The server did not answer with a stream.", { status: response.status });
  const body = response.body;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new AbortController();
  const onLife = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  onLife();
  const through = new TransformStream<Uint8Array, Uint8Array>();
  // Breaks the reading off, also where the network has not noticed that it is gone.
  body
    .pipeTo(through.writable, { signal: AbortSignal.any([signal, silence.signal]), preventCancel: true })
    .catch(() => undefined);
  try {
    yield* readEvents(through.readable, onLife);
  } finally {
    clearTimeout(timer);
    // Whoever stops leaves when the server has heard of it.
    if (!signal.aborted) body.cancel().catch(() => undefined);
  }
}

function decode({ event, data }: SseEvent): AnswerEvent | undefined {
  const content = JSON.parse(data) as never;
  switch (event) {
    case "sources":
    case "token":
    case "done":
      return { ...(content as object), type: event } as AnswerEvent;
    case "citation":
      return { type: event, citation: content };
    case "error":
      throw failureOf((content as { problem?: unknown }).problem);
    default:
      // A later server may say more.
      return undefined;
  }
}

/** What comes after the event `last`, or undefined when nobody can tell. */
async function takeUp(
  again: Ways["again"],
  last: string,
  waits: Iterator<number>,
  signal: AbortSignal,
  line: AbortSignal,
): Promise<Response | undefined> {
  if (!again) return undefined;
  for (let wait = waits.next(); !wait.done && !signal.aborted; wait = waits.next()) {
    await pause(wait.value, signal);
    if (signal.aborted) break;
    try {
      const response = await again(last, line);
      // 204: nothing is being answered any more.
      return response.status === 200 ? response : undefined;
    } catch (thrown) {
      if (!(thrown instanceof Failure) || (thrown.code !== "network" && thrown.status < 500))
        return undefined;
    }
  }
  return undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    const end = () => {
      clearTimeout(timer);
      done();
    };
    signal.addEventListener("abort", end, { once: true });
  });
}
