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

/** Puts up to `most` of them into cells; 0 when none is left, or somebody else is at it. */
export const settleSegments = (db: Database, orgId: string, model: string, most: number) =>
  db.execute<{ settled: number }>(
    sql`select kalamna.settle_segments(${orgId}, ${model}, ${most}::int) as settled`,
  );
