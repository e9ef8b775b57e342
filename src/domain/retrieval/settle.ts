/** Brings new segments of large organizations into cells, so that a question need not read all of them. */
import type { BaseCtx } from "../../context.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { findUnsettled, holdStatisticsOf, settleSegments } from "./settle-sql.ts";

/** Segments a transaction; whoever publishes or deletes a document of the organization waits no longer than that. */
const BATCH = 500;
/** Milliseconds a sweep; the next one, a minute later, goes on. Until then questions read more, and find the same. */
const ENOUGH_MS = 10_000;
const ORGANIZATIONS = 20;

/**
 * Organizations take turns, a batch each, until nothing is left or the time is up.
 * @throws AppError when the database fails; the next sweep goes on from there
 */
export async function sweepSegments(base: BaseCtx): Promise<{ segments_settled: number }> {
  const started = base.now().getTime();
  let sum = 0;
  const [{ rows }] = await systemBatch(base, (db) => [findUnsettled(db, ORGANIZATIONS)]);
  let waiting = rows;
  while (waiting.length > 0) {
    const unfinished: typeof waiting = [];
    for (const one of waiting) {
      if (base.now().getTime() - started > ENOUGH_MS) return { segments_settled: sum };
      const [, result] = await systemBatch(base, (db) => [
        holdStatisticsOf(db, one.org_id),
        settleSegments(db, one.org_id, one.embedding_model, BATCH),
      ]);
      const settled = result.rows[0]?.settled ?? 0;
      sum += settled;
      if (settled === BATCH) unfinished.push(one);
    }
    waiting = unfinished;
  }
  return { segments_settled: sum };
}
