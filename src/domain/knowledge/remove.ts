/** Deletes a taught answer with its versions. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { deleteTaught, isTaught } from "./sql.ts";

/** @throws AppError `not_found` */
export async function remove(ctx: Ctx<UserActor>, id: string): Promise<{ id: string }> {
  const { orgId } = ctx.actor;
  const [, [row]] = await tenantBatch(ctx, (db) => [
    audit(db, {
      ...auditOf(ctx),
      action: "knowledge.deleted",
      target: { type: "taught_answer", id },
      result: "ok",
      when: isTaught(orgId, id),
    }),
    deleteTaught(db, orgId, id),
  ]);
  if (!row) throw new AppError("not_found");
  return row;
}
