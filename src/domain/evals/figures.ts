/** What a run's outcomes add up to, and whether that is good enough. Pure. */
import type { AskedCase, Outcome } from "./judge.ts";
import type { Gate } from "./run-input.ts";

/** Every figure that a gate may name, and which way is better. Shares are 0 to 1, times milliseconds. */
export const FIGURES = {
  hit_at_1: "more",
  hit_at_3: "more",
  hit_at_5: "more",
  hit_at_10: "more",
  mrr: "more",
  ndcg_at_10: "more",
  citation_precision: "more",
  citations_verified: "more",
  supported: "more",
  facts_found: "more",
  right_refusals: "more",
  false_refusals: "less",
  errors: "less",
  latency_p50: "less",
  latency_p95: "less",
  tokens: "less",
  cost: "less",
} as const satisfies Record<string, "more" | "less">;

export type FigureName = keyof typeof FIGURES;

/** Null: nothing to measure it by. */
export type Figures = { cases: number; answerable: number; taught: number; gone: number } & Record<
  FigureName,
  number | null
>;

export type Judged = { asked: AskedCase; outcome: Outcome };

/**
 * Of one configuration. A question that failed counts as a miss; one that a taught answer answered is not looked up in
 * documents; one whose documents are gone counts in `cases` and `gone` alone.
 */
export function figuresOf(cases: readonly Judged[]): Figures {
  const all = cases.filter(({ outcome }) => !outcome.gone);
  const answerable = all.filter(({ asked }) => asked.answerable);
  const unanswerable = all.filter(({ asked }) => !asked.answerable);
  const placed = answerable.filter(({ outcome }) => outcome.ndcg !== null);
  const hit = (depth: number) => share(placed, ({ outcome: { rank } }) => rank !== null && rank <= depth);
  const pointed = placed.filter(({ outcome }) => outcome.citations.all > 0);
  const written = answerable.map(({ outcome }) => outcome.citations);
  const marks = sum(written, ({ all, dropped }) => all + dropped);
  const facts = answerable.flatMap(({ outcome }) => outcome.facts);
  const times = all.filter(({ outcome }) => !outcome.error).map(({ outcome }) => outcome.ms);
  const costs = all.map(({ outcome }) => outcome.cost);
  return {
    cases: cases.length,
    answerable: answerable.length,
    taught: all.filter(({ outcome }) => outcome.taught).length,
    gone: cases.length - all.length,
    hit_at_1: hit(1),
    hit_at_3: hit(3),
    hit_at_5: hit(5),
    hit_at_10: hit(10),
    mrr: mean(placed.map(({ outcome: { rank } }) => (rank === null ? 0 : 1 / rank))),
    ndcg_at_10: mean(placed.map(({ outcome }) => outcome.ndcg ?? 0)),
    citation_precision: mean(pointed.map(({ outcome: { citations } }) => citations.expected / citations.all)),
    citations_verified: marks === 0 ? null : rounded(sum(written, ({ all }) => all) / marks),
    supported: mean(answerable.flatMap(({ outcome }) => outcome.supported ?? [])),
    facts_found: share(facts, (found) => found),
    right_refusals: share(unanswerable, ({ outcome }) => outcome.refused),
    false_refusals: share(answerable, ({ outcome }) => outcome.refused),
    errors: all.filter(({ outcome }) => outcome.error).length,
    latency_p50: quantile(times, 0.5),
    latency_p95: quantile(times, 0.95),
    tokens: sum(all, ({ outcome }) => outcome.tokens),
    cost: costs.includes(null) ? null : sum(costs, (cost) => cost ?? 0),
  };
}

export type Check = {
  figure: FigureName;
  wanted: number;
  got: number | null;
  better: "more" | "less";
  ok: boolean;
};

/** A figure that could not be measured does not pass. */
export function checksOf(gate: Gate, figures: Figures): Check[] {
  return (Object.keys(FIGURES) as FigureName[]).flatMap((figure) => {
    const wanted = gate[figure];
    if (wanted === undefined) return [];
    const got = figures[figure];
    const better = FIGURES[figure];
    const ok = got !== null && (better === "more" ? got >= wanted : got <= wanted);
    return [{ figure, wanted, got, better, ok }];
  });
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : rounded(sum(values, (value) => value) / values.length);

const share = <One>(all: readonly One[], holds: (one: One) => boolean): number | null =>
  all.length === 0 ? null : rounded(all.filter(holds).length / all.length);

const sum = <One>(all: readonly One[], of: (one: One) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

/** The value that `part` of them do not pass. */
function quantile(values: readonly number[], part: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}
