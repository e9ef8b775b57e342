/** Sends lost messages of runs again. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { unlessSuspended } from "../organizations/unless-suspended.ts";
import { enqueuePiece } from "./enqueue.ts";
import { findStranded, releasePiece } from "./work-sql.ts";

/** Runs a sweep looks after; the next one comes in a minute. */
const LIMIT = 100;

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweepEvals(base: BaseCtx): Promise<{ evals_sent_again: number }> {
  const [stranded] = await systemBatch(base, (db) => [findStranded(db, LIMIT)]);
  let sent = 0;
  for (const piece of stranded) {
    const ctx: Ctx = { ...base, actor: { kind: "service", orgId: piece.orgId } };
    const revived = await unlessSuspended(async () => {
      await tenantBatch(ctx, (db) => [releasePiece(db, piece)]);
      await enqueuePiece(ctx, piece);
      return true;
    });
    if (revived) sent += 1;
  }
  return { evals_sent_again: sent };
}
