/** Gives an answer that was kept, and gathers one that may be. */
import type { Ctx } from "../../context.ts";
import type { Looked } from "../cache/sql.ts";
import type { AnswerEvent, Citation, Done, Retrieval, Source } from "./events.ts";

/** What is kept of an answer: all that does not belong to the one time it was made. */
export type Payload = {
  sources: Source[];
  citations: Citation[];
  done: Omit<Done, "message_id" | "usage" | "cost" | "attempts" | "ms" | "cache">;
};

export type Hit = NonNullable<NonNullable<Looked<Payload>>["hit"]>;

/** The events of the answer as they came then; no model is asked. */
export async function* cachedAnswer(
  ctx: Pick<Ctx, "log">,
  { exact, age_seconds, payload: { sources, citations, done } }: Hit,
  retrieval: Retrieval,
  messageId: string,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const kind = exact ? "exact" : "near";
  ctx.log.add({ cache: kind });
  yield { type: "sources", message_id: messageId, sources, retrieval };
  let told = 0;
  for (const citation of citations) {
    yield { type: "token", text: done.answer.slice(told, citation.answer_end) };
    yield { type: "citation", citation };
    told = citation.answer_end;
  }
  if (told < done.answer.length) yield { type: "token", text: done.answer.slice(told) };
  yield {
    type: "done",
    done: {
      ...done,
      message_id: messageId,
      usage: null,
      cost: 0,
      attempts: [],
      cache: { hit: true, kind, age_seconds },
      ms: ctx.log.steps(),
    },
  };
}

/** Watches an answer: `payload()` is what to keep of it, or null when it is not worth or not safe to be given again. */
export function gathering(): { see(event: AnswerEvent): void; payload(): Payload | null } {
  const citations: Citation[] = [];
  let sources: Source[] = [];
  let done: Done | undefined;
  return {
    see(event) {
      if (event.type === "sources") ({ sources } = event);
      else if (event.type === "citation") citations.push(event.citation);
      else if (event.type === "done") ({ done } = event);
    },
    payload() {
      // A taught answer expires by the clock, which changes no corpus.
      const fromTaught = sources.some(({ kind }) => kind === "taught");
      if (!done?.grounded || done.degraded || fromTaught) return null;
      const { message_id: _, usage: __, cost: ___, attempts: ____, ms: _____, cache: ______, ...rest } = done;
      return { sources, citations, done: rest };
    },
  };
}
