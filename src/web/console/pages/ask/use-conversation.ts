/** A conversation: its exchanges, the one that is being answered, and what may be done with them. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { readEvents } from "../../../client/sse.ts";
import { Problem, toProblem } from "../../../ui/problem.ts";
import { client, dataOf } from "../../typed.ts";
import { after, asked, isRunning, kept } from "./exchanges.ts";
import type { Event, Exchange } from "./types.ts";

/** Tries to take up a broken stream, and how long each waits. */
const RESUME_AFTER_MS = [300, 1_500, 4_000];

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

type Options = {
  /** Null for a new one. */
  sessionId: string | null;
  documentIds: string[] | undefined;
  /** The production log is asked as well. */
  telemetry: boolean;
  /** The server has begun a conversation. */
  onSession: (id: string) => void;
};

const conversation = (id: string, signal?: AbortSignal) =>
  dataOf(
    client.GET("/api/v1/chat/sessions/{id}", {
      params: { path: { id }, query: { limit: 50 } },
      ...(signal && { signal }),
    }),
  );

/** @param last the event after which it goes on */
async function stream(id: string, signal: AbortSignal, last: string | null = null): Promise<Response> {
  const params = { path: { id }, ...(last !== null && { header: { "last-event-id": last } }) };
  return (await client.GET("/api/v1/chat/{id}/stream", { params, parseAs: "stream", signal })).response;
}

export function useConversation({ sessionId, documentIds, telemetry, onSession }: Options) {
  const [exchanges, setExchanges] = useState<Exchange[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [loading, setLoading] = useState(false);
  /** The conversation that `exchanges` are of. */
  const here = useRef<string | null>(null);
  const now = useRef(exchanges);
  now.current = exchanges;
  const reading = useRef<AbortController | null>(null);

  const change = useCallback((key: string, next: (exchange: Exchange) => Exchange) => {
    setExchanges((all) => all.map((one) => (one.key === key ? next(one) : one)));
  }, []);

  /** Reads an answer to its end, through broken connections. */
  const follow = useCallback(
    async (key: string, open: (lastId: string | null) => Promise<Response>, signal: AbortSignal) => {
      let lastId: string | null = null;
      let ended = false;
      for (let tries = 0; !ended; tries++) {
        try {
          const response = await open(lastId);
          // Nothing to take up: what there is has been kept.
          if (response.status === 204 || !response.body) break;
          for await (const { event, data, id } of readEvents(response.body)) {
            const read = { event, data: JSON.parse(data) } as Event;
            const session = read.event === "sources" ? read.data.session_id : undefined;
            if (session && here.current !== session) {
              here.current = session;
              onSession(session);
            }
            change(key, (one) => after(one, read));
            lastId = id || lastId;
            ended ||= event === "done" || event === "error";
            tries = 0;
          }
        } catch (thrown) {
          if (signal.aborted) return;
          if (lastId === null || thrown instanceof Problem) throw thrown;
        }
        const wait = RESUME_AFTER_MS[tries];
        if (ended || signal.aborted) return;
        if (wait === undefined) throw new TypeError("the answer broke off");
        await sleep(wait);
        const id = here.current;
        if (id === null) throw new TypeError("the answer broke off");
        open = (last) => stream(id, signal, last);
      }
      if (ended || here.current === null) return;
      const { messages } = await conversation(here.current);
      setExchanges(messages.map(kept));
    },
    [change, onSession],
  );

  const run = useCallback(
    async (key: string, open: (lastId: string | null, signal: AbortSignal) => Promise<Response>) => {
      const mine = new AbortController();
      reading.current = mine;
      try {
        await follow(key, (lastId) => open(lastId, mine.signal), mine.signal);
      } catch (thrown) {
        const why = toProblem(thrown);
        change(key, (one) => (mine.signal.aborted ? one : { ...one, state: "failed", problem: why }));
      }
    },
    [change, follow],
  );

  useEffect(() => {
    if (sessionId === here.current) return;
    reading.current?.abort();
    here.current = sessionId;
    setProblem(null);
    setExchanges([]);
    if (sessionId === null) return;
    const mine = new AbortController();
    setLoading(true);
    conversation(sessionId, mine.signal)
      .then(({ messages }) => {
        const shown = messages.map(kept);
        setExchanges(shown);
        const last = shown.at(-1);
        // Another tab asked, or this one was reloaded: the answer goes on here.
        if (last?.state === "answering") {
          change(last.key, (one) => ({ ...one, answer: "", citations: [] }));
          void run(last.key, (_, signal) => stream(sessionId, signal));
        }
      })
      .catch((thrown: unknown) => !mine.signal.aborted && setProblem(toProblem(thrown)))
      .finally(() => !mine.signal.aborted && setLoading(false));
    return () => mine.abort();
  }, [sessionId, change, run]);
  useEffect(() => () => reading.current?.abort(), []);

  const ask = useCallback(
    async (question: string) => {
      const mine = asked(question);
      // What is asked in a conversation that is gone begins another.
      const isGone = [problem, now.current.at(-1)?.problem].some((one) => one?.status === 404);
      if (isGone) here.current = null;
      setProblem(null);
      // One that came to nothing makes room for the next try.
      const worth = isGone ? [] : now.current.filter((one) => one.state !== "failed" || one.answer !== "");
      setExchanges([...worth, mine]);
      const body = {
        message: question,
        ...(here.current ? { session_id: here.current } : {}),
        ...(documentIds ? { document_ids: documentIds } : {}),
        ...(telemetry ? { telemetry } : {}),
      };
      await run(mine.key, async (_, signal) => {
        return (await client.POST("/api/v1/chat", { body, parseAs: "stream", signal })).response;
      });
    },
    [documentIds, telemetry, problem, run],
  );

  /** What has come so far stays. */
  const stop = useCallback(async () => {
    const last = now.current.at(-1);
    if (!last || !isRunning(last)) return;
    if (last.messageId !== null && here.current !== null) {
      const params = { path: { id: here.current } };
      await client.POST("/api/v1/chat/{id}/stop", { params }).catch(() => undefined);
    } else {
      reading.current?.abort();
    }
    change(last.key, (one) => (isRunning(one) ? { ...one, state: "stopped" } : one));
  }, [change]);

  const retry = useCallback(async () => {
    const last = now.current.at(-1);
    if (last) await ask(last.question);
  }, [ask]);

  return { exchanges, problem, loading, ask, stop, retry };
}
