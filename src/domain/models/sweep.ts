/** Sends lost messages of changes of model again. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { unlessSuspended } from "../organizations/unless-suspended.ts";
import { enqueuePiece } from "./enqueue.ts";
import { findStrandedChanges, touchPiece } from "./sql.ts";

/** Changes a sweep looks after; the next one comes in a minute. */
const LIMIT = 100;

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweepChanges(base: BaseCtx): Promise<{ changes_sent_again: number }> {
  const [stranded] = await systemBatch(base, (db) => [findStrandedChanges(db, LIMIT)]);
  let sent = 0;
  for (const { orgId, changeId, piece } of stranded) {
    if (changeId === null) continue;
    const ctx: Ctx = { ...base, actor: { kind: "service", orgId } };
    const revived = await unlessSuspended(async () => {
      await tenantBatch(ctx, (db) => [touchPiece(db, { orgId, changeId, piece })]);
      await enqueuePiece(ctx, { orgId, changeId, piece });
      return true;
    });
    if (revived) sent += 1;
  }
  return { changes_sent_again: sent };
}
