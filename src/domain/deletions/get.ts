/** How far a deletion is; for whoever asked for it, and admins. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { Receipts } from "../organizations/receipt.ts";
import { type Answer, answerOf } from "./answer.ts";
import { findDeletion } from "./sql.ts";

/** @throws AppError `not_found` */
export async function get(ctx: Ctx, receipts: Receipts, id: string): Promise<Answer> {
  const [[row]] = await tenantBatch(ctx, (db) => [findDeletion(db, ctx.actor.orgId, id)]);
  if (!row) throw new AppError("not_found");
  return answerOf(ctx, receipts, row);
}
