/** Statements about suggestions for teaching; their migration holds what they call. */
import { desc, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { suggestionMarks, taughtAnswers, taughtPhrases } from "../../infra/db/schema.ts";

/** No row when the organization has no such message. */
export const askedQuestion = (db: Database, messageId: string) =>
  db.execute<{ question: string; expected_answer: string | null }>(
    sql`select question, expected_answer from kalamna.asked_question(${messageId}::uuid)`,
  );

export const insertMark = (db: Database, mark: typeof suggestionMarks.$inferInsert) =>
  db.insert(suggestionMarks).values(mark);

/** Newest first. */
export const listMarks = (db: Database, orgId: string, most: number) =>
  db
    .select({
      terms: suggestionMarks.terms,
      taughtId: suggestionMarks.taughtId,
      createdAt: suggestionMarks.createdAt,
    })
    .from(suggestionMarks)
    .where(eq(suggestionMarks.orgId, orgId))
    .orderBy(desc(suggestionMarks.createdAt))
    .limit(most);

/** Questions that are answered word for word, as they are compared, and since when. */
export const taughtQuestions = (db: Database, orgId: string) =>
  db
    .select({ exact: taughtPhrases.exact, since: taughtAnswers.updatedAt })
    .from(taughtPhrases)
    .innerJoin(
      taughtAnswers,
      sql`${taughtAnswers.orgId} = ${taughtPhrases.orgId} and ${taughtAnswers.id} = ${taughtPhrases.taughtId}`,
    )
    .where(
      sql`${taughtPhrases.orgId} = ${orgId} and ${taughtAnswers.enabled}
          and coalesce(${taughtAnswers.expiresAt} > now(), true)`,
    );
