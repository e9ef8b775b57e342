/** The documents a reader may see, newest first, and one of them. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { DOCUMENT_STATUSES } from "../../infra/db/schema.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { findDocument, listChunks, listDocuments } from "./sql.ts";
import { type DocumentView, view } from "./view.ts";

export const ListInput = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(300).optional(),
  status: z.enum(DOCUMENT_STATUSES).optional(),
});
export type ListInput = z.infer<typeof ListInput>;

export type Listed<T> = { data: T[]; next_cursor: string | null };

export async function list(ctx: Ctx, input: ListInput): Promise<Listed<DocumentView>> {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor);
  const [rows] = await tenantBatch(ctx, (db) => [
    listDocuments(db, ctx.actor.orgId, { limit: input.limit, after }, input.status),
  ]);
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  return { data: shown.map(view), next_cursor: last ? encodeCursor(last.createdAt, last.id) : null };
}

/** @throws AppError `not_found` */
export async function get(ctx: Ctx, id: string): Promise<DocumentView> {
  const [[row]] = await tenantBatch(ctx, (db) => [findDocument(db, ctx.actor.orgId, id)]);
  if (!row) throw new AppError("not_found");
  return view(row);
}

export const ChunksInput = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.coerce.number().int().nonnegative().optional(),
});
export type ChunksInput = z.infer<typeof ChunksInput>;

/** @throws AppError `not_found` when the reader may not see the document */
export async function chunksOf(ctx: Ctx, id: string, input: ChunksInput) {
  const [[document], rows] = await tenantBatch(ctx, (db) => [
    findDocument(db, ctx.actor.orgId, id),
    listChunks(db, ctx.actor.orgId, id, input.limit, input.cursor ?? -1),
  ]);
  if (!document) throw new AppError("not_found");
  const shown = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? shown.at(-1) : undefined;
  return { data: shown, next_cursor: last ? String(last.ordinal) : null };
}
