/** Statements about feedback; its migration holds the function that admins read it through. */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { feedback } from "../../infra/db/schema.ts";
import type { Page } from "../paging/page.ts";
import type { GiveInput } from "./give.ts";

const columns = {
  messageId: feedback.messageId,
  rating: feedback.rating,
  reason: feedback.reason,
  comment: feedback.comment,
  expectedAnswer: feedback.expectedAnswer,
  createdAt: feedback.createdAt,
  updatedAt: feedback.updatedAt,
};

/** No row when the caller did not ask the message; a second verdict replaces the first. */
export const putFeedback = (db: Database, orgId: string, messageId: string, input: GiveInput) => {
  const verdict = {
    rating: input.rating === "up" ? 1 : -1,
    reason: input.reason ?? null,
    comment: input.comment ?? null,
    expectedAnswer: input.expected_answer ?? null,
  };
  return db
    .insert(feedback)
    .select(
      sql`select ${messageId}::uuid, ${orgId}::uuid, ${verdict.rating}::smallint, ${verdict.reason}::text,
                 ${verdict.comment}::text, ${verdict.expectedAnswer}::text, now(), now()
           where kalamna.asked_message(${messageId})`,
    )
    .onConflictDoUpdate({ target: feedback.messageId, set: { ...verdict, updatedAt: sql`now()` } })
    .returning(columns);
};

export const deleteFeedback = (db: Database, orgId: string, messageId: string) =>
  db
    .delete(feedback)
    .where(and(eq(feedback.orgId, orgId), eq(feedback.messageId, messageId)))
    .returning({ messageId: feedback.messageId });

export type FeedbackRow = {
  id: string;
  createdAt: string;
  rating: number;
  reason: string | null;
  comment: string | null;
  expected_answer: string | null;
  question: string;
  answer: string | null;
  channel: string;
  user_id: string | null;
  model: string | null;
};

export const listFeedback = (db: Database, rating: number | null, { limit, after }: Page) =>
  db.execute<FeedbackRow>(sql`
    select * from kalamna.list_feedback(${rating}::smallint, ${after?.createdAt ?? null}::timestamptz,
                                        ${after?.id ?? null}::uuid, ${limit + 1}::int)`);
