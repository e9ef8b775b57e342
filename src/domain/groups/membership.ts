/** Puts one person into a group, or takes them out; it holds from their next request. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { AuditAction } from "../audit/actions.ts";
import { audit, auditOf } from "../audit/record.ts";
import { addMember, dropMember, isMember } from "./sql.ts";

export type Membership = { group_id: string; user_id: string };

/** Doing it twice changes nothing. @throws AppError `not_found` for a group or person of nobody here */
export async function add(ctx: Ctx, groupId: string, userId: string): Promise<Membership> {
  const { orgId } = ctx.actor;
  try {
    await tenantBatch(ctx, (db) => [
      addMember(db, orgId, groupId, userId),
      audit(db, { ...auditOf(ctx), ...event("group.member_added", groupId, userId), result: "ok" }),
    ]);
  } catch (thrown) {
    const unknown = ["group_members_org_id_group_id_fkey", "group_members_org_id_user_id_fkey"];
    if (unknown.some((name) => violates(thrown, name))) throw new AppError("not_found", { cause: thrown });
    throw thrown;
  }
  return { group_id: groupId, user_id: userId };
}

/** @throws AppError `not_found` when they are not in it */
export async function drop(ctx: Ctx, groupId: string, userId: string): Promise<Membership> {
  const { orgId } = ctx.actor;
  const [, { rows }] = await tenantBatch(ctx, (db) => [
    audit(db, {
      ...auditOf(ctx),
      ...event("group.member_removed", groupId, userId),
      result: "ok",
      when: isMember(orgId, groupId, userId),
    }),
    dropMember(db, orgId, groupId, userId),
  ]);
  if (rows.length === 0) throw new AppError("not_found");
  return { group_id: groupId, user_id: userId };
}

const event = (action: AuditAction, groupId: string, userId: string) => ({
  action,
  target: { type: "group" as const, id: groupId },
  detail: { user: userId },
});
