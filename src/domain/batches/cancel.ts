/** Stops a batch: no further line comes in, and documents that are not read yet are not read. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { cancelDocuments, cancelSources, findBatch, isBatch, markCancelled } from "./sql.ts";

export type Cancelled = { cancelled: number };

/**
 * What is ready stays. A batch that has ended before is left as it is.
 * @throws AppError `not_found`
 */
export async function cancel(ctx: Ctx, id: string): Promise<Cancelled> {
  const { orgId } = ctx.actor;
  const [[row], , stopped] = await tenantBatch(ctx, (db) => [
    findBatch(db, orgId, id),
    cancelSources(db, orgId, id),
    cancelDocuments(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "batch.cancelled",
      target: { type: "batch", id },
      result: "ok",
      when: isBatch(orgId, id),
    }),
    markCancelled(db, orgId, id),
  ]);
  if (!row) throw new AppError("not_found");
  ctx.log.add({ batch: id, cancelled: stopped.length });
  return { cancelled: stopped.length };
}
