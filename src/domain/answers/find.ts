/** Counts a question and finds what may answer it, with the organization's language model where one is wanted. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { ChatModel, Spent } from "../../infra/chat-model/port.ts";
import type { Database } from "../../infra/db/client.ts";
import { type Statement, tenantBatch } from "../../infra/db/tenant.ts";
import { reservation, settle } from "../limits/question.ts";
import { type Reserved, reserveQuestion } from "../limits/sql.ts";
import type { NewMessage } from "../messages/sql.ts";
import { chatModelsOf, chooseChat, freeOf, onlyChat } from "../models/choose-chat.ts";
import {
  type Around,
  type Beside,
  type RerankerOf,
  type SearchInput,
  type Sought,
  searchBetween,
} from "../retrieval/search.ts";
import {
  asAsked,
  type Understood,
  understand,
  understandingTokens,
  wantsModel,
} from "../retrieval/understand.ts";

/** Twenty passages and the instructions around them. */
const RERANK_TOKENS = 7_000;

/** What was set aside for the question, the model that answers it, and how the organization wants that done. */
type Who = { reserved: Reserved; chat: ChatModel; instructions: string | null; finishAnswers: boolean };

export type Wanted = {
  /** Tokens that the answer may take. */
  estimate: number;
  /** The one model to ask, among those that the organization uses. */
  model?: string | undefined;
  /** No model is asked, and nothing set aside. */
  free?: boolean;
};

type Searched = { standalone: string | null; mode: Sought["found"]["retrieval"]["mode"] };

/** What happens on the way. */
export type Hooks<F extends Statement> = {
  /** See {@link Around}. */
  first?: Around<F, Statement>["first"];
  /** Comes once the question is counted, before anything is searched; counting is then a batch of its own. */
  counted?: (() => Promise<void>) | undefined;
  /** In the batch that counts the question: both happen or neither, before any model is asked. */
  begin?: ((db: Database) => Statement[]) | undefined;
  /** That batch is done. */
  began?: ((choice: Pick<Who, "finishAnswers">) => void) | undefined;
  /** What `first` says answers the question: then nobody reranks. */
  answers?: (first: F["_"]["result"] | undefined, searched: Searched) => boolean;
  /** It failed after it had begun: what is kept of it. */
  failed?: (thrown: unknown) => { message: NewMessage | undefined; end: (db: Database) => Statement[] };
};

export type FoundFor<F extends Statement> = Sought & Who & { first: F["_"]["result"] | undefined };

type Counted = {
  rows: {
    reserved: Reserved;
    chat_models: string[] | null;
    answer_instructions: string | null;
    finish_answers: boolean;
  }[];
};

/**
 * One batch counts and searches. Where a model reads the question first, or others are asked, the question is counted
 * before, so that nothing is asked that nobody may pay for: a batch more.
 * @throws AppError what searching throws, and `quota_exceeded`; what was set aside is then given back
 */
export async function find<F extends Statement>(
  ctx: Ctx,
  input: SearchInput,
  { estimate, model, free = false }: Wanted,
  { first, counted: onceCounted, begin, began, answers, failed }: Hooks<F> = {},
): Promise<FoundFor<F>> {
  const { ports } = ctx;
  const noModel = free || ports.chat.mode === "offline";
  const reranks = ports.rerankers?.spendsTokens === true && input.rerank !== false;
  const tokens = noModel ? 0 : estimate + understandingTokens(input) + (reranks ? RERANK_TOKENS : 0);
  const last = (db: Database) => reserveQuestion(db, ctx.actor.orgId, tokens, freeOf(ports.chats));

  let who: Who | undefined;
  const count = (counted: Counted): Who => {
    who = whoAnswers(ctx, counted, model);
    // Should what was known be gone by now, it is quoted.
    if (free) who = { ...who, chat: ports.extractive, reserved: { ...who.reserved, over_budget: true } };
    began?.(who);
    return who;
  };
  let understood: Understood | undefined;
  try {
    const reads = wantsModel(input) && !noModel;
    if (reads || onceCounted) {
      const [counted] = await tenantBatch(ctx, (db) => [last(db), ...(begin?.(db) ?? [])]);
      count(counted);
      await onceCounted?.();
    }
    if (!who || !reads) understood = asAsked(input, "not_done");
    else {
      const { chat, reserved }: Who = who;
      understood =
        chat.mode === "offline"
          ? asAsked(input, reserved.over_budget ? "over_budget" : "not_done")
          : await understand(ctx, chat, input);
    }
    const standalone = understood?.report.standalone ?? null;
    const rerankerOf = (beside: Beside<F, ReturnType<typeof last>>): RerankerOf => {
      const { chat } = who ?? count(beside.last ?? { rows: [] });
      return (mode) =>
        free || answers?.(beside.first, { standalone, mode }) ? null : (ports.rerankers?.for(chat) ?? null);
    };
    const around = who ? { first } : { first, last, more: begin };
    const sought = await searchBetween(ctx, input, around, rerankerOf, understood);
    if (!who) throw new AppError("internal");
    return { ...sought, ...(who as Who), spent: [...(understood?.spent ?? []), ...sought.spent] };
  } catch (thrown) {
    const spent = tokensOf(understood?.spent ?? []);
    if (who) {
      const { message, end } = failed?.(thrown) ?? {};
      ctx.waitUntil(settle(ctx, who.reserved, { spent, answered: false }, message, end));
    }
    throw thrown;
  }
}

function whoAnswers(ctx: Ctx, counted: Counted, model: string | undefined): Who {
  const { ports } = ctx;
  const reserved = reservation(ctx, counted);
  const chosen = chatModelsOf(counted);
  const wanted = model === undefined ? chooseChat(ports, chosen) : onlyChat(ports.chats, chosen, model);
  return {
    reserved,
    chat: reserved.over_budget ? ports.extractive : wanted,
    instructions: counted.rows[0]?.answer_instructions ?? null,
    finishAnswers: counted.rows[0]?.finish_answers ?? false,
  };
}

export const tokensOf = (spent: readonly Spent[]): number =>
  spent.reduce((sum, { prompt_tokens, completion_tokens }) => sum + prompt_tokens + completion_tokens, 0);
