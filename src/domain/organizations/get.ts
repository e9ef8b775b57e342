/** The caller's organization. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { findOrganization } from "./sql.ts";
import { type OrganizationView, view } from "./view.ts";

/** Settings are in it for admins only. @throws AppError `not_found` */
export async function get(ctx: Ctx): Promise<OrganizationView> {
  const { actor } = ctx;
  const [[row]] = await tenantBatch(ctx, (db) => [findOrganization(db, actor.orgId)]);
  if (!row) throw new AppError("not_found");
  return view(row, actor.kind === "user" ? actor.role : "viewer");
}
