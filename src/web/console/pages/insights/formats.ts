/** How figures are written here; a dash where there is none. */
import { date, hour, number } from "../../../ui/words.ts";

/** @param value 0 to 1 */
export const share = (value: number | null): string =>
  value === null ? "–" : number(value, { style: "percent", maximumFractionDigits: 1 });

/** Seconds from one on. */
export function milliseconds(value: number | null): string {
  if (value === null) return "–";
  const [amount, unit] = value < 1_000 ? [Math.round(value), "millisecond"] : [value / 1_000, "second"];
  return number(amount, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 });
}

/** In whatever currency the operator priced the models. */
export const cost = (value: number): string => number(value, { maximumSignificantDigits: 3 });

/** @param period its beginning as the API names it, by the person's own clock */
export const periodLabel = (period: string, interval: "hour" | "day" | "week"): string =>
  interval === "hour" ? hour(period) : date(period);
