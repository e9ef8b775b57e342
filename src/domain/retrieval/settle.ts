/** Brings new segments of large organizations into cells, so that a question need not read all of them. */
import type { BaseCtx } from "../../context.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { findUnsettled, holdStatisticsOf, settleSegments } from "./settle-sql.ts";

/** Milliseconds a transaction, about; whoever publishes or deletes a document of the organization waits as long. */
const AIM_MS = 400;
/** Segments of an organization's first transaction, and the fewest and most of the others. */
const FIRST = 32;
const FEWEST = 8;
const MOST = 512;
/** Milliseconds a sweep; the next one, a minute later, goes on. Until then questions read more, and find the same. */
const ENOUGH_MS = 10_000;
const ORGANIZATIONS = 20;

/** Segments of the next transaction: how long one takes depends on the organization and on what else the machine does. */
export function nextBatch(batch: number, ms: number): number {
  if (ms > AIM_MS) return Math.max(FEWEST, batch / 2);
  return ms < AIM_MS / 2 ? Math.min(MOST, batch * 2) : batch;
}

/**
 * Organizations take turns, a batch each, until nothing is left or the time is up.
 * @throws AppError when the database fails; the next sweep goes on from there
 */
export async function sweepSegments(base: BaseCtx): Promise<{ segments_settled: number }> {
  const started = base.now().getTime();
  let sum = 0;
  const [{ rows }] = await systemBatch(base, (db) => [findUnsettled(db, ORGANIZATIONS)]);
  let waiting = rows.map((row) => ({ ...row, batch: FIRST }));
  while (waiting.length > 0) {
    const unfinished: typeof waiting = [];
    for (const one of waiting) {
      if (base.now().getTime() - started > ENOUGH_MS) return { segments_settled: sum };
      const [, result] = await systemBatch(base, (db) => [
        holdStatisticsOf(db, one.org_id),
        settleSegments(db, one.org_id, one.embedding_model, one.batch),
      ]);
      const { settled, ms } = result.rows[0] ?? { settled: 0, ms: 0 };
      sum += settled;
      if (settled === one.batch) unfinished.push({ ...one, batch: nextBatch(one.batch, ms) });
    }
    waiting = unfinished;
  }
  return { segments_settled: sum };
}
