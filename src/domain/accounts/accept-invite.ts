/** Turns an invitation into an account and signs its owner in. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { audit } from "../audit/record.ts";
import { hashBearerSecret } from "./bearer-secret.ts";
import { acceptInvitation, findInvitation } from "./invitation-sql.ts";
import { hashPassword, NewPassword } from "./password.ts";
import { PersonName } from "./rename.ts";
import { newSession, type SessionConfig, type SignIn, signIn } from "./session.ts";
import { findByEmail, openSession } from "./sql.ts";

export const AcceptInviteInput = z.object({
  token: z.string().min(1).max(200),
  password: NewPassword,
  name: PersonName.optional(),
});
export type AcceptInviteInput = z.infer<typeof AcceptInviteInput>;

/**
 * Whoever has the token read it in their e-mail, so the address counts as verified.
 * @throws AppError `invalid_invitation` | `email_taken`
 */
export async function acceptInvite(
  ctx: BaseCtx,
  config: SessionConfig,
  input: AcceptInviteInput,
): Promise<SignIn> {
  const tokenHash = hashBearerSecret(input.token);
  const now = ctx.now().toISOString();
  const [{ rows }] = await accountBatch(ctx, (db) => [findInvitation(db, tokenHash, now)]);
  const invitation = rows[0];
  if (!invitation) throw new AppError("invalid_invitation");

  const passwordHash = await ctx.log.step("password", () => hashPassword(input.password));
  const owner = { orgId: invitation.org_id, userId: crypto.randomUUID() };
  const session = newSession(ctx, config);
  try {
    const [, , [account]] = await accountBatch(ctx, (db) => [
      acceptInvitation(db, tokenHash, { ...owner, passwordHash, name: input.name ?? null }, now),
      openSession(db, ctx, owner, session),
      findByEmail(db, invitation.email),
      audit(db, {
        orgId: owner.orgId,
        actor: { kind: "user", id: owner.userId },
        action: "invitation.accepted",
        target: { type: "invitation", id: invitation.id },
        result: "ok",
        ctx,
      }),
    ]);
    if (!account) throw new AppError("invalid_invitation");
    ctx.log.add({ org: owner.orgId, user: owner.userId });
    return signIn(ctx, config, account, session);
  } catch (thrown) {
    if (violates(thrown, "users_email_key")) throw new AppError("email_taken", { cause: thrown });
    // Accepted, revoked or replaced since it was found: there is no account for the session to belong to.
    if (violates(thrown, "sessions_org_id_user_id_fkey"))
      throw new AppError("invalid_invitation", { cause: thrown });
    throw thrown;
  }
}
