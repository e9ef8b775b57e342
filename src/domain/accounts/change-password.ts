/** Sets a new password for someone who knows the old one; every other session ends. */
import * as z from "zod";
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { accountBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { attemptOf, demandTurn } from "../limits/login-guard.ts";
import { loginGate, loginSucceeded } from "../limits/login-sql.ts";
import { hashPassword, NewPassword, verifyPassword } from "./password.ts";
import type { SessionConfig } from "./session.ts";
import { endSessionsOf, findMe, findMyPassword, myPasswordIs, replaceMyPassword } from "./sql.ts";

export const ChangePasswordInput = z.object({
  current_password: z.string().min(1).max(200),
  password: NewPassword,
});
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>;

/** A new access token for this session, whose old one is void; `expires_in` in seconds. */
export type Renewed = { token: string; token_type: "Bearer"; expires_in: number };

/**
 * With a stolen token the current password is guessed no faster than at the door.
 * @throws AppError `invalid_credentials` | `rate_limited` after too many attempts
 */
export async function changePassword(
  ctx: Ctx<UserActor>,
  config: SessionConfig,
  input: ChangePasswordInput,
): Promise<Renewed> {
  const { orgId, userId, sessionId, tokenVersion } = ctx.actor;
  const [{ rows: mine }, [me]] = await tenantBatch(ctx, (db) => [
    findMyPassword(db),
    findMe(db, orgId, userId),
  ]);
  if (!me) throw new AppError("not_found");
  const attempt = attemptOf(ctx, me.email);
  const [gate] = await accountBatch(ctx, (db) => [loginGate(db, attempt)]);
  demandTurn(gate);
  const current = mine[0]?.hash ?? null;
  const right = await ctx.log.step("password", () => verifyPassword(input.current_password, current));
  if (!right || current === null) {
    throw new AppError("invalid_credentials", { detail: "The current password is wrong." });
  }
  await accountBatch(ctx, (db) => [loginSucceeded(db, attempt)]);
  const next = await ctx.log.step("password", () => hashPassword(input.password));
  const [{ rows: replaced }] = await tenantBatch(ctx, (db) => [
    replaceMyPassword(db, current, next),
    endSessionsOf(db, orgId, userId, ctx.now().toISOString(), sessionId),
    audit(db, {
      ...auditOf(ctx),
      action: "account.password_changed",
      target: { type: "user", id: userId },
      result: "ok",
      when: myPasswordIs(next),
    }),
  ]);
  // Somebody else changed it between the two batches; that one raised the version and this one did nothing more.
  if (!replaced[0]?.changed) throw new AppError("session_revoked");
  const actor = { ...ctx.actor, tokenVersion: tokenVersion + 1 };
  const { token, expiresIn } = await config.tokens.issue(actor, ctx.now());
  return { token, token_type: "Bearer", expires_in: expiresIn };
}
