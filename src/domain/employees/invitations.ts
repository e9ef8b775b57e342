/** Invitations that still wait for an answer: listed and taken back. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { decodeCursor, encodeCursor } from "../documents/cursor.ts";
import type { Listed } from "../documents/list.ts";
import { deleteOpen, isOpen, listOpen } from "./invitation-sql.ts";

export const ListInvitationsInput = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(300).optional(),
});
export type ListInvitationsInput = z.infer<typeof ListInvitationsInput>;

type Row = Awaited<ReturnType<typeof listOpen>>[number];

export type InvitationView = ReturnType<typeof viewInvitation>;

export const viewInvitation = (row: Row) => ({
  id: row.id,
  email: row.email,
  role: row.role,
  access: row.access,
  groups: row.groups,
  invited_by: row.invitedBy,
  created_at: new Date(row.createdAt).toISOString(),
  expires_at: new Date(row.expiresAt).toISOString(),
});

export async function listInvitations(
  ctx: Ctx,
  input: ListInvitationsInput,
): Promise<Listed<InvitationView>> {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor);
  const now = ctx.now().toISOString();
  const [rows] = await tenantBatch(ctx, (db) => [listOpen(db, ctx.actor.orgId, input.limit, after, now)]);
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  return {
    data: shown.map(viewInvitation),
    next_cursor: last ? encodeCursor(last.createdAt, last.id) : null,
  };
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
