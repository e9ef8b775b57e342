/** An organization's keys, newest first. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { decodeCursor, encodeCursor } from "../documents/cursor.ts";
import { listApiKeys, listWidgetKeys } from "./sql.ts";
import { type ApiKeyView, viewApiKey, viewWidgetKey, type WidgetKeyView } from "./view.ts";

const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(300).optional(),
});

export const ListKeysInput = Paging.extend({
  /** The beginning of a key as found in a log or a repository; never the whole key. */
  prefix: z
    .string()
    .regex(/^kal_live_[\w-]{0,22}$/, "must be the beginning of a key, up to its second underscore")
    .optional(),
});
export type ListKeysInput = z.infer<typeof ListKeysInput>;

export const ListWidgetKeysInput = Paging;
export type ListWidgetKeysInput = z.infer<typeof ListWidgetKeysInput>;

export type Listed<T> = { data: T[]; next_cursor: string | null };

export async function listKeys(ctx: Ctx, input: ListKeysInput): Promise<Listed<ApiKeyView>> {
  const idPrefix = (input.prefix ?? "").slice("kal_live_".length);
  const [rows] = await tenantBatch(ctx, (db) => [listApiKeys(db, ctx.actor.orgId, pageOf(input), idPrefix)]);
  return listed(rows, input.limit, (row) => viewApiKey(row, ctx.now()));
}

export async function listWidgets(ctx: Ctx, input: ListWidgetKeysInput): Promise<Listed<WidgetKeyView>> {
  const [rows] = await tenantBatch(ctx, (db) => [listWidgetKeys(db, ctx.actor.orgId, pageOf(input))]);
  return listed(rows, input.limit, (row) => viewWidgetKey(row, ctx.now()));
}

function pageOf({ limit, cursor }: z.infer<typeof Paging>) {
  return { limit, after: cursor === undefined ? null : decodeCursor(cursor) };
}

/** One row more than asked for says that there is another page. */
function listed<Row extends { createdAt: string; id: string }, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
): Listed<View> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { data: shown.map(view), next_cursor: last ? encodeCursor(last.createdAt, last.id) : null };
}
