/** Takes back what was said of an answer. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { deleteFeedback } from "./sql.ts";

/** @throws AppError `not_found` */
export async function withdraw(ctx: Ctx, messageId: string): Promise<{ message_id: string }> {
  const [[row]] = await tenantBatch(ctx, (db) => [deleteFeedback(db, ctx.actor.orgId, messageId)]);
  if (!row) throw new AppError("not_found");
  return { message_id: row.messageId };
}
