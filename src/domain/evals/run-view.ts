/** A run and its results as the API shows them. */
import { iso } from "../moment.ts";
import { type Check, checksOf, type Figures } from "./figures.ts";
import type { AskedCase, Outcome } from "./judge.ts";
import type { Configuration, Gate } from "./run-input.ts";
import type { ResultRow, RunRow } from "./run-sql.ts";

export type RunView = {
  id: string;
  name: string;
  kind: RunRow["kind"];
  status: RunRow["status"];
  tags: string[];
  configurations: Configuration[];
  /** One for each configuration, in their order; null until it ends. */
  figures: Figures[] | null;
  gate: { passed: boolean | null; checks: Check[] } | null;
  /** Questions, each configuration's for itself. */
  progress: { done: number; total: number };
  failure: { code: string; detail: string } | null;
  started_by: { user_id: string | null; key_id: string | null };
  created_at: string;
  finished_at: string | null;
};

export function view(row: RunRow): RunView {
  // Both were checked when the run began.
  const configurations = row.configurations as Configuration[];
  const gate = row.gate as Gate | null;
  // Runs from before documents could be gone do not count them.
  const figures = (row.figures as Figures[] | null)?.map((one) => ({ ...one, gone: one.gone ?? 0 })) ?? null;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    status: row.status,
    tags: row.tags,
    configurations,
    figures,
    gate: gate && {
      passed: row.passed,
      checks: figures?.[0] ? checksOf(gate, figures[0]) : [],
    },
    progress: { done: row.asked, total: row.cases * configurations.length },
    failure: row.failureCode === null ? null : { code: row.failureCode, detail: row.failureDetail ?? "" },
    started_by: { user_id: row.userId, key_id: row.keyId },
    created_at: iso(row.createdAt),
    finished_at: iso(row.finishedAt),
  };
}

export type ResultView = {
  case_id: string;
  /** Which of the run's, from 0. */
  configuration: number;
  status: ResultRow["status"];
  asked: AskedCase;
  outcome: Outcome | null;
  /** At most 2,000 characters; null also for whoever may not read what it was drawn from. */
  answer: string | null;
};

export const viewResult = ({ caseId, ...rest }: ResultRow): ResultView => ({ case_id: caseId, ...rest });

/** A result as a line of a table. */
export const flat = ({ case_id, configuration, status, asked, outcome, answer }: ResultView) => ({
  case_id,
  configuration,
  status,
  question: asked.question,
  answerable: asked.answerable,
  tags: asked.tags,
  rank: outcome?.rank ?? null,
  ndcg: outcome?.ndcg ?? null,
  refused: outcome?.refused ?? null,
  taught: outcome?.taught ?? null,
  facts_found: outcome ? outcome.facts.filter(Boolean).length : null,
  facts: asked.facts.length,
  citations: outcome?.citations.all ?? null,
  citations_expected: outcome?.citations.expected ?? null,
  citations_dropped: outcome?.citations.dropped ?? null,
  model: outcome?.model ?? null,
  tokens: outcome?.tokens ?? null,
  ms: outcome?.ms ?? null,
  error: outcome?.error?.code ?? null,
  gone: outcome?.gone ?? null,
  documents: outcome?.documents ?? [],
  answer,
});
