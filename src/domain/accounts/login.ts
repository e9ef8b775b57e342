/** Signs a person in with e-mail and password. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { attemptOf, demandTurn, loginGate, loginSucceeded } from "../limits/login-guard.ts";
import { Email } from "./email.ts";
import { verifyPassword } from "./password.ts";
import { newSession, type SessionConfig, type SignIn, signIn } from "./session.ts";
import { findByEmail, forgetOldSessions, openSession } from "./sql.ts";

export const LoginInput = z.object({ email: Email, password: z.string().min(1).max(200) });
export type LoginInput = z.infer<typeof LoginInput>;

/**
 * @throws AppError `invalid_credentials`, the same and as slow whether or not the account exists | `rate_limited` after
 *   too many attempts
 */
export async function login(ctx: BaseCtx, config: SessionConfig, input: LoginInput): Promise<SignIn> {
  const attempt = attemptOf(ctx, input.email);
  const [gate, [account]] = await accountBatch(ctx, (db) => [
    loginGate(db, attempt),
    findByEmail(db, input.email),
  ]);
  demandTurn(gate);
  const right = await ctx.log.step("password", () => verifyPassword(input.password, account?.passwordHash));
  if (!account || !right || account.status !== "active") throw new AppError("invalid_credentials");
  if (account.orgStatus !== "active") {
    throw new AppError("forbidden", { detail: "This organization is suspended; ask its administrator." });
  }
  const session = newSession(ctx, config);
  await accountBatch(ctx, (db) => [
    forgetOldSessions(db, account, ctx.now().toISOString()),
    openSession(db, ctx, account, session),
    loginSucceeded(db, attempt),
  ]);
  ctx.log.add({ org: account.orgId, user: account.userId });
  return signIn(ctx, config, account, session);
}
