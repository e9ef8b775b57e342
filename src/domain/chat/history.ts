/** What was said before in a conversation, as a follow-up question is understood in its light. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import type { SearchInput } from "../retrieval/search.ts";
import { endDeadAnswers } from "./event-sql.ts";
import { findAnswering, findOwnSession, lastTurns } from "./sql.ts";

/** Exchanges that are looked back at; `history` of a request may hold as many. */
const EXCHANGES = 10;
/** Characters of all of them; what is older is left out. */
const LONGEST = 12_000;

/** A question that was answered, and its answer. */
export type Exchange = { id: string; question: string; answer: string };

/**
 * The one round trip that a follow-up takes before it searches: what is searched for depends on what was said.
 * @returns newest first
 * @throws AppError `not_found` | `answer_running`
 */
export async function turnsOf(ctx: Ctx, sessionId: string): Promise<Exchange[]> {
  const { orgId } = ctx.actor;
  const [[session], [answering], turns] = await tenantBatch(ctx, (db) => [
    findOwnSession(db, ctx.actor, sessionId),
    findAnswering(db, orgId, sessionId),
    lastTurns(db, orgId, sessionId, EXCHANGES),
  ]);
  if (!session) throw new AppError("not_found");
  if (answering?.alive) throw answerRunning(sessionId, answering.id);
  if (answering) await systemBatch(ctx, (db) => [endDeadAnswers(db)]);
  return turns;
}

export const answerRunning = (sessionId: string, messageId?: string): AppError =>
  new AppError("answer_running", {
    extra: { session_id: sessionId, ...(messageId === undefined ? {} : { message_id: messageId }) },
  });

/** @param turns newest first */
export function toHistory(turns: readonly Omit<Exchange, "id">[]): SearchInput["history"] {
  let room = LONGEST;
  const kept = [];
  for (const { question, answer } of turns) {
    room -= question.length + answer.length;
    if (room < 0) break;
    kept.unshift(
      { role: "user" as const, content: question },
      { role: "assistant" as const, content: answer },
    );
  }
  return kept;
}
