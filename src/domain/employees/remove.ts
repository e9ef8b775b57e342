/** Takes a person out of the organization; what they uploaded stays. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { nameRightsFailure } from "./change.ts";
import { forgetInvitations } from "./invitation-sql.ts";
import { deleteEmployee, findEmployee } from "./sql.ts";

/**
 * The account, its sessions and memberships are gone when this returns; documents lose their `created_by`.
 * @throws AppError `not_found` | `last_admin`
 */
export async function remove(ctx: Ctx, id: string): Promise<{ id: string; email: string }> {
  const { orgId } = ctx.actor;
  const [[employee]] = await tenantBatch(ctx, (db) => [findEmployee(db, orgId, id)]);
  if (!employee) throw new AppError("not_found");
  try {
    const [[removed]] = await tenantBatch(ctx, (db) => [
      deleteEmployee(db, orgId, id),
      forgetInvitations(db, orgId, employee.email),
      audit(db, {
        ...auditOf(ctx),
        action: "employee.removed",
        target: { type: "employee", id },
        detail: { email: employee.email },
        result: "ok",
      }),
    ]);
    if (!removed) throw new AppError("not_found");
    return removed;
  } catch (thrown) {
    throw nameRightsFailure(thrown);
  }
}
