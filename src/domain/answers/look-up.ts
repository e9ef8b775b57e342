/** A search without an answer; asks a language model only where the caller wants one to. */
import type { Ctx } from "../../context.ts";
import { settle } from "../limits/question.ts";
import { type SearchInput, type SearchResult, search } from "../retrieval/search.ts";
import { wantsModel } from "../retrieval/understand.ts";
import { find, tokensOf } from "./find.ts";

/**
 * With `rewrite: "auto"`, `expand`, or `rerank: true` where a chat model reranks, it counts as a question and uses up tokens.
 * @throws AppError what searching throws, and `quota_exceeded`
 */
export async function lookUp(ctx: Ctx, input: SearchInput): Promise<SearchResult> {
  const { chat, rerankers } = ctx.ports;
  const paysForOrder = rerankers?.spendsTokens ?? false;
  const asked = { ...input, rewrite: input.rewrite ?? "off", rerank: input.rerank ?? !paysForOrder };
  const asksModel = chat.mode !== "offline" && (wantsModel(asked) || (paysForOrder && asked.rerank));
  if (!asksModel) return search(ctx, asked);
  const { found, reserved, spent } = await find(ctx, asked, { estimate: 0 });
  ctx.waitUntil(settle(ctx, reserved, { spent: tokensOf(spent), answered: true }));
  return found;
}
