/** Sends the message that goes on with a run. */
import type { Ctx } from "../../context.ts";
import type { Piece } from "./work-sql.ts";

/** To the tail of the bulk lane: others take their turn in between. The sweeper finds a lost one. */
export async function enqueuePiece(ctx: Ctx, { orgId, runId, piece }: Piece): Promise<void> {
  try {
    await ctx.ports.jobs.send("ingest-bulk", [
      { kind: "eval.step", org_id: orgId, run_id: runId, piece, request_id: ctx.requestId },
    ]);
  } catch {
    ctx.log.add({ enqueue_failed: true });
  }
}
