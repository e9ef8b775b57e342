/** One page of a list: what callers ask for, and what they get. */
import * as z from "zod";
import { decodeCursor, encodeCursor } from "./cursor.ts";

/** Entries on one page. */
export const Limit = z.coerce.number().int().min(1).max(200).default(50);

/** For lists by date; others have cursors of their own. */
export const PageInput = z.object({ limit: Limit, cursor: z.string().max(300).optional() });
export type PageInput = z.infer<typeof PageInput>;

/** Statements read one row more than `limit`: it says that there is another page. */
export type Page = { limit: number; after: { createdAt: string; id: string } | null };

/** `next_cursor` asks for the page after this one; null on the last. */
export type Listed<T> = { data: T[]; next_cursor: string | null };

/** @throws AppError `invalid_request` for a cursor we did not make */
export function pageOf({ limit, cursor }: PageInput): Page {
  return { limit, after: cursor === undefined ? null : decodeCursor(cursor) };
}

/**
 * @param rows up to `limit + 1` of them
 * @param cursorOf where the page ends, from the last row shown
 */
export function listed<Row, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
  cursorOf: (row: Row) => string,
): Listed<View> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { data: shown.map((row) => view(row)), next_cursor: last ? cursorOf(last) : null };
}

/** A page of a list by date; its statement says `olderThan` and `newestFirst` (paging/sql.ts). */
export function listedByDate<Row extends { createdAt: string; id: string }, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
): Listed<View> {
  return listed(rows, limit, view, ({ createdAt, id }) => encodeCursor(createdAt, id));
}
