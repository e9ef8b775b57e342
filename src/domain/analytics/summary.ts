/** How questions were answered in a period, beside the one before. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { before, type Period, type PeriodInput, periodOf } from "./period.ts";
import { type Figures, figuresOf } from "./sql.ts";

type Spread = { p50: number; p95: number; p99: number } | null;

export type SummaryFigures = Omit<Figures, "first_token_ms" | "total_ms"> & {
  /** Shares of all questions, 0 to 1; null when none was asked. */
  answered_share: number | null;
  grounded_share: number | null;
  /** Thumbs up among all thumbs; null without any. */
  satisfaction: number | null;
  /** Milliseconds the model took to its first word, and the whole answer took. */
  first_token_ms: Spread;
  total_ms: Spread;
};

export type Summary = { period: Period; figures: SummaryFigures; before: SummaryFigures };

export async function summary(ctx: Ctx, input: PeriodInput): Promise<Summary> {
  const period = periodOf(input, ctx.now);
  const [{ rows: now }, { rows: then }] = await tenantBatch(ctx, (db) => [
    figuresOf(db, period),
    figuresOf(db, before(period)),
  ]);
  if (!now[0] || !then[0]) throw new AppError("internal");
  return { period, figures: shares(now[0].figures), before: shares(then[0].figures) };
}

function shares({ first_token_ms, total_ms, ...figures }: Figures): SummaryFigures {
  const { questions, answered, grounded, up, down } = figures;
  const share = (part: number, whole: number) =>
    whole === 0 ? null : Math.round((1000 * part) / whole) / 1000;
  return {
    ...figures,
    answered_share: share(answered, questions),
    grounded_share: share(grounded, questions),
    satisfaction: share(up, up + down),
    first_token_ms: spread(first_token_ms),
    total_ms: spread(total_ms),
  };
}

const spread = (values: Figures["total_ms"]): Spread =>
  values && { p50: Math.round(values[0]), p95: Math.round(values[1]), p99: Math.round(values[2]) };
