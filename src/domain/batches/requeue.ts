/** Sends the failed documents of a batch back to be read again. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { enqueueExtracts } from "../ingestion/enqueue.ts";
import { countFailed, findBatch, isBatch, markRunning, requeueFailed } from "./sql.ts";

/** Documents a call. */
const LIMIT = 500;

export type Requeued = { requeued: number; remaining: number };

/**
 * 500 a call; `remaining` says whether to call again. Lines that were refused left nothing to read: send them again.
 * @throws AppError `not_found`
 */
export async function requeue(ctx: Ctx, id: string): Promise<Requeued> {
  const { orgId } = ctx.actor;
  const [[row], rows, [left]] = await tenantBatch(ctx, (db) => [
    findBatch(db, orgId, id),
    requeueFailed(db, orgId, id, LIMIT),
    countFailed(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "batch.requeued",
      target: { type: "batch", id },
      result: "ok",
      when: isBatch(orgId, id),
    }),
    markRunning(db, orgId, id),
  ]);
  if (!row) throw new AppError("not_found");
  ctx.log.add({ batch: id, requeued: rows.length });
  await enqueueExtracts(ctx, rows);
  return { requeued: rows.length, remaining: left?.remaining ?? 0 };
}
