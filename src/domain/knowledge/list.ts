/** Taught answers, newest first, and the versions of one. */
import * as z from "zod";
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { Limit, type Listed, listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { findTaught, listTaught, listVersions } from "./sql.ts";
import { TAUGHT_STATES, type TaughtVersionView, type TaughtView, view, viewVersion } from "./view.ts";

export const ListTaughtInput = PageInput.extend({
  state: z.enum(TAUGHT_STATES).optional(),
  /** Stands in the question, a variant or the answer. */
  q: z.string().trim().min(1).max(200).optional(),
});
export type ListTaughtInput = z.infer<typeof ListTaughtInput>;

/** @throws AppError `invalid_request` for a foreign cursor */
export async function list(ctx: Ctx, input: ListTaughtInput): Promise<Listed<TaughtView>> {
  const [rows] = await tenantBatch(ctx, (db) => [listTaught(db, ctx.actor.orgId, input, pageOf(input))]);
  return listedByDate(rows, input.limit, (row) => view(row, ctx.actor));
}

/** @throws AppError `not_found` */
export async function get(ctx: Ctx, id: string): Promise<TaughtView> {
  const [[row]] = await tenantBatch(ctx, (db) => [findTaught(db, ctx.actor.orgId, id)]);
  if (!row) throw new AppError("not_found");
  return view(row, ctx.actor);
}

export const TaughtVersionsInput = z.object({
  limit: Limit,
  cursor: z.coerce.number().int().positive().optional(),
});
export type TaughtVersionsInput = z.infer<typeof TaughtVersionsInput>;

/** Newest first. @throws AppError `not_found` */
export async function versions(
  ctx: Ctx<UserActor>,
  id: string,
  { limit, cursor }: TaughtVersionsInput,
): Promise<Listed<TaughtVersionView>> {
  const { orgId } = ctx.actor;
  const [[row], rows] = await tenantBatch(ctx, (db) => [
    findTaught(db, orgId, id),
    listVersions(db, orgId, id, cursor, limit),
  ]);
  if (!row) throw new AppError("not_found");
  return listed(rows, limit, viewVersion, ({ version }) => String(version));
}
