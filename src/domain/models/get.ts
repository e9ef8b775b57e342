/** Which models are offered, which one the organization uses, and how far a change is. */
import type { Ctx, UserActor } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { countEmbedded, type Figures, findModel } from "./sql.ts";
import { type ModelsView, view } from "./view.ts";

export async function get(ctx: Ctx<UserActor>): Promise<ModelsView> {
  const [[row], { rows }] = await tenantBatch(ctx, (db) => [
    findModel(db, ctx.actor.orgId),
    countEmbedded(db),
  ]);
  return view(ctx.ports.embedders, row, rows[0]?.figures ?? NOTHING);
}

export const NOTHING: Figures = { chunks: 0, tokens: 0, embedded: {} };
