/** Answers a question from the documents its reader may see, as a stream of events. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { ChatInput } from "../../infra/chat-model/port.ts";
import type { Database } from "../../infra/db/client.ts";
import type { Statement } from "../../infra/db/tenant.ts";
import { notFound } from "../../text/not-found.ts";
import { cacheKey } from "../cache/key.ts";
import { keepAnswer } from "../cache/sql.ts";
import { meter } from "../limits/meter.ts";
import { settle, tokensAtMost } from "../limits/question.ts";
import { type Channel, channelOf } from "../messages/channel.ts";
import { documentsOf, recorder } from "../messages/record.ts";
import { type Result, SearchInput, type SearchResult } from "../retrieval/search.ts";
import { linesFor } from "../telemetry/for-question.ts";
import { type Answering, aboutModel, withSpent } from "./about-model.ts";
import { answerStructured, demandModel } from "./answer-structured.ts";
import { cachedAnswer, gathering } from "./cached.ts";
import { citer } from "./cite.ts";
import { supportedShare } from "./claim.ts";
import type { AnswerEvent, Done, Source, Usage } from "./events.ts";
import { find, type Hooks, tokensOf } from "./find.ts";
import { formatRule, jsonFormat, ResponseFormat } from "./format.ts";
import { answersIn, isAnswered, isKnown, looker } from "./known.ts";
import { linksIn } from "./links.ts";
import { logSources } from "./logged.ts";
import { groundedPrompt } from "./prompt.ts";
import { isStopped } from "./stopped.ts";
import { taughtAnswer } from "./taught.ts";
import { timed } from "./timed.ts";

export const AskInput = SearchInput.extend({
  stream_format: z.enum(["sse", "text"]).optional(),
  /** The answer's form; JSON is checked whole before any of it is sent, so it comes in one piece. */
  response_format: ResponseFormat.optional(),
  /** False: neither given from the cache nor kept in it. */
  cache: z.boolean().optional(),
  /** True: lines of the production log are sources, too; for internal administrators only. */
  telemetry: z.boolean().optional(),
});
export type AskInput = z.infer<typeof AskInput>;

/** Tokens the model may write; enough for a page, too little to ramble. */
const MAX_TOKENS = 1_024;
/** JSON that is cut short is no JSON. */
const MAX_TOKENS_JSON = 4_096;
const mostTokens = ({ response_format }: Pick<AskInput, "response_format">) =>
  jsonFormat(response_format) ? MAX_TOKENS_JSON : MAX_TOKENS;

export type Asking = {
  /** Through which door the question came; without one the native API's. */
  channel?: Channel;
  /** The one model to ask, among those that the organization uses. */
  model?: string;
  /** Tokens the answer may have, where that is fewer than usual. */
  maxTokens?: number;
  /** The conversation it belongs to. */
  turn?: Turn;
  /** Nobody's question: it costs what it costs, and is not kept. */
  unrecorded?: true;
};

/** A question in a conversation, and what happens in the batches it takes anyway. */
export type Turn = {
  messageId: string;
  sessionId: string;
  /** With what counts the question, before any model is asked, or not at all. */
  begin(db: Database): Statement[];
  /** That is done. */
  began(choice: { finishAnswers: boolean }): void;
  /** With what settles and keeps the answer. */
  end(db: Database): Statement[];
};

/**
 * Searches, then answers; see {@link find} and {@link answerFrom}. What the models did need is settled, and question and
 * answer are kept, when the answer ends, however it ends.
 * @throws AppError what searching throws, `quota_exceeded`, and until the first token what the model fails with
 */
export async function* ask(
  ctx: Ctx,
  input: AskInput,
  {
    channel = channelOf(ctx.actor),
    turn,
    model,
    maxTokens = Number.POSITIVE_INFINITY,
    unrecorded,
  }: Asking = {},
): AsyncGenerator<AnswerEvent, void, undefined> {
  const { ports } = ctx;
  const at = ctx.now();
  const id = turn?.messageId ?? crypto.randomUUID();
  const limit = Math.min(maxTokens, mostTokens(input));
  const offered = [ports.chat, ...ports.chats.list()].map((chat) => chat.model);
  const lookInLogs = input.telemetry ? await linesFor(ctx, input.query) : undefined;
  let logged: Source[] = [];
  const key = input.telemetry ? null : await cacheKey(input, { offered, only: model, limit });
  const record = recorder(ctx, {
    id,
    channel,
    question: input.query,
    sessionId: turn?.sessionId ?? null,
    at,
  });
  const look = looker(ctx, input, key);
  const hooks: Hooks<ReturnType<typeof look>> = {
    first: look,
    counted:
      lookInLogs &&
      (async () => {
        logged = logSources(await lookInLogs());
      }),
    begin: turn?.begin,
    began: turn?.began,
    answers: (first, searched) => isAnswered(answersIn(input, first, searched)),
    failed(thrown) {
      if (!ctx.signal.aborted) record.fail(toAppError(thrown));
      return { message: turn && record.message(), end: (db) => turn?.end(db) ?? [] };
    },
  };
  const wanted = { estimate: tokensAtMost(input, limit), model };
  const sought = await find(ctx, input, wanted, hooks).catch(async (thrown: unknown) => {
    // What was taught or kept costs nothing.
    if (!lacksTokens(thrown) || !(await isKnown(ctx, input, look))) throw thrown;
    return find(ctx, input, { ...wanted, free: true }, hooks);
  });
  const { first, found, embedded, spent, reserved, chat, instructions } = sought;
  record.searched(embedded);
  ctx.log.add({ message: id, reserved: reserved.reserved, over_budget: reserved.over_budget });
  const { known, isTaught, hit, cached } = answersIn(input, first, {
    standalone: found.retrieval.query?.standalone ?? null,
    mode: found.retrieval.mode,
  });
  // A form filled from a taught answer alone is no answer beside the point, nor is one from the logs alone.
  const beside = (isTaught && !known.answer) || logged.length > 0;
  const retrieval = beside ? { ...found.retrieval, off_topic: false } : found.retrieval;
  const results = logged.length > 0 && found.retrieval.off_topic ? [] : found.results;
  const missed = cached !== null && !known.answer && !hit;
  const cost = meter(chat.mode === "offline" || known.answer || hit ? null : input, limit, tokensOf(spent));
  const gathered = gathering();
  const events = known.answer
    ? taughtAnswer(ctx, known.answer, found.retrieval, id)
    : hit
      ? cachedAnswer(ctx, hit, found.retrieval, id)
      : answerFrom(
          { ...ctx, ports: { ...ports, chat } },
          input,
          { ...found, results, retrieval },
          { messageId: id, helpers: known.helpers, logged, instructions, maxTokens: limit },
        );
  const session = turn && { session_id: turn.sessionId };
  try {
    for await (const said of events) {
      cost.see(said);
      const event = said.type === "done" ? { ...said, done: withSpent(said.done, spent) } : said;
      if (event.type === "done") {
        if (missed) event.done.cache = { hit: false };
        if (reserved.over_budget && !known.answer && !hit) event.done.degraded = "over_budget";
      }
      record.see(event);
      gathered.see(event);
      if (event.type === "sources") yield { ...event, ...session };
      else if (event.type === "done") yield { ...event, done: { ...event.done, ...session } };
      else yield event;
    }
  } catch (thrown) {
    if (!ctx.signal.aborted) record.fail(toAppError(thrown));
    throw thrown;
  } finally {
    const used = cost.total(ctx.signal.aborted);
    const payload = missed ? gathered.payload() : null;
    const end = (db: Database): Statement[] => {
      const ends = turn?.end(db) ?? [];
      if (!key || !cached || !payload) return ends;
      const { audience, corpus_version: version } = cached;
      const documentIds = documentsOf(payload.sources);
      return [...ends, keepAnswer(db, { audience, version, key, question: embedded, payload, documentIds })];
    };
    ctx.waitUntil(settle(ctx, reserved, used, unrecorded ? undefined : record.message(), end));
  }
}

/** The month's tokens are used up, not its questions. */
const lacksTokens = (thrown: unknown): boolean =>
  thrown instanceof AppError && thrown.code === "quota_exceeded" && thrown.extra.quota === "tokens";

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

type Question = Pick<AskInput, "query" | "history" | "response_format">;

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
