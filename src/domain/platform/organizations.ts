/** All organizations with how much each uses, for those who run the platform; and their suspension. */
import * as z from "zod";
import type { PlatformCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { superadminBatch } from "../../infra/db/tenant.ts";
import { audit } from "../audit/record.ts";
import { decodeCursor, encodeCursor } from "../documents/cursor.ts";
import type { Listed } from "../documents/list.ts";
import { findAny, isOrganization, listOrganizations, setStatus } from "./sql.ts";

type Row = Awaited<ReturnType<typeof listOrganizations>>[number];

export type OrganizationUsage = ReturnType<typeof view>;

const view = (row: Row) => ({
  id: row.id,
  name: row.name,
  status: row.status,
  created_at: new Date(row.createdAt).toISOString(),
  usage: {
    users: row.users,
    documents: row.documents,
    bytes: row.bytes,
    chunks: row.chunks,
    /** Of this calendar month, UTC. */
    questions: row.questions,
    tokens: row.tokens,
  },
});

export const ListOrganizationsInput = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(300).optional(),
  status: z.enum(["active", "suspended"]).optional(),
});
export type ListOrganizationsInput = z.infer<typeof ListOrganizationsInput>;

/** Newest first. */
export async function listAll(
  ctx: PlatformCtx,
  input: ListOrganizationsInput,
): Promise<Listed<OrganizationUsage>> {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor);
  const [rows] = await superadminBatch(ctx, (db) => [
    listOrganizations(db, input.limit, after, input.status),
  ]);
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  return { data: shown.map(view), next_cursor: last ? encodeCursor(last.createdAt, last.id) : null };
}

export const StatusInput = z.strictObject({ status: z.enum(["active", "suspended"]) });
export type StatusInput = z.infer<typeof StatusInput>;

/**
 * Suspension holds at the next request of everybody in the organization, its keys, widgets and queued work included.
 * @throws AppError `not_found`
 */
export async function changeStatus(
  ctx: PlatformCtx,
  id: string,
  { status }: StatusInput,
): Promise<OrganizationUsage> {
  const [, [row]] = await superadminBatch(ctx, (db) => [
    setStatus(db, id, status),
    findAny(db, id),
    audit(db, {
      orgId: id,
      actor: { kind: "superadmin", id: ctx.actor.userId },
      ctx,
      action: status === "suspended" ? "org.suspended" : "org.resumed",
      target: { type: "org", id },
      result: "ok",
      when: isOrganization(id),
    }),
  ]);
  if (!row) throw new AppError("not_found");
  return view(row);
}
