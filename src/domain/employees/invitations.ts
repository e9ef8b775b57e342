/** Invitations that still wait for an answer: listed and taken back. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { iso } from "../moment.ts";
import { type Listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { deleteOpen, isOpen, listOpen } from "./invitation-sql.ts";

export const ListInvitationsInput = PageInput;
export type ListInvitationsInput = PageInput;

type Row = Awaited<ReturnType<typeof listOpen>>[number];

export type InvitationView = ReturnType<typeof viewInvitation>;

export const viewInvitation = (row: Row) => ({
  id: row.id,
  email: row.email,
  role: row.role,
  access: row.access,
  groups: row.groups,
  invited_by: row.invitedBy,
  created_at: iso(row.createdAt),
  expires_at: iso(row.expiresAt),
});

/** Newest first; those that ran out are not among them. @throws AppError `invalid_request` for a foreign cursor */
export async function listInvitations(
  ctx: Ctx,
  input: ListInvitationsInput,
): Promise<Listed<InvitationView>> {
  const now = ctx.now().toISOString();
  const [rows] = await tenantBatch(ctx, (db) => [listOpen(db, ctx.actor.orgId, pageOf(input), now)]);
  return listedByDate(rows, input.limit, viewInvitation);
}

/** The token in the letter is worth nothing once this returns. @throws AppError `not_found` */
export async function revokeInvitation(ctx: Ctx, id: string): Promise<{ id: string; email: string }> {
  const { orgId } = ctx.actor;
  const [, [revoked]] = await tenantBatch(ctx, (db) => [
    audit(db, {
      ...auditOf(ctx),
      action: "invitation.revoked",
      target: { type: "invitation", id },
      result: "ok",
      when: isOpen(orgId, id),
    }),
    deleteOpen(db, orgId, id),
  ]);
  if (!revoked) throw new AppError("not_found");
  return revoked;
}
