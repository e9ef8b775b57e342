/** Invites somebody into the organization by e-mail. */
import * as z from "zod";
import { ACCESS_LEVELS, type Ctx, ROLES, type UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { newBearerSecret } from "../accounts/bearer-secret.ts";
import { Email } from "../accounts/email.ts";
import { audit, auditOf } from "../audit/record.ts";
import { unknownGroup } from "../groups/unknown.ts";
import { MemberGroups } from "./change.ts";
import { invitationLetter } from "./invitation-letter.ts";
import { employed, findOpen, invitePerson, wasInvited } from "./invitation-sql.ts";
import { type InvitationView, viewInvitation } from "./invitations.ts";
import { findEmployee } from "./sql.ts";

export const InviteInput = z.strictObject({
  email: Email,
  role: z.enum(ROLES).default("member"),
  /** Absent: follows from the e-mail's domain. */
  access: z.enum(ACCESS_LEVELS).optional(),
  groups: MemberGroups.default([]),
});
export type InviteInput = z.infer<typeof InviteInput>;

const DAYS = 7;

/** An address gets one letter in this time, however often it is invited. Milliseconds. */
const PAUSE_MS = 60_000;

/**
 * Sends a letter with a token that only its reader has; an open invitation to the same address is replaced.
 * Whether the address has an account in another organization shows only to whoever accepts.
 * @param site origin for the link in the letter
 * @throws AppError `already_member` | `rate_limited` | `invalid_request` for an unknown group | `email_unavailable`
 */
export async function invite(ctx: Ctx<UserActor>, site: string, input: InviteInput): Promise<InvitationView> {
  const { orgId, userId } = ctx.actor;
  const { secret: token, hash: tokenHash } = newBearerSecret("kal_inv_");
  const now = ctx.now();
  const at = (ms: number) => new Date(now.getTime() + ms).toISOString();
  const [{ rows: here }, , [open], [inviter]] = await tenantBatch(ctx, (db) => [
    employed(db, orgId, input.email),
    invitePerson(db, {
      orgId,
      email: input.email,
      role: input.role,
      access: input.access ?? null,
      groups: input.groups,
      tokenHash,
      invitedBy: userId,
      createdAt: at(0),
      expiresAt: at(DAYS * 86_400_000),
      replaceBefore: at(-PAUSE_MS),
    }),
    findOpen(db, orgId, input.email),
    findEmployee(db, orgId, userId),
    audit(db, {
      ...auditOf(ctx),
      action: "employee.invited",
      target: { type: "invitation", id: input.email },
      detail: { role: input.role, access: input.access ?? "by domain", groups: input.groups.join(" ") },
      result: "ok",
      when: wasInvited(orgId, tokenHash),
    }),
  ]);
  if (here[0]?.employed) throw new AppError("already_member");
  const mine = open !== undefined && open.tokenHash === Buffer.from(tokenHash).toString("hex");
  if (open && !mine && new Date(open.createdAt).getTime() >= now.getTime() - PAUSE_MS) {
    throw new AppError("rate_limited", {
      detail: "This address was invited a moment ago; wait a minute before you send another letter.",
      retryAfter: PAUSE_MS / 1000,
    });
  }
  if (!mine) throw unknownGroup();
  const { orgName } = open;
  await ctx.log.step("email", () =>
    ctx.ports.email.send(
      invitationLetter({
        to: input.email,
        orgName,
        inviter: inviter?.email ?? null,
        site,
        token,
        days: DAYS,
      }),
    ),
  );
  return viewInvitation(open);
}
