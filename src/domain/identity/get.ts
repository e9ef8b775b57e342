/** The identity provider an organization has connected. */
import type { Ctx, UserActor } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { IdentityView } from "./provider.ts";
import { findIdentity } from "./sql.ts";
import { view } from "./view.ts";

/** Null when there is none: most organizations have none, and nothing is wrong with that. */
export async function get(ctx: Ctx<UserActor>): Promise<IdentityView | null> {
  const [[row]] = await tenantBatch(ctx, (db) => [findIdentity(db, ctx.actor.orgId)]);
  return row ? view(row) : null;
}
