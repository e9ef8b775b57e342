/** Says what the one who asked thinks of an answer. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { iso } from "../moment.ts";
import { putFeedback } from "./sql.ts";

export const REASONS = [
  "wrong",
  "incomplete",
  "outdated",
  "bad_source",
  "unclear",
  "not_found",
  "harmful",
  "other",
] as const;

export const GiveInput = z.strictObject({
  rating: z.enum(["up", "down"]),
  reason: z.enum(REASONS).optional(),
  comment: z.string().trim().min(1).max(2_000).optional(),
  /** What the answer should have been. */
  expected_answer: z.string().trim().min(1).max(8_000).optional(),
});
export type GiveInput = z.infer<typeof GiveInput>;

export type FeedbackView = GiveInput & { message_id: string; created_at: string; updated_at: string };

/** A second verdict replaces the first. @throws AppError `not_found` for a message that the caller did not ask */
export async function give(ctx: Ctx, messageId: string, input: GiveInput): Promise<FeedbackView> {
  const [[row]] = await tenantBatch(ctx, (db) => [putFeedback(db, ctx.actor.orgId, messageId, input)]);
  if (!row) throw new AppError("not_found");
  return {
    message_id: row.messageId,
    ...input,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}
