/** The people of an organization, newest first. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { type Listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { listEmployees } from "./sql.ts";
import { type EmployeeView, view } from "./view.ts";

export const ListEmployeesInput = PageInput.extend({
  status: z.enum(["active", "deactivated"]).optional(),
});
export type ListEmployeesInput = z.infer<typeof ListEmployeesInput>;

/** @throws AppError `invalid_request` for a foreign cursor */
export async function list(ctx: Ctx, input: ListEmployeesInput): Promise<Listed<EmployeeView>> {
  const [rows] = await tenantBatch(ctx, (db) => [
    listEmployees(db, ctx.actor.orgId, pageOf(input), input.status),
  ]);
  return listedByDate(rows, input.limit, view);
}
