/** Questions over time. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { PeriodInput, periodOf } from "./period.ts";
import { type SeriesRow, seriesOf } from "./sql.ts";

const HOURS_MS = 3_600_000;
const MOST_HOURS = 31 * 24;

/** Names that this runtime knows, and Postgres with it (both read the IANA database). */
const Zone = z.string().max(60).refine(isZone, "is no time zone, such as Europe/Berlin");

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

export const UsageSeriesInput = PeriodInput.and(
  z.object({ interval: z.enum(["hour", "day", "week"]).default("day"), time_zone: Zone.default("UTC") }),
).refine(
  ({ from, to, interval }) =>
    interval !== "hour" ||
    (from !== undefined && (to ? Date.parse(to) : Date.now()) - Date.parse(from) <= MOST_HOURS * HOURS_MS),
  { message: "by the hour a period has at most 31 days, and says from when", path: ["from"] },
);
export type UsageSeriesInput = z.infer<typeof UsageSeriesInput>;

/** Oldest first; each period is named by its beginning in the time zone asked for. */
export async function usageSeries(ctx: Ctx, input: UsageSeriesInput): Promise<SeriesRow[]> {
  const period = periodOf(input, ctx.now);
  const [{ rows }] = await tenantBatch(ctx, (db) => [seriesOf(db, period, input.interval, input.time_zone)]);
  return rows;
}
