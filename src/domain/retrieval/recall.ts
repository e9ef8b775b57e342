/** What the recall meter measured, day by day. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { recallByDay } from "./recall-sql.ts";

const DAYS = 90;

export type RecallDay = {
  day: string;
  embedding_model: string;
  /** Recent questions that were asked again. */
  questions: number;
  /** Share of the ten nearest chunks that was found: mean, and of the worst question; null without questions. */
  recall: number | null;
  worst: number | null;
  chunks: number;
  /** Medians in milliseconds, inside the database: as questions are answered, and comparing with everything. */
  routed_ms: number | null;
  exact_ms: number | null;
  /** Median cosine of a chunk with the next one, and with one of another document. */
  neighbours: number | null;
  strangers: number | null;
};

/** The last ninety days that were measured, newest first. @throws AppError when the database fails */
export async function recall(ctx: Ctx): Promise<RecallDay[]> {
  const [days] = await tenantBatch(ctx, (db) => [recallByDay(db, ctx.actor.orgId, DAYS)]);
  return days;
}
