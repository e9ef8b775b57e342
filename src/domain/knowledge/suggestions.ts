/** What would be worth teaching: questions that the documents left open or whose answers were voted down. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { cluster } from "../analytics/cluster.ts";
import { periodOf } from "../analytics/period.ts";
import { MOST_READ, type QuestionsInput } from "../analytics/questions.ts";
import { type AskedRow, askedIn } from "../analytics/sql.ts";
import { audit, auditOf } from "../audit/record.ts";
import { iso } from "../moment.ts";
import { markTerms, settledBy } from "./marked.ts";
import { askedQuestion, insertMark, listMarks, taughtQuestions } from "./suggestion-sql.ts";

/** Older ones are of questions that nobody asks any more, or have come up again. */
const MOST_MARKS = 2_000;

export type Suggestion = {
  /** The message in which it was asked last: names the suggestion, as does each of `message_ids`. */
  id: string;
  /** As it was asked last. */
  question: string;
  /** Other wordings, at most five. */
  variants: string[];
  reason: "voted_down" | "unanswered";
  asked: number;
  down: number;
  last_asked: string;
  /** What somebody who voted an answer down said it should be. */
  proposed_answer: string | null;
  /** The newest twenty. */
  message_ids: string[];
};

/** Those with a proposed answer first, then by how often they were asked. */
export async function suggestions(ctx: Ctx<UserActor>, input: QuestionsInput): Promise<Suggestion[]> {
  const { orgId } = ctx.actor;
  const [{ rows }, marks, taught] = await tenantBatch(ctx, (db) => [
    askedIn(db, periodOf(input, ctx.now), true, MOST_READ),
    listMarks(db, orgId, MOST_MARKS),
    taughtQuestions(db, orgId),
  ]);
  const isSettled = settledBy(marks, taught);
  return cluster(rows.filter((asked) => !isSettled(asked)))
    .flatMap(suggestionOf)
    .sort((a, b) => Number(b.proposed_answer !== null) - Number(a.proposed_answer !== null))
    .slice(0, input.limit);
}

function suggestionOf(members: AskedRow[]): Suggestion[] {
  const [newest] = members;
  if (!newest) return [];
  const wordings = [...new Set(members.map(({ question }) => question))];
  const down = members.filter(({ rating }) => rating === -1).length;
  return [
    {
      id: newest.id,
      question: newest.question,
      variants: wordings.slice(1, 6),
      reason: down > 0 ? "voted_down" : "unanswered",
      asked: members.length,
      down,
      last_asked: iso(newest.asked_at),
      proposed_answer: members.find((one) => one.expected_answer !== null)?.expected_answer ?? null,
      message_ids: members.slice(0, 20).map(({ id }) => id),
    },
  ];
}

/**
 * Neither this question nor its other wordings are suggested again.
 * @param id of one of its messages
 * @throws AppError `not_found`
 */
export async function dismiss(ctx: Ctx<UserActor>, id: string): Promise<{ id: string }> {
  const { orgId, userId } = ctx.actor;
  const [{ rows }] = await tenantBatch(ctx, (db) => [askedQuestion(db, id)]);
  if (!rows[0]) throw new AppError("not_found");
  const terms = markTerms(rows[0].question);
  await tenantBatch(ctx, (db) => [
    insertMark(db, { orgId, terms, taughtId: null, markedBy: userId }),
    audit(db, {
      ...auditOf(ctx),
      action: "knowledge.suggestion_dismissed",
      target: { type: "message", id },
      result: "ok",
    }),
  ]);
  return { id };
}
