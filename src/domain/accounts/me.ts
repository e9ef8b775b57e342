/** Who the caller is. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { type Profile, profile } from "./session.ts";
import { findMe } from "./sql.ts";

/** @throws AppError `not_found` when the account is gone since the token was issued */
export async function me(ctx: Ctx<UserActor>): Promise<Profile> {
  const [[account]] = await tenantBatch(ctx, (db) => [findMe(db, ctx.actor.orgId, ctx.actor.userId)]);
  if (!account) throw new AppError("not_found");
  return profile(account);
}
