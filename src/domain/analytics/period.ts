/** Which time figures are about. */
import * as z from "zod";
import type { BaseCtx } from "../../context.ts";

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;
const MOST_DAYS = 400;

const moment = z.iso.datetime({ offset: true }).or(z.iso.date());

/** `to` is not part of it; without one it ends now, without `from` it has thirty days. */
export const PeriodInput = z
  .object({ from: moment.optional(), to: moment.optional() })
  .refine(({ from, to }) => !from || !to || Date.parse(from) < Date.parse(to), {
    message: "must lie before to",
    path: ["from"],
  })
  .refine(
    ({ from, to }) => !from || (to ? Date.parse(to) : Date.now()) - Date.parse(from) <= MOST_DAYS * DAY_MS,
    {
      message: `a period has at most ${MOST_DAYS} days`,
      path: ["from"],
    },
  );
export type PeriodInput = z.infer<typeof PeriodInput>;

/** ISO 8601. */
export type Period = { from: string; to: string };

export function periodOf({ from, to }: PeriodInput, now: BaseCtx["now"]): Period {
  const end = to ? new Date(to) : now();
  const start = from ? new Date(from) : new Date(end.getTime() - USUAL_DAYS * DAY_MS);
  return { from: start.toISOString(), to: end.toISOString() };
}

/** As long, and just before. */
export function before({ from, to }: Period): Period {
  const length = Date.parse(to) - Date.parse(from);
  return { from: new Date(Date.parse(from) - length).toISOString(), to: from };
}
