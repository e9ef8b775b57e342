/** How an organization's documents come through: what waits, what failed and why, how long it takes. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { Lane } from "../../infra/jobs/port.ts";
import { type LaneFigures, lanesOf } from "./lanes.ts";
import { countOwnLanes, failuresByCode, publishedByHour, stepSpread, waitSpread } from "./sql.ts";

/** Percentiles are taken from so many documents at most, the newest. */
const SAMPLE = 5_000;

/** Median and 95th percentile, in milliseconds, of so many documents. */
export type Spread = { documents: number; p50_ms: number; p95_ms: number };

export type IngestionFigures = {
  lanes: Record<Lane, LaneFigures>;
  failures: { code: string; total: number; last_24_hours: number }[];
  /** Versions that became ready, for each of the last 24 hours that had any; `hour` is its beginning. */
  published: { hour: string; documents: number }[];
  /** Of the last 24 hours; `waiting` until the work began, `total` until it was ready. */
  steps: Record<string, Spread>;
  waiting: Partial<Record<Lane, Spread>>;
  total: Partial<Record<Lane, Spread>>;
};

/** Counts documents that the caller may see. @throws AppError when the database fails */
export async function ingestion(ctx: Ctx): Promise<IngestionFigures> {
  const { orgId } = ctx.actor;
  const [lanes, failures, { rows: hours }, { rows: steps }, { rows: waits }] = await tenantBatch(
    ctx,
    (db) => [
      countOwnLanes(db, orgId),
      failuresByCode(db, orgId),
      publishedByHour(db, orgId),
      stepSpread(db, orgId, SAMPLE),
      waitSpread(db, orgId, SAMPLE),
    ],
  );
  const spread = (documents: number, p50_ms: number, p95_ms: number) => ({ documents, p50_ms, p95_ms });
  return {
    lanes: lanesOf(lanes),
    failures: failures.map(({ code, total, lastDay }) => ({ code, total, last_24_hours: lastDay })),
    published: hours,
    steps: Object.fromEntries(
      steps.map(({ step, documents, p50, p95 }) => [step, spread(documents, p50, p95)]),
    ),
    waiting: Object.fromEntries(
      waits.map((row) => [row.lane, spread(row.documents, row.waited50, row.waited95)]),
    ),
    total: Object.fromEntries(
      waits.map((row) => [row.lane, spread(row.documents, row.total50, row.total95)]),
    ),
  };
}
