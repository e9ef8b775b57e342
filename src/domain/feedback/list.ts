/** What people think of answers, newest verdict first, with what they asked and were told. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { iso } from "../moment.ts";
import { type Listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { type FeedbackRow, listFeedback } from "./sql.ts";

export const ListFeedbackInput = PageInput.extend({ rating: z.enum(["up", "down"]).optional() });
export type ListFeedbackInput = z.infer<typeof ListFeedbackInput>;

export type FeedbackEntry = ReturnType<typeof view>;

const view = ({ id, createdAt, rating, ...rest }: FeedbackRow) => ({
  message_id: id,
  rating: rating === 1 ? ("up" as const) : ("down" as const),
  at: iso(createdAt),
  ...rest,
});

/** @throws AppError `invalid_request` for a foreign cursor */
export async function list(ctx: Ctx, input: ListFeedbackInput): Promise<Listed<FeedbackEntry>> {
  const rating = input.rating === undefined ? null : input.rating === "up" ? 1 : -1;
  const [{ rows }] = await tenantBatch(ctx, (db) => [listFeedback(db, rating, pageOf(input))]);
  return listedByDate(rows, input.limit, view);
}
