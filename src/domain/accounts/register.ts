/** Creates an organization and its first admin. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { attemptOf } from "../limits/login-guard.ts";
import { loginSucceeded } from "../limits/login-sql.ts";
import { issueCode } from "./code-sql.ts";
import { Email } from "./email.ts";
import { hashPassword, NewPassword } from "./password.ts";
import { draftCode, mailCode } from "./send-code.ts";
import { newSession, type SessionConfig, type SignIn, signIn } from "./session.ts";
import { type Account, insertOrganization, insertUser, openSession } from "./sql.ts";

export const RegisterInput = z.object({
  org_name: z.string().trim().min(1).max(200),
  email: Email,
  password: NewPassword,
});
export type RegisterInput = z.infer<typeof RegisterInput>;

/**
 * A code to verify the e-mail with is on its way when this answers, unless e-mail is off.
 * @throws AppError `email_taken`
 */
export async function register(ctx: BaseCtx, config: SessionConfig, input: RegisterInput): Promise<SignIn> {
  const account: Account = {
    orgId: crypto.randomUUID(),
    orgName: input.org_name,
    userId: crypto.randomUUID(),
    email: input.email,
    name: null,
    role: "admin",
    access: "internal",
    tokenVersion: 1,
    emailVerified: false,
  };
  const { orgId, userId, email, role, access } = account;
  const passwordHash = await ctx.log.step("password", () => hashPassword(input.password));
  const session = newSession(ctx, config);
  const draft = draftCode(ctx, config, "verify_email", email);
  try {
    const [, , , { rows }] = await accountBatch(ctx, (db) => [
      insertOrganization(db, { id: orgId, name: input.org_name }),
      insertUser(db, { id: userId, orgId, email, passwordHash, role, access }),
      openSession(db, ctx, account, session),
      issueCode(db, draft.sealed, ctx.now().toISOString(), draft.expiresAt),
      loginSucceeded(db, attemptOf(ctx, email)),
    ]);
    if (rows[0]?.wait === 0 && ctx.ports.email.mode !== "off")
      mailCode(ctx, "verify_email", email, draft.code);
  } catch (error) {
    if (violates(error, "users_email_key")) throw new AppError("email_taken", { cause: error });
    throw error;
  }
  ctx.log.add({ org: orgId, user: userId });
  return signIn(ctx, config, account, session);
}
