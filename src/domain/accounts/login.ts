/** Signs a person in with e-mail and password. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { verifyPassword } from "./password.ts";
import { Email } from "./register.ts";
import { newRefreshToken, type SessionConfig, type SignIn, signIn } from "./session.ts";
import { findByEmail, insertRefreshToken } from "./sql.ts";

export const LoginInput = z.object({ email: Email, password: z.string().min(1).max(200) });
export type LoginInput = z.infer<typeof LoginInput>;

/** @throws AppError `invalid_credentials`, the same and as slow whether or not the account exists */
export async function login(ctx: BaseCtx, config: SessionConfig, input: LoginInput): Promise<SignIn> {
  const [[account]] = await accountBatch(ctx, (db) => [findByEmail(db, input.email)]);
  const right = await ctx.log.step("password", () => verifyPassword(input.password, account?.passwordHash));
  if (!account || !right || account.status !== "active") throw new AppError("invalid_credentials");
  if (account.orgStatus !== "active") {
    throw new AppError("forbidden", { detail: "This organization is suspended; ask its administrator." });
  }
  const refresh = newRefreshToken(ctx, config.refreshTokenDays);
  const { orgId, userId } = account;
  await accountBatch(ctx, (db) => [
    insertRefreshToken(db, {
      orgId,
      userId,
      familyId: crypto.randomUUID(),
      tokenHash: refresh.hash,
      expiresAt: refresh.expiresAt,
    }),
  ]);
  ctx.log.add({ org: orgId, user: userId });
  return signIn(ctx, config, account, refresh.secret);
}
