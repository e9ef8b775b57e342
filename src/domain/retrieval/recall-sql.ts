/** Statements of the recall meter; migrations/0034_recall.sql and recall_tries.sql behind it hold what they call. */
import { desc, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { recallDays } from "../../infra/db/schema.ts";

/** Organizations whose recall has not been measured today though their minute has come; for a system batch. */
export const findDue = (db: Database, now: Date, limit: number) =>
  db.execute<{ org_id: string }>(
    sql`select org_id from kalamna.recall_due(${now.toISOString()}::timestamptz, ${limit}::int) as org_id`,
  );

/** Notes that it is being measured: if that fails, others come first for an hour. */
export const beginRecall = (db: Database, now: Date) =>
  db.execute(sql`select kalamna.begin_recall(${now.toISOString()}::timestamptz)`);

/** Measures it and writes the day's row, once a day; for deferred work. */
export const measureRecall = (db: Database, now: Date, questions: number) =>
  db.execute(sql`select kalamna.measure_recall(${now.toISOString()}::timestamptz, ${questions}::int)`);

/** The newest days first. */
export const recallByDay = (db: Database, orgId: string, days: number) =>
  db
    .select({
      day: recallDays.day,
      embedding_model: recallDays.embeddingModel,
      questions: recallDays.questions,
      recall: recallDays.recall,
      worst: recallDays.worst,
      chunks: recallDays.chunks,
      routed_ms: recallDays.routedMs,
      exact_ms: recallDays.exactMs,
      neighbours: recallDays.neighbours,
      strangers: recallDays.strangers,
    })
    .from(recallDays)
    .where(eq(recallDays.orgId, orgId))
    .orderBy(desc(recallDays.day))
    .limit(days);

/** The last figure of every organization that asked something in the week before; for a system batch. */
export const recallOfAll = (db: Database, now: Date) =>
  db.execute<{ organizations: number; lowest: number | null; below_95: number }>(sql`
    select count(*)::int as organizations, min(r.recall)::float8 as lowest,
           (count(*) filter (where r.recall < 0.95))::int as below_95
      from (select distinct on (d.org_id) d.recall from kalamna.recall_days d
             where d.day > (${now.toISOString()}::timestamptz at time zone 'UTC')::date - 7 and d.questions > 0
             order by d.org_id, d.day desc) r`);
