/** The people of an organization, newest first. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { decodeCursor, encodeCursor } from "../documents/cursor.ts";
import type { Listed } from "../documents/list.ts";
import { listEmployees } from "./sql.ts";
import { type EmployeeView, view } from "./view.ts";

export const ListEmployeesInput = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(300).optional(),
  status: z.enum(["active", "deactivated"]).optional(),
});
export type ListEmployeesInput = z.infer<typeof ListEmployeesInput>;

export async function listAll(ctx: Ctx, input: ListEmployeesInput): Promise<Listed<EmployeeView>> {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor);
  const [rows] = await tenantBatch(ctx, (db) => [
    listEmployees(db, ctx.actor.orgId, input.limit, after, input.status),
  ]);
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  return { data: shown.map(view), next_cursor: last ? encodeCursor(last.createdAt, last.id) : null };
}
