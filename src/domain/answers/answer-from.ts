/** Writes an answer from what a search found, as a stream of events. */
import type { Ctx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { ChatInput } from "../../infra/chat-model/port.ts";
import { notFound } from "../../text/not-found.ts";
import type { Result, SearchInput, SearchResult } from "../retrieval/search.ts";
import { type Answering, aboutModel } from "./about-model.ts";
import { answerStructured, demandModel } from "./answer-structured.ts";
import { citer } from "./cite.ts";
import { supportedShare } from "./claim.ts";
import type { AnswerEvent, Done, Source, Usage } from "./events.ts";
import { formatRule, jsonFormat, type ResponseFormat } from "./format.ts";
import { linksIn } from "./links.ts";
import { groundedPrompt } from "./prompt.ts";
import { isStopped } from "./stopped.ts";
import { timed } from "./timed.ts";

type Question = Pick<SearchInput, "query" | "history"> & { response_format?: ResponseFormat | undefined };

/** Enough for a page, too little to ramble. */
const MAX_TOKENS = 1_024;
/** JSON that is cut short is no JSON. */
const MAX_TOKENS_JSON = 4_096;
/** Tokens the model may write for an answer of this form. */
export const mostTokens = ({ response_format }: Pick<Question, "response_format">): number =>
  jsonFormat(response_format) ? MAX_TOKENS_JSON : MAX_TOKENS;

type Answered = {
  messageId?: string;
  /** Taught answers that may help, as sources before the passages. */
  helpers?: readonly Source[];
  /** Lines of the production log, as sources between those and the passages. */
  logged?: readonly Source[];
  /** How the organization wants answers written. */
  instructions?: string | null | undefined;
  maxTokens?: number;
};

/**
 * Yields `sources`, then `token`s and `citation`s, then `done`. When nothing relevant was found the answer says so and
 * no model is asked. Ends without `done` when the caller went away, with it when it was {@link Stopped}; leaving the loop
 * closes the model's stream.
 * @throws AppError until the first token; a later failure is an `error` event, the last one
 */
export async function* answerFrom(
  ctx: Pick<Ctx, "ports" | "log" | "signal">,
  input: Question,
  { results, retrieval }: SearchResult,
  {
    messageId = crypto.randomUUID(),
    helpers = [],
    logged = [],
    instructions,
    maxTokens = mostTokens(input),
  }: Answered = {},
): AsyncGenerator<AnswerEvent, void, undefined> {
  const format = jsonFormat(input.response_format);
  if (format) demandModel(ctx);
  // Which of a taught answer's words are for this question is for a model to judge.
  const taught = ctx.ports.chat.mode === "offline" || retrieval.off_topic ? [] : helpers;
  const first = [...taught, ...logged].map((source, at) => ({ ...source, index: at + 1 }));
  const sources = [...first, ...results.map((result, at) => toSource(result, first.length + at + 1))];
  yield { type: "sources", message_id: messageId, sources, retrieval };

  let answering: Answering = { model: ctx.ports.chat, attempts: [] };
  const finish = (
    rest: Pick<
      Done,
      | "answer"
      | "stopped"
      | "structured"
      | "grounded"
      | "supported"
      | "usage"
      | "citations_dropped"
      | "links_removed"
    >,
  ): AnswerEvent => {
    const about = aboutModel(answering, rest.usage);
    ctx.log.add({
      model: about.model,
      asked_before:
        about.attempts.length > 1
          ? about.attempts.map(({ model, code }) => `${model}:${code}`).join(" ")
          : undefined,
      grounded: rest.grounded,
      citations_dropped: rest.citations_dropped,
      links_removed: rest.links_removed,
    });
    return { type: "done", done: { message_id: messageId, ...rest, ...about, ms: ctx.log.steps() } };
  };

  if (sources.length === 0 || retrieval.off_topic) {
    const answer = notFound(input.query);
    yield { type: "token", text: answer };
    yield finish({
      answer,
      ...(format ? { structured: null } : {}),
      grounded: false,
      supported: null,
      usage: null,
      citations_dropped: 0,
      links_removed: 0,
    });
    return;
  }

  const links = linksIn([input.query, ...sources.map(({ content }) => content)]);
  const asked = chatInput({ ...input, instructions }, sources, maxTokens);
  if (format) {
    const found = await answerStructured(ctx, asked, format, sources, links);
    if (!found) {
      const nothing = { answer: "", structured: null, grounded: false, supported: null, usage: null };
      if (isStopped(ctx.signal)) {
        yield finish({ ...nothing, citations_dropped: 0, links_removed: 0, stopped: true });
      }
      return;
    }
    answering = found.answering;
    const { text, citations, value, supported, usage, dropped, removed } = found;
    yield { type: "token", text };
    for (const citation of citations) yield { type: "citation", citation };
    yield finish({
      answer: text,
      structured: value,
      grounded: citations.length > 0,
      supported,
      usage,
      citations_dropped: dropped,
      links_removed: removed,
    });
    return;
  }

  const cited = citer(sources, links);
  let usage: Usage | null = null;
  let spoken = false;
  try {
    for await (const delta of timed(ctx, asked)) {
      if (delta.type === "model") {
        answering = delta;
        continue;
      }
      if (delta.type === "usage") {
        usage = { prompt_tokens: delta.promptTokens, completion_tokens: delta.completionTokens };
        continue;
      }
      for (const event of cited.push(delta.text)) {
        spoken = true;
        yield event;
      }
    }
    if (ctx.signal.aborted && !isStopped(ctx.signal)) return;
    for (const event of cited.end()) {
      spoken = true;
      yield event;
    }
    if (!spoken && !isStopped(ctx.signal))
      throw new AppError("model_failed", { detail: "The language model gave an empty answer." });
  } catch (thrown) {
    const stopped = isStopped(ctx.signal);
    if (ctx.signal.aborted && !stopped) return;
    const error = toAppError(thrown);
    if (!spoken && !stopped) throw error;
    yield* cited.end();
    if (!stopped) {
      yield { type: "error", error };
      return;
    }
  }
  yield finish({
    answer: cited.answer(),
    grounded: cited.citations().length > 0,
    supported: supportedShare([{ answer: cited.answer(), citations: cited.citations() }]),
    usage,
    citations_dropped: cited.dropped(),
    links_removed: cited.removed(),
    ...(isStopped(ctx.signal) ? { stopped: true } : {}),
  });
}

function toSource(result: Result, index: number): Source {
  const { chunk_id, document_id, document_name, title, version, content, page, heading, start, end, score } =
    result;
  return {
    kind: "document",
    index,
    chunk_id,
    document_id,
    document_name,
    title,
    version,
    content,
    page,
    heading,
    start,
    end,
    score,
  };
}

function chatInput(
  input: Question & { instructions: string | null | undefined },
  sources: readonly Source[],
  maxTokens: number,
): ChatInput {
  const format = jsonFormat(input.response_format);
  return {
    messages: groundedPrompt({ ...input, format: format ? formatRule(format) : undefined }, sources),
    question: input.query,
    earlier: input.history.filter(({ role }) => role === "user").map(({ content }) => content),
    sources: sources.map(({ index, title, document_name, heading, content }) => ({
      index,
      title: [title ?? document_name, ...heading].join(" > "),
      content,
    })),
    maxTokens,
  };
}
