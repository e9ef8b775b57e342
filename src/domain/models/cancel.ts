/** Calls a change of model off: the organization keeps the model it has, and what was embedded for the other one goes. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { enqueuePiece } from "./enqueue.ts";
import { NOTHING } from "./get.ts";
import { callOff, countEmbedded, findModel, isTurned } from "./sql.ts";
import { type ModelsView, view } from "./view.ts";

/** @throws AppError `not_found` when no change is under way; one whose new model answers already cannot be called off */
export async function cancel(ctx: Ctx<UserActor>): Promise<ModelsView> {
  const { orgId } = ctx.actor;
  const [[off], [row], { rows }] = await tenantBatch(ctx, (db) => [
    callOff(db, orgId),
    findModel(db, orgId),
    countEmbedded(db),
    audit(db, {
      ...auditOf(ctx),
      action: "models.embedding_change_cancelled",
      target: { type: "org", id: orgId },
      result: "ok",
      when: isTurned(orgId),
    }),
  ]);
  if (!off?.changeId)
    throw new AppError("not_found", { detail: "No change of the embedding model is under way." });
  await enqueuePiece(ctx, { orgId, changeId: off.changeId, piece: off.piece });
  return view(ctx.ports.embedders, row, rows[0]?.figures ?? NOTHING);
}
