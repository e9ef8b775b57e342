/** The batches that a caller sent (an admin sees everybody's), and what is in them. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { Limit, type Listed, listed, listedByDate, type PageInput, pageOf } from "../paging/page.ts";
import { countItems, listItems } from "./item-sql.ts";
import { findBatch, listBatches } from "./sql.ts";
import {
  type BatchRow,
  type CountedBatch,
  countedView,
  ITEM_STATES,
  type ItemView,
  itemView,
  view,
} from "./view.ts";

/** Failures shown with a batch; all of them are at `GET batches/:id/items?state=failed,refused`. */
const FAILURES = 100;

/** Newest first. */
export async function list(ctx: Ctx, input: PageInput): Promise<Listed<ReturnType<typeof view>>> {
  const [rows] = await tenantBatch(ctx, (db) => [listBatches(db, ctx.actor.orgId, pageOf(input))]);
  return listedByDate(rows, input.limit, view);
}

/** @throws AppError `not_found` */
export async function get(ctx: Ctx, id: string): Promise<CountedBatch & { failures: ItemView[] }> {
  const { orgId } = ctx.actor;
  const [[row], counted, failures] = await tenantBatch(ctx, (db) => [
    findBatch(db, orgId, id),
    countItems(db, orgId, id),
    listItems(db, orgId, id, ["failed", "refused"], FAILURES, 0),
  ]);
  if (!row) throw new AppError("not_found");
  return { ...countedView(row, counted), failures: failures.slice(0, FAILURES).map(itemView) };
}

/** The row alone. @throws AppError `not_found` */
export async function find(ctx: Ctx, id: string): Promise<BatchRow> {
  const [[row]] = await tenantBatch(ctx, (db) => [findBatch(db, ctx.actor.orgId, id)]);
  if (!row) throw new AppError("not_found");
  return row;
}

export const ItemsInput = z.object({
  limit: Limit,
  /** The `line` that the last page ended with; an int4. */
  cursor: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
  /** States between commas. */
  state: z
    .string()
    .transform((text) => text.split(",").map((state) => state.trim()))
    .pipe(z.array(z.enum(ITEM_STATES)))
    .default([]),
});
export type ItemsInput = z.infer<typeof ItemsInput>;

/** By line. @throws AppError `not_found` */
export async function itemsOf(
  ctx: Ctx,
  id: string,
  { limit, cursor, state }: ItemsInput,
): Promise<Listed<ItemView>> {
  const { orgId } = ctx.actor;
  const [[row], items] = await tenantBatch(ctx, (db) => [
    findBatch(db, orgId, id),
    listItems(db, orgId, id, state, limit, cursor),
  ]);
  if (!row) throw new AppError("not_found");
  return listed(items, limit, itemView, ({ line }) => String(line));
}
