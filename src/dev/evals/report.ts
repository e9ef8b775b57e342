/** A run as a table for people. */
import { FIGURES, type FigureName, type Figures } from "../../domain/evals/figures.ts";
import type { ResultView, RunView } from "../../domain/evals/run-view.ts";

const WIDTH = 22;
/** Figures that are no shares. */
const COUNTS: readonly FigureName[] = ["errors", "latency_p50", "latency_p95", "tokens", "cost"];
/** Misses that are listed. */
const MOST_MISSES = 20;

function cell(name: FigureName, value: number | null): string {
  if (value === null) return "–";
  if (name === "cost") return value.toFixed(4);
  return COUNTS.includes(name) ? String(Math.round(value)) : value.toFixed(3);
}

const column = (text: string) => text.slice(0, WIDTH - 2).padStart(WIDTH);

/** The figures of each configuration beside each other, what was missed, and how the gate went. */
export function reportOf(run: RunView, results: readonly ResultView[]): string {
  const figures = run.figures ?? [];
  const names = run.configurations.map(({ name }, at) => name ?? `configuration ${at + 1}`);
  const row = (title: string, of: (one: Figures) => string) =>
    title.padEnd(WIDTH) + figures.map((one) => column(of(one))).join("");
  const missed = results.filter(
    ({ configuration, outcome }) => configuration === 0 && outcome && isMiss(outcome),
  );
  return [
    "".padEnd(WIDTH) + names.map(column).join(""),
    row("cases", ({ cases }) => String(cases)),
    ...(figures.some(({ gone }) => gone > 0) ? [row("documents gone", ({ gone }) => String(gone))] : []),
    ...(Object.keys(FIGURES) as FigureName[]).map((name) => row(name, (one) => cell(name, one[name]))),
    ...listed("Missed", missed.map(missedLine)),
    ...(run.failure ? [`The run ended early: ${run.failure.detail} (${run.failure.code})`] : []),
    ...(run.gate ? gateLines(run.gate) : []),
  ].join("\n");
}

type Outcome = NonNullable<ResultView["outcome"]>;
const isMiss = ({ error, gone, ndcg, rank, facts }: Outcome) =>
  error !== undefined || gone === true || (ndcg !== null && rank === null) || facts.includes(false);

function missedLine({ asked, outcome }: ResultView): string {
  if (outcome?.gone) return `${asked.question}: its documents are gone`;
  if (outcome?.error) return `${asked.question}: ${outcome.error.detail} (${outcome.error.code})`;
  const unsaid = asked.facts.filter((_, at) => outcome?.facts[at] === false);
  const why = [
    ...(outcome?.ndcg !== null && outcome?.rank === null ? ["document not found"] : []),
    ...(unsaid.length > 0 ? [`does not say: ${unsaid.join("; ")}`] : []),
  ];
  return `${asked.question}: ${why.join(", ")}`;
}

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MOST_MISSES ? [`  … and ${lines.length - MOST_MISSES} more`] : [];
  return [`${title} (${lines.length}):`, ...lines.slice(0, MOST_MISSES).map((line) => `  ${line}`), ...more];
}

function gateLines({ passed, checks }: NonNullable<RunView["gate"]>): string[] {
  const lines = checks.map(({ figure, wanted, got, better, ok }) => {
    const limit = better === "more" ? "at least" : "at most";
    return `  ${ok ? "ok  " : "FAIL"} ${figure}: ${cell(figure, got)}, ${limit} ${wanted}`;
  });
  return [`Gate: ${passed ? "passed" : "NOT passed"}`, ...lines];
}
