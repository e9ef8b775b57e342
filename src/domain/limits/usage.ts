/** What an organization has used of what it may. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { quotaOf, storageOf, usageOf } from "./sql.ts";

export type Measure = {
  used: number;
  /** Null when any amount is allowed. */
  limit: number | null;
};

export type Usage = {
  documents: Measure;
  storage_bytes: Measure;
  questions: Measure;
  /** Of the language model, both ways. */
  tokens: Measure;
  /** Start of the month that questions and tokens count in, and when they start anew. */
  month: string;
  resets_at: string;
};

/** Of this calendar month, UTC; documents and bytes as they are now. */
export async function usage(ctx: Ctx): Promise<Usage> {
  const { orgId } = ctx.actor;
  const now = ctx.now();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())).toISOString();
  const resets = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString();
  const [{ rows }, [used], [held]] = await tenantBatch(ctx, (db) => [
    quotaOf(db, orgId),
    usageOf(db, orgId, month.slice(0, 10)),
    storageOf(db, orgId),
  ]);
  const quota = rows[0];
  return {
    documents: { used: held?.documents ?? 0, limit: quota?.documents ?? null },
    storage_bytes: { used: held?.bytes ?? 0, limit: quota?.storage_bytes ?? null },
    questions: { used: used?.questions ?? 0, limit: quota?.questions ?? null },
    tokens: { used: used?.tokens ?? 0, limit: quota?.tokens ?? null },
    month: month.slice(0, 7),
    resets_at: resets,
  };
}
