/** Statements of settling, for a system batch; migrations/0030_cells.sql holds what they call. */
import { sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";

/** Organizations and models of theirs with many segments that lie in no cell yet. */
export const findUnsettled = (db: Database, limit: number) =>
  db.execute<{ org_id: string; embedding_model: string }>(
    sql`select org_id, embedding_model from kalamna.unsettled() limit ${limit}::int`,
  );

/** Before {@link settleSegments}: nobody publishes or deletes meanwhile. */
export const holdStatisticsOf = (db: Database, orgId: string) =>
  db.execute(sql`select kalamna.hold_statistics_of(${orgId})`);

/** How many of them are in cells now, 0 when none was left or somebody else is at it; and the milliseconds it took. */
export const settleSegments = (db: Database, orgId: string, model: string, most: number) =>
  db.execute<{ settled: number; ms: number }>(sql`
    select s.settled, (extract(epoch from clock_timestamp() - statement_timestamp()) * 1000)::int as ms
      from kalamna.settle_segments(${orgId}, ${model}, ${most}::int) s(settled)`);
