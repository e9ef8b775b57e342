/** Begins to move an organization to another embedding model; the one it has answers until the last chunk is done. */
import * as z from "zod";
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { enqueuePiece } from "./enqueue.ts";
import { NOTHING } from "./get.ts";
import { beginChange, countEmbedded, findModel, isBegun } from "./sql.ts";
import { type ModelsView, view } from "./view.ts";

export const ChangeModelInput = z.strictObject({ model: z.string().min(1).max(200) });
export type ChangeModelInput = z.infer<typeof ChangeModelInput>;

/**
 * A change to the model the organization has gives vectors to the chunks that lack one.
 * @throws AppError `invalid_request` for a model nobody offers | `change_running`
 */
export async function change(ctx: Ctx<UserActor>, { model }: ChangeModelInput): Promise<ModelsView> {
  const { orgId } = ctx.actor;
  const { embedders } = ctx.ports;
  if (!embedders.of(model)) {
    const offered = embedders.list().map((embedder) => embedder.model);
    throw new AppError("invalid_request", {
      detail: `model: not offered here. Choose ${offered.join(", ")}.`,
      extra: { offered },
    });
  }
  const [{ rows: outcome }, [row], { rows }] = await tenantBatch(ctx, (db) => [
    beginChange(db, model),
    findModel(db, orgId),
    countEmbedded(db),
    audit(db, {
      ...auditOf(ctx),
      action: "models.embedding_change_begun",
      target: { type: "org", id: orgId },
      detail: { model },
      result: "ok",
      when: isBegun(orgId),
    }),
  ]);
  if (!row?.changeId) throw new AppError("internal");
  if (!outcome[0]?.begun) {
    throw new AppError("change_running", {
      detail: `A change to ${row.target} is under way. Wait until it is done, or call it off first.`,
    });
  }
  await enqueuePiece(ctx, { orgId, changeId: row.changeId, piece: row.piece });
  return view(embedders, row, rows[0]?.figures ?? NOTHING);
}
