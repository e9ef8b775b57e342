/** A conversation: its exchanges, the one that is being answered, and what may be done with them. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Problem, toProblem } from "../../../ui/problem.ts";
import { call } from "../../api.ts";
import { serverEvents } from "../../sse.ts";
import type { Citation, Done, Exchange, Source } from "./types.ts";

const UNFINISHED: readonly Exchange["state"][] = ["searching", "answering"];

export const isRunning = ({ state }: Exchange) => UNFINISHED.includes(state);

const blank = (question: string): Exchange => ({
  key: crypto.randomUUID(),
  question,
  answer: "",
  sources: [],
  citations: [],
  state: "searching",
  messageId: null,
  done: null,
  problem: null,
});

/** The exchange after one event of the native dialect. */
function after(exchange: Exchange, event: string, data: unknown): Exchange {
  switch (event) {
    case "sources": {
      const { sources, message_id } = data as { sources: Source[]; message_id?: string };
      return { ...exchange, sources, messageId: message_id ?? exchange.messageId, state: "answering" };
    }
    case "token":
      return { ...exchange, answer: exchange.answer + (data as { text: string }).text };
    case "citation":
      return { ...exchange, citations: [...exchange.citations, data as Citation] };
    case "done": {
      const done = data as Done;
      const messageId = done.message_id ?? exchange.messageId;
      return { ...exchange, answer: done.answer, done, messageId, state: "complete" };
    }
    case "error": {
      const { problem } = data as { problem: ConstructorParameters<typeof Problem>[1] & { status: number } };
      return { ...exchange, state: "failed", problem: new Problem(problem.status, problem) };
    }
    default:
      return exchange;
  }
}

type Options = { documentIds?: string[] | undefined };

export function useConversation({ documentIds }: Options) {
  const [exchanges, setExchanges] = useState<Exchange[]>([]);
  const now = useRef(exchanges);
  now.current = exchanges;
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const change = useCallback((key: string, next: (exchange: Exchange) => Exchange) => {
    setExchanges((all) => all.map((one) => (one.key === key ? next(one) : one)));
  }, []);

  const ask = useCallback(
    async (question: string) => {
      const earlier = now.current;
      const mine = blank(question);
      const stop = new AbortController();
      running.current = stop;
      setExchanges([...earlier, mine]);
      const history = earlier
        .filter(({ answer }) => answer !== "")
        .slice(-6)
        .flatMap((one) => [
          { role: "user", content: one.question },
          { role: "assistant", content: one.answer },
        ]);
      try {
        const response = await call("POST", "query", {
          body: { query: question, history, ...(documentIds ? { document_ids: documentIds } : {}) },
          signal: stop.signal,
        });
        if (!response.body) throw new TypeError("no body");
        for await (const { event, data } of serverEvents(response.body)) {
          change(mine.key, (one) => after(one, event, JSON.parse(data)));
        }
        // A stream that ends without its last event broke off.
        change(mine.key, (one) =>
          isRunning(one) ? { ...one, state: "failed", problem: toProblem(new TypeError()) } : one,
        );
      } catch (thrown) {
        change(mine.key, (one) =>
          stop.signal.aborted
            ? { ...one, state: "stopped" }
            : { ...one, state: "failed", problem: toProblem(thrown) },
        );
      } finally {
        if (running.current === stop) running.current = null;
      }
    },
    [change, documentIds],
  );

  const stop = useCallback(() => running.current?.abort(), []);

  /** The same question once more, in place of its last answer. */
  const retry = useCallback(async () => {
    const last = now.current.at(-1);
    if (!last) return;
    now.current = now.current.slice(0, -1);
    await ask(last.question);
  }, [ask]);

  const clear = useCallback(() => {
    running.current?.abort();
    setExchanges([]);
  }, []);

  return { exchanges, ask, stop, retry, clear };
}
