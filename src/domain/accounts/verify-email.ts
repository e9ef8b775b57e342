/** Confirms an e-mail address with the code that was sent to it. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { audit } from "../audit/record.ts";
import { checkCode, unlessSpent } from "./check-code.ts";
import { Code } from "./code.ts";
import { confirmEmail, spendCode } from "./code-sql.ts";
import { Email } from "./email.ts";
import { type Profile, profile, type SessionConfig } from "./session.ts";
import { findByEmail } from "./sql.ts";

export const VerifyEmailInput = z.object({ email: Email, code: Code });
export type VerifyEmailInput = z.infer<typeof VerifyEmailInput>;

/**
 * A session that was held back until now gets its rights with the next refresh.
 * @throws AppError `invalid_code`
 */
export async function verifyEmail(
  ctx: BaseCtx,
  config: SessionConfig,
  input: VerifyEmailInput,
): Promise<Profile> {
  const { account, sealed } = await checkCode(ctx, config, "verify_email", input);
  const { orgId, userId } = account;
  const now = ctx.now().toISOString();
  try {
    const [, , [updated]] = await accountBatch(ctx, (db) => [
      spendCode(db, sealed, now),
      confirmEmail(db, userId, now),
      findByEmail(db, input.email),
      audit(db, {
        orgId,
        actor: { kind: "user", id: userId },
        action: "account.email_verified",
        target: { type: "user", id: userId },
        result: "ok",
        ctx,
      }),
    ]);
    return profile(updated ?? account);
  } catch (thrown) {
    throw unlessSpent(thrown);
  }
}
