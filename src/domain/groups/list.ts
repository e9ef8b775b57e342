/** The groups of an organization, newest first, and who is in one. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { decodeCursor, encodeCursor } from "../documents/cursor.ts";
import type { Listed } from "../documents/list.ts";
import { findGroup, listGroups, listMembers } from "./sql.ts";

export type GroupView = { id: string; name: string; members: number; created_at: string };

export const view = (row: { id: string; name: string; members: number; createdAt: string }): GroupView => ({
  id: row.id,
  name: row.name,
  members: row.members,
  created_at: new Date(row.createdAt).toISOString(),
});

export const ListGroupsInput = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(300).optional(),
});
export type ListGroupsInput = z.infer<typeof ListGroupsInput>;

export async function listAll(ctx: Ctx, input: ListGroupsInput): Promise<Listed<GroupView>> {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor);
  const [rows] = await tenantBatch(ctx, (db) => [listGroups(db, ctx.actor.orgId, input.limit, after)]);
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  return { data: shown.map(view), next_cursor: last ? encodeCursor(last.createdAt, last.id) : null };
}

export const ListMembersInput = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
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
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  return { data: shown.map(({ id, email, name }) => ({ id, email, name })), next_cursor: last?.id ?? null };
}
