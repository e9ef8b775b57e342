/** Signs a person in with e-mail and password. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { audit } from "../audit/record.ts";
import { attemptOf, demandTurn } from "../limits/login-guard.ts";
import { loginGate, loginSucceeded } from "../limits/login-sql.ts";
import { type PlatformSignIn, platformSignIn } from "../platform/sign-in.ts";
import { findSuperadmin } from "../platform/sql.ts";
import { Email } from "./email.ts";
import { verifyPassword } from "./password.ts";
import { newSession, type SessionConfig, type SignIn, signIn } from "./session.ts";
import { findByEmail, forgetOldSessions, openSession } from "./sql.ts";

export const LoginInput = z.object({ email: Email, password: z.string().min(1).max(200) });
export type LoginInput = z.infer<typeof LoginInput>;

/**
 * A superadmin's e-mail signs the superadmin in, whatever else it belongs to.
 * @throws AppError `invalid_credentials`, the same and as slow whether or not the account exists | `rate_limited` after
 *   too many attempts
 */
export async function login(
  ctx: BaseCtx,
  config: SessionConfig,
  input: LoginInput,
): Promise<SignIn | PlatformSignIn> {
  const attempt = attemptOf(ctx, input.email);
  const [gate, [account], [superadmin]] = await accountBatch(ctx, (db) => [
    loginGate(db, attempt),
    findByEmail(db, input.email),
    findSuperadmin(db, input.email),
  ]);
  demandTurn(gate);
  const stored = (superadmin ?? account)?.passwordHash;
  const right = await ctx.log.step("password", () => verifyPassword(input.password, stored));
  if (superadmin) {
    if (!right || superadmin.status !== "active") throw new AppError("invalid_credentials");
    await accountBatch(ctx, (db) => [loginSucceeded(db, attempt)]);
    return platformSignIn(ctx, config.platformTokens, superadmin);
  }
  if (!account || !right || account.status !== "active") throw new AppError("invalid_credentials");
  if (account.orgStatus !== "active") {
    throw new AppError("forbidden", { detail: "This organization is suspended; ask its administrator." });
  }
  const session = newSession(ctx, config);
  await accountBatch(ctx, (db) => [
    forgetOldSessions(db, account, ctx.now().toISOString()),
    openSession(db, ctx, account, session),
    loginSucceeded(db, attempt),
    audit(db, {
      orgId: account.orgId,
      actor: { kind: "user", id: account.userId },
      action: "account.signed_in",
      target: { type: "session", id: session.id },
      result: "ok",
      ctx,
    }),
  ]);
  ctx.log.add({ org: account.orgId, user: account.userId });
  return signIn(ctx, config, account, session);
}
