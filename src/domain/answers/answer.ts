/** The whole answer at once, for callers that do not stream. */
import { AppError } from "../../errors.ts";
import type { AnswerEvent, Citation, Done, Retrieval, Source } from "./events.ts";

export type Answer = Done & { citations: Citation[]; sources: Source[]; retrieval: Retrieval };

/**
 * Collects the events of one answer.
 * @throws AppError what the model failed with, also after its first token: half an answer is no answer here
 */
export async function collect(events: AsyncIterable<AnswerEvent>): Promise<Answer> {
  const citations: Citation[] = [];
  let found: { sources: Source[]; retrieval: Retrieval } | undefined;
  for await (const event of events) {
    if (event.type === "sources") found = { sources: event.sources, retrieval: event.retrieval };
    else if (event.type === "citation") citations.push(event.citation);
    else if (event.type === "error") throw event.error;
    else if (event.type === "done" && found) return { ...event.done, citations, ...found };
  }
  // Only a caller who went away ends an answer early.
  throw new AppError("model_unavailable", { detail: "The answer was cut short." });
}
