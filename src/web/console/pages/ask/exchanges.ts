/** What becomes of an exchange: as it is asked, with each event of its answer, and as it was kept. */
import { Problem } from "../../../ui/problem.ts";
import type { Event, Exchange, Message } from "./types.ts";

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

/** After one event of its answer. */
export function after(exchange: Exchange, { event, data }: Event): Exchange {
  switch (event) {
    case "sources": {
      const { sources, message_id } = data;
      return { ...exchange, sources, messageId: message_id, state: "answering" };
    }
    case "token":
      return { ...exchange, answer: exchange.answer + data.text };
    case "citation":
      return { ...exchange, citations: [...exchange.citations, data] };
    case "done": {
      const state = data.stopped ? "stopped" : "complete";
      return { ...exchange, answer: data.answer, done: data, messageId: data.message_id, state };
    }
    case "error":
      return { ...exchange, state: "failed", problem: new Problem(data.problem.status, data.problem) };
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
    sources: sources.flatMap((source) => ("unavailable" in source ? [] : [source])),
    citations,
    state: status,
    withheld,
    messageId: id,
    done: status === "complete" ? { grounded: grounded ?? false, model, mode, ms: ms ?? {} } : null,
    problem: status === "failed" ? new Problem(500, { code: failure_code ?? "internal" }) : null,
  };
}
