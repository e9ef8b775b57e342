/** The groups of an organization, newest first, and who is in one. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { iso } from "../moment.ts";
import { Limit, type Listed, listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { findGroup, listGroups, listMembers } from "./sql.ts";

export type GroupView = { id: string; name: string; members: number; created_at: string };

export const view = (row: { id: string; name: string; members: number; createdAt: string }): GroupView => ({
  id: row.id,
  name: row.name,
  members: row.members,
  created_at: iso(row.createdAt),
});

export const ListGroupsInput = PageInput;
export type ListGroupsInput = PageInput;

/** @throws AppError `invalid_request` for a foreign cursor */
export async function list(ctx: Ctx, input: ListGroupsInput): Promise<Listed<GroupView>> {
  const [rows] = await tenantBatch(ctx, (db) => [listGroups(db, ctx.actor.orgId, pageOf(input))]);
  return listedByDate(rows, input.limit, view);
}

export const ListMembersInput = z.object({
  limit: Limit,
  cursor: z.uuid().optional(),
});
export type ListMembersInput = z.infer<typeof ListMembersInput>;

export type Member = { id: string; email: string; name: string | null };

/** @throws AppError `not_found` */
export async function membersOf(ctx: Ctx, id: string, input: ListMembersInput): Promise<Listed<Member>> {
  const { orgId } = ctx.actor;
  const [[group], { rows }] = await tenantBatch(ctx, (db) => [
    findGroup(db, orgId, id),
    listMembers(db, orgId, id, input.limit, input.cursor ?? null),
  ]);
  if (!group) throw new AppError("not_found");
  return listed(
    rows,
    input.limit,
    ({ id, email, name }) => ({ id, email, name }),
    ({ id }) => id,
  );
}
