/** All organizations with how much each uses, for those who run the platform; and their suspension. */
import * as z from "zod";
import type { PlatformCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { superadminBatch } from "../../infra/db/tenant.ts";
import { audit } from "../audit/record.ts";
import { iso } from "../moment.ts";
import { type Listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { findAny, isOrganization, listOrganizations, setStatus } from "./sql.ts";

type Row = Awaited<ReturnType<typeof listOrganizations>>[number];

export type OrganizationUsage = ReturnType<typeof view>;

const view = (row: Row) => ({
  id: row.id,
  name: row.name,
  status: row.status,
  created_at: iso(row.createdAt),
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

export const ListOrganizationsInput = PageInput.extend({
  status: z.enum(["active", "suspended", "deleting"]).optional(),
});
export type ListOrganizationsInput = z.infer<typeof ListOrganizationsInput>;

/** Newest first. */
export async function list(
  ctx: PlatformCtx,
  input: ListOrganizationsInput,
): Promise<Listed<OrganizationUsage>> {
  const [rows] = await superadminBatch(ctx, (db) => [listOrganizations(db, pageOf(input), input.status)]);
  return listedByDate(rows, input.limit, view);
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
