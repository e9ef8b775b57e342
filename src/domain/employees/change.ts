/** Changes what an employee may: role, access, groups, or whether they may come in at all. */
import * as z from "zod";
import { ACCESS_LEVELS, type Ctx, ROLES } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { unknownGroup } from "../groups/unknown.ts";
import { changeRights, endSessions, findEmployee, isEmployee, joinGroups, leaveOtherGroups } from "./sql.ts";
import { type EmployeeView, view } from "./view.ts";

/** Groups of a person; the order says nothing. */
export const MemberGroups = z
  .array(z.uuid().toLowerCase())
  .max(100)
  .transform((ids) => [...new Set(ids)]);

export const ChangeEmployeeInput = z
  .strictObject({
    role: z.enum(ROLES).optional(),
    /** Null: it follows from the verified e-mail's domain again. */
    access: z.enum(ACCESS_LEVELS).nullable().optional(),
    groups: MemberGroups.optional(),
    status: z.enum(["active", "deactivated"]).optional(),
  })
  .refine((input) => Object.values(input).some((value) => value !== undefined), {
    message: "say what to change: role, access, groups or status",
  });
export type ChangeEmployeeInput = z.infer<typeof ChangeEmployeeInput>;

/**
 * Access tokens from before a change of role, access or status stop working at the next request.
 * @throws AppError `not_found` | `last_admin` | `invalid_request` for a group that does not exist
 */
export async function change(ctx: Ctx, id: string, input: ChangeEmployeeInput): Promise<EmployeeView> {
  const { orgId } = ctx.actor;
  const groups = input.groups ?? null;
  const now = ctx.now().toISOString();
  try {
    const [, , , , [employee]] = await tenantBatch(ctx, (db) => [
      changeRights(db, orgId, id, input),
      leaveOtherGroups(db, orgId, id, groups),
      joinGroups(db, orgId, id, groups),
      endSessions(db, orgId, id, input.status === "deactivated" ? now : null),
      findEmployee(db, orgId, id),
      audit(db, {
        ...auditOf(ctx),
        action: "employee.changed",
        target: { type: "employee", id },
        detail: said(input),
        result: "ok",
        when: isEmployee(orgId, id),
      }),
    ]);
    if (!employee) throw new AppError("not_found");
    return view(employee);
  } catch (thrown) {
    throw nameRightsFailure(thrown);
  }
}

function said({ role, access, groups, status }: ChangeEmployeeInput): Record<string, string> {
  return {
    ...(role ? { role } : {}),
    ...(access === undefined ? {} : { access: access ?? "by domain" }),
    ...(groups ? { groups: groups.join(" ") } : {}),
    ...(status ? { status } : {}),
  };
}

/** What the database refuses about people, named; anything else unchanged. */
export function nameRightsFailure(thrown: unknown): unknown {
  if (violates(thrown, "users_keep_an_admin")) return new AppError("last_admin", { cause: thrown });
  if (violates(thrown, "group_members_org_id_user_id_fkey")) {
    return new AppError("not_found", { cause: thrown });
  }
  if (violates(thrown, "group_members_org_id_group_id_fkey")) return unknownGroup(thrown);
  return thrown;
}
