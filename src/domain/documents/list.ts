/** The documents a reader may see, newest first, and one of them. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { DOCUMENT_STATUSES } from "../../infra/db/schema.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { Limit, type Listed, listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { findDocument, listChunks, listDocuments } from "./sql.ts";
import { type DocumentView, view } from "./view.ts";

export const ListInput = PageInput.extend({
  status: z.enum(DOCUMENT_STATUSES).optional(),
  /** Part of the name or title, in any capitalization. */
  name: z.string().trim().max(200).optional(),
});
export type ListInput = z.infer<typeof ListInput>;

/** Newest first. */
export async function list(ctx: Ctx, input: ListInput): Promise<Listed<DocumentView>> {
  const [rows] = await tenantBatch(ctx, (db) => [listDocuments(db, ctx.actor.orgId, pageOf(input), input)]);
  return listedByDate(rows, input.limit, view);
}

/** @throws AppError `not_found` */
export async function get(ctx: Ctx, id: string): Promise<DocumentView> {
  const [[row]] = await tenantBatch(ctx, (db) => [findDocument(db, ctx.actor.orgId, id)]);
  if (!row) throw new AppError("not_found");
  return view(row);
}

export const ChunksInput = z.object({
  limit: Limit,
  /** The `ordinal` that the last page ended with; an int4. */
  cursor: z.coerce.number().int().min(0).max(2_147_483_647).optional(),
});
export type ChunksInput = z.infer<typeof ChunksInput>;

/** @throws AppError `not_found` when the reader may not see the document */
export async function chunksOf(ctx: Ctx, id: string, input: ChunksInput) {
  const [[document], rows] = await tenantBatch(ctx, (db) => [
    findDocument(db, ctx.actor.orgId, id),
    listChunks(db, ctx.actor.orgId, id, input.limit, input.cursor ?? -1),
  ]);
  if (!document) throw new AppError("not_found");
  return listed(
    rows,
    input.limit,
    (row) => row,
    ({ ordinal }) => String(ordinal),
  );
}
