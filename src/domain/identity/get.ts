/** The identity provider an organization has connected. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { IdentityView } from "./provider.ts";
import { findIdentity } from "./sql.ts";
import { view } from "./view.ts";

/** @throws AppError `not_found` when there is none */
export async function get(ctx: Ctx<UserActor>): Promise<IdentityView> {
  const [[row]] = await tenantBatch(ctx, (db) => [findIdentity(db, ctx.actor.orgId)]);
  if (!row) throw new AppError("not_found", { detail: "No identity provider is connected." });
  return view(row);
}
