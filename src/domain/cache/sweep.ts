/** Takes away kept answers that nobody can get any more. */
import type { BaseCtx } from "../../context.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { sweepAnswers } from "./sql.ts";

/** Answers an organization, some ten kilobytes each. */
const MOST = 2_000;

/** @throws AppError when the database fails */
export async function sweepCache(ctx: BaseCtx): Promise<{ cached_answers_removed: number }> {
  const [{ rows }] = await systemBatch(ctx, (db) => [sweepAnswers(db, MOST)]);
  return { cached_answers_removed: rows[0]?.removed ?? 0 };
}
