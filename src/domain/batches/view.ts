/** Batches and their lines as the API shows them. */
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { iso } from "../moment.ts";
import type { countItems, listItems } from "./item-sql.ts";
import type { columns } from "./sql.ts";

export type BatchRow = SelectResultFields<typeof columns>;

/** Where the document of a line is; `deleted` also for one that the reader may no longer see. */
export const ITEM_STATES = [
  "pending",
  "extracting",
  "embedding",
  "ready",
  "failed",
  "refused",
  "deleted",
] as const;
export type ItemState = (typeof ITEM_STATES)[number];
const UNFINISHED: readonly string[] = ["pending", "extracting", "embedding"];

/** In a list: without counts, which take reading every line. */
export const view = (row: BatchRow) => ({
  id: row.id,
  kind: row.kind,
  status: row.status,
  /** The sender went away; the same Idempotency-Key goes on. */
  broken_off: row.brokenOff,
  lines: row.lines,
  refused: row.refused,
  created_by: row.createdBy,
  created_at: iso(row.createdAt),
  closed_at: iso(row.closedAt),
  completed_at: iso(row.completedAt),
});

type Counted = Awaited<ReturnType<typeof countItems>>;

/** With lines by state, how they came in, and the part of them that has ended. */
export function countedView(row: BatchRow, counted: Counted) {
  const counts = Object.fromEntries(ITEM_STATES.map((state) => [state, 0])) as Record<ItemState, number>;
  const outcomes: Record<string, number> = {};
  let lines = 0;
  for (const { state, outcome, count } of counted) {
    counts[state as ItemState] += count;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
    lines += count;
  }
  const unfinished = UNFINISHED.reduce((sum, state) => sum + counts[state as ItemState], 0);
  return {
    ...view(row),
    lines,
    refused: counts.refused,
    counts,
    outcomes,
    progress: lines === 0 ? 0 : Math.round(((lines - unfinished) / lines) * 10_000) / 10_000,
  };
}
export type CountedBatch = ReturnType<typeof countedView>;

export type ItemRow = Awaited<ReturnType<typeof listItems>>[number];

export const itemView = (row: ItemRow) => ({
  line: row.line,
  name: row.name,
  external_id: row.externalId,
  outcome: row.outcome,
  state: row.state as ItemState,
  document_id: row.documentId,
  source_id: row.sourceId,
  failure:
    row.failureCode === null || (row.state !== "failed" && row.state !== "refused")
      ? null
      : { code: row.failureCode, detail: row.failureDetail ?? "" },
});
export type ItemView = ReturnType<typeof itemView>;
