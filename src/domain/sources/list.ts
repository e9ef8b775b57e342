/** The sources a reader may see, newest first; one of them; and its pages. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { PAGE_STATES, SOURCE_KINDS } from "../../infra/db/schema.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { Limit, type Listed, listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { findSource, listPages, listSources } from "./sql.ts";
import { type PageView, type SourceView, view, viewPage } from "./view.ts";

export const ListSourcesInput = PageInput.extend({
  kind: z.enum(SOURCE_KINDS).optional(),
  batch_id: z.uuid().optional(),
});
export type ListSourcesInput = z.infer<typeof ListSourcesInput>;

/** Newest first. @throws AppError `invalid_request` for a foreign cursor */
export async function list(ctx: Ctx, input: ListSourcesInput): Promise<Listed<SourceView>> {
  const filter = { kind: input.kind, batchId: input.batch_id };
  const [rows] = await tenantBatch(ctx, (db) => [listSources(db, ctx.actor.orgId, pageOf(input), filter)]);
  return listedByDate(rows, input.limit, view);
}

/** @throws AppError `not_found` */
export async function get(ctx: Ctx, id: string): Promise<SourceView> {
  const [[row]] = await tenantBatch(ctx, (db) => [findSource(db, ctx.actor.orgId, id)]);
  if (!row) throw new AppError("not_found");
  return view(row);
}

export const ListPagesInput = z.object({
  limit: Limit,
  /** Where the last page of the list ended. */
  cursor: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  state: z.enum(PAGE_STATES).optional(),
});
export type ListPagesInput = z.infer<typeof ListPagesInput>;

/** In the order in which they were found. @throws AppError `not_found` */
export async function pagesOf(ctx: Ctx, id: string, input: ListPagesInput): Promise<Listed<PageView>> {
  const { orgId } = ctx.actor;
  const [[source], rows] = await tenantBatch(ctx, (db) => [
    findSource(db, orgId, id),
    listPages(db, orgId, id, { limit: input.limit, after: input.cursor ?? 0, state: input.state }),
  ]);
  if (!source) throw new AppError("not_found");
  return listed(rows, input.limit, viewPage, ({ place }) => String(place));
}
