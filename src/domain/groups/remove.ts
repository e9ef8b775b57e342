/** Deletes a group; what it alone could read is left to admins. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { deleteGroup, findGroup, forgetGroup, isGroup } from "./sql.ts";

export type RemovedGroup = {
  id: string;
  name: string;
  members: number;
  /** Documents that named it; those that named no other group are for admins only now. */
  documents: number;
};

/** @throws AppError `not_found` */
export async function remove(ctx: Ctx, id: string): Promise<RemovedGroup> {
  const { orgId } = ctx.actor;
  const [[group], , { rows }] = await tenantBatch(ctx, (db) => [
    findGroup(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "group.deleted",
      target: { type: "group", id },
      result: "ok",
      when: isGroup(orgId, id),
    }),
    forgetGroup(db, orgId, id),
    deleteGroup(db, orgId, id),
  ]);
  if (!group) throw new AppError("not_found");
  return { id, name: group.name, members: group.members, documents: rows[0]?.documents ?? 0 };
}
