/** What people ask most, and what the documents left unanswered. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { iso } from "../moment.ts";
import { cluster } from "./cluster.ts";
import { PeriodInput, periodOf } from "./period.ts";
import { type AskedRow, askedIn } from "./sql.ts";

/** So many of the newest questions are grouped. */
export const MOST_READ = 5_000;

export const QuestionsInput = PeriodInput.and(
  z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
);
export type QuestionsInput = z.infer<typeof QuestionsInput>;

export type QuestionCluster = {
  /** As it was asked last. */
  question: string;
  asked: number;
  grounded: number;
  up: number;
  down: number;
  last_asked: string;
  /** Other wordings, at most five. */
  variants: string[];
  /** What somebody said the answer should be. */
  expected_answer: string | null;
  message_ids: string[];
};

/** Most asked first. @param gaps only those that were not answered from documents, or voted down */
export async function questionClusters(
  ctx: Ctx,
  input: QuestionsInput,
  gaps: boolean,
): Promise<QuestionCluster[]> {
  const period = periodOf(input, ctx.now);
  const [{ rows }] = await tenantBatch(ctx, (db) => [askedIn(db, period, gaps, MOST_READ)]);
  return cluster(rows).slice(0, input.limit).map(describe);
}

function describe(members: AskedRow[]): QuestionCluster {
  const [newest] = members;
  const wordings = [...new Set(members.map(({ question }) => question))];
  return {
    question: newest?.question ?? "",
    asked: members.length,
    grounded: members.filter(({ grounded }) => grounded).length,
    up: members.filter(({ rating }) => rating === 1).length,
    down: members.filter(({ rating }) => rating === -1).length,
    last_asked: newest ? iso(newest.asked_at) : "",
    variants: wordings.slice(1, 6),
    expected_answer: members.find((one) => one.expected_answer !== null)?.expected_answer ?? null,
    message_ids: members.slice(0, 20).map(({ id }) => id),
  };
}
