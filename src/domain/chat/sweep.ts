/** Ends answers that nobody gives any more, and forgets what organizations keep no longer. */
import type { BaseCtx } from "../../context.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { endDeadAnswers, forgetHistory } from "./event-sql.ts";

/** Messages a sweep forgets; the next one comes in a minute. */
const MOST = 5_000;

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweepHistory(ctx: BaseCtx): Promise<Record<string, number>> {
  const [{ rows: ended }, { rows: forgotten }] = await systemBatch(ctx, (db) => [
    endDeadAnswers(db),
    forgetHistory(db, MOST),
  ]);
  return {
    answers_interrupted: Number(ended[0]?.ended ?? 0),
    messages_forgotten: Number(forgotten[0]?.forgotten ?? 0),
  };
}
