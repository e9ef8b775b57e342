/** Sends failed documents back to be read again. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { enqueueExtracts } from "../ingestion/enqueue.ts";
import { countFailed, isAnyRestarted, requeueFailed } from "./version-sql.ts";

/** Documents a call. */
const LIMIT = 500;

/** @property code only those that failed for this reason, e.g. `embedder_unavailable` */
export const RequeueInput = z.object({ code: z.string().min(1).max(100).optional() });
export type RequeueInput = z.infer<typeof RequeueInput>;

export type Requeued = { requeued: number; remaining: number };

/** Those that failed first, 500 a call, in the bulk lane; `remaining` says whether to call again. */
export async function requeue(ctx: Ctx, { code }: RequeueInput): Promise<Requeued> {
  const { orgId } = ctx.actor;
  const [rows, [left]] = await tenantBatch(ctx, (db) => [
    requeueFailed(db, orgId, code, LIMIT),
    countFailed(db, orgId, code),
    audit(db, {
      ...auditOf(ctx),
      action: "documents.requeued",
      detail: { code: code ?? null },
      result: "ok",
      when: isAnyRestarted(orgId),
    }),
  ]);
  ctx.log.add({ requeued: rows.length });
  await enqueueExtracts(ctx, rows);
  return { requeued: rows.length, remaining: left?.remaining ?? 0 };
}
