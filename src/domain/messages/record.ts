/** What is kept of a question, gathered from the events of its answer. */
import type { Ctx } from "../../context.ts";
import type { AppError } from "../../errors.ts";
import type { AnswerEvent, Citation, Done, Retrieval, Source } from "../answers/events.ts";
import type { Embedded } from "../retrieval/search.ts";
import { accessOf, askerOf } from "./asker.ts";
import type { Channel } from "./channel.ts";
import type { NewMessage } from "./sql.ts";

export type Asked = {
  id: string;
  channel: Channel;
  question: string;
  sessionId: string | null;
  at: Date;
};

export type Recorder = {
  /** What was searched for, as a vector; null when nobody offers the organization's embedding model. */
  searched(embedded: Embedded | null): void;
  see(event: AnswerEvent): void;
  /** The answer ended without an event that says so. */
  fail(error: AppError): void;
  /** What is to be kept, once nothing more comes. */
  message(): NewMessage;
};

/** Neither done nor failed means that it was stopped, or that its reader went away. */
export function recorder(ctx: Pick<Ctx, "actor" | "now" | "log">, asked: Asked): Recorder {
  const citations: Citation[] = [];
  let embedded: Embedded | null = null;
  let sources: Source[] = [];
  let retrieval: Retrieval | undefined;
  let said = "";
  let done: Done | undefined;
  let failure: AppError | undefined;
  return {
    searched(vector) {
      embedded = vector;
    },
    see(event) {
      if (event.type === "sources") ({ sources, retrieval } = event);
      else if (event.type === "token") said += event.text;
      else if (event.type === "citation") citations.push(event.citation);
      else if (event.type === "done") done = event.done;
      else failure = event.error;
    },
    fail(error) {
      failure = error;
    },
    message() {
      const offTopic = retrieval?.off_topic ?? false;
      return {
        id: asked.id,
        orgId: ctx.actor.orgId,
        sessionId: asked.sessionId,
        channel: asked.channel,
        ...askerOf(ctx.actor),
        access: accessOf(ctx.actor),
        question: asked.question,
        standaloneQuestion: retrieval?.query?.standalone ?? null,
        answer: done?.answer ?? (said === "" ? null : said),
        status: done && !done.stopped ? "complete" : failure ? "failed" : "stopped",
        failureCode: failure?.code ?? null,
        grounded: done?.grounded ?? citations.length > 0,
        offTopic,
        cache: done?.cache ? (done.cache.hit ? "hit" : "miss") : null,
        taughtId: done?.taught?.id ?? null,
        model: done?.model ?? null,
        mode: done?.mode ?? null,
        promptTokens: done?.usage?.prompt_tokens ?? null,
        completionTokens: done?.usage?.completion_tokens ?? null,
        cost: done?.cost ?? null,
        ms: done?.ms ?? ctx.log.steps(),
        retrieval: retrieval ?? null,
        ...keptSources(sources, offTopic ? [] : citations.length > 0 ? citations : sources),
        citations,
        embedding: embedded?.vector ?? null,
        embeddingModel: embedded?.model ?? null,
        createdAt: asked.at.toISOString(),
        finishedAt: ctx.now().toISOString(),
      };
    },
  };
}

/**
 * Sources as they are kept: where passages are, not what they say.
 * @param used those whose words the answer may hold
 */
export const keptSources = (sources: readonly Source[], used: readonly Drawn[]) => ({
  sources: sources.map(({ content: _, ...source }) => source),
  documentIds: documentsOf(sources),
  drawnFrom: documentsOf(used),
});

type Drawn = { document_id: string | null };

/** Each once. */
export const documentsOf = (parts: readonly Drawn[]) => [
  ...new Set(parts.flatMap(({ document_id }) => document_id ?? [])),
];
