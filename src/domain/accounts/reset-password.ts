/** Sets a new password with the code that was sent to the account's e-mail. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { audit } from "../audit/record.ts";
import { attemptOf } from "../limits/login-guard.ts";
import { loginSucceeded } from "../limits/login-sql.ts";
import { checkCode, unlessSpent } from "./check-code.ts";
import { Code } from "./code.ts";
import { confirmEmail, spendCode } from "./code-sql.ts";
import { Email } from "./email.ts";
import { hashPassword, NewPassword } from "./password.ts";
import type { SessionConfig } from "./session.ts";
import { endSessionsOf, setPassword } from "./sql.ts";

export const ResetPasswordInput = z.object({ email: Email, code: Code, password: NewPassword });
export type ResetPasswordInput = z.infer<typeof ResetPasswordInput>;

/**
 * Signs everybody out who was in: every session ends and every access token is void.
 * @throws AppError `invalid_code`
 */
export async function resetPassword(
  ctx: BaseCtx,
  config: SessionConfig,
  input: ResetPasswordInput,
): Promise<void> {
  const { account, sealed } = await checkCode(ctx, config, "reset_password", input);
  const { orgId, userId } = account;
  const passwordHash = await ctx.log.step("password", () => hashPassword(input.password));
  const now = ctx.now().toISOString();
  try {
    await accountBatch(ctx, (db) => [
      spendCode(db, sealed, now),
      setPassword(db, orgId, userId, passwordHash),
      confirmEmail(db, userId, now),
      endSessionsOf(db, orgId, userId, now),
      // Whoever reads the e-mail is let in from here, however many others are guessing.
      loginSucceeded(db, attemptOf(ctx, input.email)),
      audit(db, {
        orgId,
        actor: { kind: "user", id: userId },
        action: "account.password_reset",
        target: { type: "user", id: userId },
        result: "ok",
        ctx,
      }),
    ]);
  } catch (thrown) {
    throw unlessSpent(thrown);
  }
}
