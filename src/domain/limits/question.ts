/** What a question may cost, set aside before the model is asked, and what it did cost, put in its place after. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { type Database, databaseError } from "../../infra/db/client.ts";
import { type Statement, tenantBatch } from "../../infra/db/tenant.ts";
import { estimateTokens } from "../../text/tokens.ts";
import { type NewMessage, saveMessage } from "../messages/sql.ts";
import type { Spent } from "./meter.ts";
import { type Reserved, type ReservedTokens, settleQuestion } from "./sql.ts";

/** Tokens of one passage with its number and title; chunks aim at 1000 characters and never pass 1400. */
const PASSAGE_TOKENS = 400;
/** The instructions around them, some of the organization's own included. */
const PROMPT_TOKENS = 800;

const FOREIGN_KEY_VIOLATION = "23503";

type Question = { query: string; top_k: number; history: readonly { content: string }[] };

/** A generous guess, made before the passages are known. */
export function tokensAtMost({ query, top_k, history }: Question, maxTokens: number): number {
  const said = [query, ...history.map(({ content }) => content)].join("\n");
  return PROMPT_TOKENS + top_k * PASSAGE_TOKENS + estimateTokens(said) + maxTokens;
}

/** What the batch reserved, also told to the caller in the RateLimit headers. */
export function reservation(ctx: BaseCtx, { rows }: { rows: { reserved: Reserved }[] }): Reserved {
  const reserved = rows[0]?.reserved;
  if (!reserved) throw new AppError("internal");
  if (reserved.questions !== null && reserved.questions_left !== null) {
    const resets = Date.parse(reserved.resets_at);
    ctx.onQuota?.({
      name: "questions",
      quota: reserved.questions,
      window: (resets - Date.parse(reserved.month)) / 1000,
      remaining: reserved.questions_left,
      reset: Math.max(0, Math.ceil((resets - ctx.now().getTime()) / 1000)),
    });
  }
  return reserved;
}

/** What the batch set aside for work that is no question. */
export function tokensReserved({ rows }: { rows: { reserved: ReservedTokens }[] }): ReservedTokens {
  const reserved = rows[0]?.reserved;
  if (!reserved) throw new AppError("internal");
  return reserved;
}

/**
 * Puts what was spent in the place of what was set aside, and keeps the question with its answer, where it was one. As the
 * organization, not as the asker: whose rights may have ended since. Never throws: an answer that was given stays given,
 * and what was set aside then stays counted.
 */
export async function settle(
  ctx: Ctx,
  reserved: ReservedTokens,
  { spent, answered }: Spent,
  message?: NewMessage,
  also: (db: Database) => Statement[] = () => [],
): Promise<void> {
  const service = { ...ctx, actor: { kind: "service", orgId: ctx.actor.orgId } } as const;
  const settled = (db: Database) => settleQuestion(db, reserved, spent, answered);
  try {
    await tenantBatch(service, (db) => [
      ...(message ? saveMessage(db, message) : []),
      ...also(db),
      settled(db),
    ]);
  } catch (thrown) {
    ctx.log.add({ settle_failed: true });
    // Whoever asked has been removed meanwhile: then nothing is kept, and what it cost counts all the same.
    if (databaseError(thrown)?.code !== FOREIGN_KEY_VIOLATION) return;
    await tenantBatch(service, (db) => [settled(db)]).catch(() => undefined);
  }
}
