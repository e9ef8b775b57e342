/** Sends the message that goes on with a change of model. */
import type { Ctx } from "../../context.ts";
import type { Piece } from "./sql.ts";

/** To the tail of the bulk lane, one piece a message: others take their turn in between. The sweeper finds a lost one. */
export async function enqueuePiece(ctx: Ctx, { orgId, changeId, piece }: Piece): Promise<void> {
  try {
    await ctx.ports.jobs.send("ingest-bulk", [
      { kind: "organization.reembed", org_id: orgId, change_id: changeId, piece, request_id: ctx.requestId },
    ]);
  } catch {
    ctx.log.add({ enqueue_failed: true });
  }
}
