/** Sends lost messages of changes of model again. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { enqueuePiece } from "./enqueue.ts";
import { findStrandedChanges, touchPiece } from "./sql.ts";

const LIMIT = 100;

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweepChanges(base: BaseCtx): Promise<{ changes_sent_again: number }> {
  const [stranded] = await systemBatch(base, (db) => [findStrandedChanges(db, LIMIT)]);
  let sent = 0;
  for (const { orgId, changeId, piece } of stranded) {
    if (changeId === null) continue;
    const ctx: Ctx = { ...base, actor: { kind: "service", orgId } };
    try {
      await tenantBatch(ctx, (db) => [touchPiece(db, { orgId, changeId, piece })]);
      await enqueuePiece(ctx, { orgId, changeId, piece });
      sent += 1;
    } catch (thrown) {
      const error = toAppError(thrown);
      // A suspended organization waits; anything else is the database's trouble and ends this sweep.
      if (error.code !== "session_revoked") throw error;
    }
  }
  return { changes_sent_again: sent };
}
