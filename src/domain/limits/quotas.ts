/** What organizations may use, as whoever runs the platform sets it: for all, and for one. */
import * as z from "zod";
import type { PlatformCtx } from "../../context.ts";
import { superadminBatch } from "../../infra/db/tenant.ts";
import { audit } from "../audit/record.ts";
import { demandOrganization, findQuota, putQuota, type Quota } from "./sql.ts";

const amount = (largest: number) => z.int().min(0).max(largest).nullable().default(null);
const INT4 = 2_147_483_647;

/** Null falls back to what holds for all, and there allows any amount. */
export const QuotaInput = z.strictObject({
  documents: amount(INT4),
  storage_bytes: amount(Number.MAX_SAFE_INTEGER),
  questions: amount(INT4),
  tokens: amount(Number.MAX_SAFE_INTEGER),
});
export type QuotaInput = z.infer<typeof QuotaInput>;

const NONE: Quota = { documents: null, storage_bytes: null, questions: null, tokens: null };

/**
 * @param orgId null for the figures of all organizations that have none of their own
 * @throws AppError `not_found`
 */
export async function getQuota(ctx: PlatformCtx, orgId: string | null): Promise<Quota> {
  const [, [quota]] = await superadminBatch(ctx, (db) => [
    demandOrganization(db, orgId),
    findQuota(db, orgId),
  ]);
  return quota ?? NONE;
}

/** Replaces all four figures. @throws AppError `not_found` */
export async function setQuota(ctx: PlatformCtx, orgId: string | null, quota: QuotaInput): Promise<Quota> {
  await superadminBatch(ctx, (db) => [
    demandOrganization(db, orgId),
    putQuota(db, orgId, quota),
    ...(orgId === null
      ? []
      : [
          audit(db, {
            orgId,
            actor: { kind: "superadmin", id: ctx.actor.userId },
            action: "quota.changed",
            target: { type: "org", id: orgId },
            detail: quota,
            result: "ok",
            ctx,
          }),
        ]),
  ]);
  return quota;
}
