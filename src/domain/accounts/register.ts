/** Creates an organization and its first admin. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { hashPassword } from "./password.ts";
import { newRefreshToken, type SessionConfig, type SignIn, signIn } from "./session.ts";
import { type Account, insertOrganization, insertRefreshToken, insertUser } from "./sql.ts";

export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());

export const RegisterInput = z.object({
  org_name: z.string().trim().min(1).max(200),
  email: Email,
  /** Length is what counts (NIST SP 800-63B §3.1.1); the upper bound keeps hashing cheap. */
  password: z.string().min(10).max(200),
});
export type RegisterInput = z.infer<typeof RegisterInput>;

/** @throws AppError `email_taken` */
export async function register(ctx: BaseCtx, config: SessionConfig, input: RegisterInput): Promise<SignIn> {
  const account: Account = {
    orgId: crypto.randomUUID(),
    orgName: input.org_name,
    userId: crypto.randomUUID(),
    email: input.email,
    role: "admin",
    access: "internal",
    tokenVersion: 1,
  };
  const { orgId, userId, email, role, access } = account;
  const passwordHash = await ctx.log.step("password", () => hashPassword(input.password));
  const refresh = newRefreshToken(ctx, config.refreshTokenDays);
  try {
    await accountBatch(ctx, (db) => [
      insertOrganization(db, { id: orgId, name: input.org_name }),
      insertUser(db, { id: userId, orgId, email, passwordHash, role, access }),
      insertRefreshToken(db, {
        orgId,
        userId,
        familyId: crypto.randomUUID(),
        tokenHash: refresh.hash,
        expiresAt: refresh.expiresAt,
      }),
    ]);
  } catch (error) {
    if (violates(error, "users_email_key")) throw new AppError("email_taken", { cause: error });
    throw error;
  }
  ctx.log.add({ org: orgId, user: userId });
  return signIn(ctx, config, account, refresh.secret);
}
