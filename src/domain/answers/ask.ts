/** Answers a question from the documents its reader may see, as a stream of events. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { Database } from "../../infra/db/client.ts";
import type { Statement } from "../../infra/db/tenant.ts";
import { cacheKey } from "../cache/key.ts";
import { keepAnswer } from "../cache/sql.ts";
import { meter } from "../limits/meter.ts";
import { settle, tokensAtMost } from "../limits/question.ts";
import { type Channel, channelOf } from "../messages/channel.ts";
import { documentsOf, recorder } from "../messages/record.ts";
import { SearchInput } from "../retrieval/search.ts";
import { linesFor } from "../telemetry/for-question.ts";
import { withSpent } from "./about-model.ts";
import { answerFrom, mostTokens } from "./answer-from.ts";
import { cachedAnswer, gathering } from "./cached.ts";
import type { AnswerEvent, Source } from "./events.ts";
import { find, type Hooks, tokensOf } from "./find.ts";
import { ResponseFormat } from "./format.ts";
import { answersIn, isAnswered, isKnown, looker } from "./known.ts";
import { logSources } from "./logged.ts";
import { taughtAnswer } from "./taught.ts";

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
