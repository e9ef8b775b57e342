/** Which time the page is about: in the address, so that it can be sent to somebody. */
import { words } from "../../../ui/words.ts";

export const PERIODS = ["day", "week", "month", "quarter", "year", "custom"] as const;
export type PeriodName = (typeof PERIODS)[number];

export const periodWords = words({
  day: ["Last 24 hours", "آخر 24 ساعة"],
  week: ["Last 7 days", "آخر 7 أيام"],
  month: ["Last 30 days", "آخر 30 يومًا"],
  quarter: ["Last 90 days", "آخر 90 يومًا"],
  year: ["Last 365 days", "آخر 365 يومًا"],
  custom: ["From … to …", "من … إلى …"],
});

const DAYS = { week: 7, month: 30, quarter: 90, year: 365 } as const;
const DAY_MS = 86_400_000;
/** Bars that still can be told apart. */
const MOST_DAYS_BY_DAY = 100;

export type Period = {
  name: PeriodName;
  /** As the API wants it; `to` only where the end is not now. */
  query: { from: string; to?: string };
  interval: "hour" | "day" | "week";
};

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

const atMidnight = (day: string) => new Date(`${day}T00:00:00`);

function startOfToday(): Date {
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  return today;
}

/** Days are whole, by the person's own clock; the address says `?period=week` or `?period=custom&from=…&to=…`. */
export function periodOf(search: URLSearchParams): Period {
  const name = PERIODS.find((one) => one === search.get("period")) ?? "month";
  if (name === "day") {
    const hour = new Date(Math.floor((Date.now() - DAY_MS) / 3_600_000 + 1) * 3_600_000);
    return { name, query: { from: hour.toISOString() }, interval: "hour" };
  }
  if (name === "custom") {
    const from = atMidnight(search.get("from") ?? "");
    const to = atMidnight(search.get("to") ?? "");
    to.setDate(to.getDate() + 1);
    if (from < to) {
      const days = (to.getTime() - from.getTime()) / DAY_MS;
      return {
        name,
        query: { from: from.toISOString(), to: to.toISOString() },
        interval: days <= 2 ? "hour" : days <= MOST_DAYS_BY_DAY ? "day" : "week",
      };
    }
  }
  const days = name === "custom" ? DAYS.month : DAYS[name];
  const from = startOfToday();
  from.setDate(from.getDate() - days + 1);
  return { name, query: { from: from.toISOString() }, interval: days <= MOST_DAYS_BY_DAY ? "day" : "week" };
}
