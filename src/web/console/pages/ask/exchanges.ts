/** What becomes of an exchange: as it is asked, with each event of its answer, and as it was kept. */
import { Problem } from "../../../ui/problem.ts";
import type { Citation, Done, Exchange, Message, Source } from "./types.ts";

export const isRunning = ({ state }: Exchange): boolean => state === "searching" || state === "answering";

export const asked = (question: string): Exchange => ({
  key: crypto.randomUUID(),
  question,
  answer: "",
  sources: [],
  citations: [],
  state: "searching",
  withheld: false,
  messageId: null,
  done: null,
  problem: null,
});

/** After one event of the native dialect. */
export function after(exchange: Exchange, event: string, data: unknown): Exchange {
  switch (event) {
    case "sources": {
      const { sources, message_id } = data as { sources: Source[]; message_id: string };
      return { ...exchange, sources, messageId: message_id, state: "answering" };
    }
    case "token":
      return { ...exchange, answer: exchange.answer + (data as { text: string }).text };
    case "citation":
      return { ...exchange, citations: [...exchange.citations, data as Citation] };
    case "done": {
      const done = data as Done;
      const state = done.stopped ? "stopped" : "complete";
      return { ...exchange, answer: done.answer, done, messageId: done.message_id, state };
    }
    case "error": {
      const { problem } = data as { problem: ConstructorParameters<typeof Problem>[1] & { status: number } };
      return { ...exchange, state: "failed", problem: new Problem(problem.status, problem) };
    }
    default:
      return exchange;
  }
}

export function kept(message: Message): Exchange {
  const {
    id,
    question,
    answer,
    withheld,
    status,
    failure_code,
    grounded,
    sources,
    citations,
    model,
    mode,
    ms,
  } = message;
  return {
    key: id,
    question,
    answer: answer ?? "",
    sources: sources?.filter(({ unavailable }) => !unavailable) ?? [],
    citations: citations ?? [],
    state: status,
    withheld,
    messageId: id,
    done: status === "complete" ? { grounded: grounded ?? false, model, mode, ms: ms ?? {} } : null,
    problem: status === "failed" ? new Problem(500, { code: failure_code ?? "internal" }) : null,
  };
}
