/** Counts a question and finds what may answer it, with the organization's language model where one is wanted. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { ChatModel, Spent } from "../../infra/chat-model/port.ts";
import type { Database } from "../../infra/db/client.ts";
import { type Statement, tenantBatch } from "../../infra/db/tenant.ts";
import { reservation, settle } from "../limits/question.ts";
import { type Reserved, reserveQuestion } from "../limits/sql.ts";
import { chatModelsOf, chooseChat, freeOf, onlyChat } from "../models/choose-chat.ts";
import { type Around, type SearchInput, type Sought, searchBetween } from "../retrieval/search.ts";
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
 * One batch counts and searches. Where a model reads the question first, the question is counted before, so that nothing
 * is asked that nobody may pay for: a batch more.
 * @param first, more other statements of the batch that searches
 * @throws AppError what searching throws, and `quota_exceeded`; what was set aside is then given back
 */
export async function find<F extends Statement>(
  ctx: Ctx,
  input: SearchInput,
  { estimate, model }: Wanted,
  { first, more }: Pick<Around<F, Statement>, "first" | "more"> = {},
): Promise<FoundFor<F>> {
  const { ports } = ctx;
  const reranks = ports.rerankers?.spendsTokens === true && input.rerank !== false;
  const tokens =
    ports.chat.mode === "offline" ? 0 : estimate + understandingTokens(input) + (reranks ? RERANK_TOKENS : 0);
  const last = (db: Database) => reserveQuestion(db, ctx.actor.orgId, tokens, freeOf(ports.chats));

  let who: Who | undefined;
  let understood: Understood | undefined;
  try {
    if (!wantsModel(input) || ports.chat.mode === "offline") understood = asAsked(input, "not_done");
    else {
      const [counted] = await tenantBatch(ctx, (db) => [last(db)]);
      who = whoAnswers(ctx, counted, model);
      understood =
        who.chat.mode === "offline"
          ? asAsked(input, who.reserved.over_budget ? "over_budget" : "not_done")
          : await understand(ctx, who.chat, input);
    }
    const rerankerOf = (counted: Counted | undefined) => {
      if (counted) who = whoAnswers(ctx, counted, model);
      return who ? (ports.rerankers?.for(who.chat) ?? null) : null;
    };
    const around = { first, more, last: who ? undefined : last };
    const sought = await searchBetween(ctx, input, around, rerankerOf, understood);
    if (!who) throw new AppError("internal");
    return { ...sought, ...who, spent: [...(understood?.spent ?? []), ...sought.spent] };
  } catch (thrown) {
    const spent = tokensOf(understood?.spent ?? []);
    if (who) ctx.waitUntil(settle(ctx, who.reserved, { spent, answered: false }));
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
