/** Changes what the caller is called. */
import * as z from "zod";
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { type Profile, profile } from "./session.ts";
import { findMe, setName } from "./sql.ts";

export const PersonName = z.string().trim().min(1).max(200);

export const RenameInput = z.strictObject({ name: PersonName });
export type RenameInput = z.infer<typeof RenameInput>;

/** @throws AppError `not_found` when the account is gone since the token was issued */
export async function rename(ctx: Ctx<UserActor>, { name }: RenameInput): Promise<Profile> {
  const { orgId, userId } = ctx.actor;
  const [, [account]] = await tenantBatch(ctx, (db) => [
    setName(db, orgId, userId, name),
    findMe(db, orgId, userId),
  ]);
  if (!account) throw new AppError("not_found");
  return profile(account);
}
