/** Sources and their pages as the API shows them. */
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { PAGE_STATES } from "../../infra/db/schema.ts";
import { iso } from "../moment.ts";
import type { columns, pageColumns } from "./sql.ts";

export type SourceRow = SelectResultFields<typeof columns>;
export type SourceView = ReturnType<typeof view>;
export type PageView = ReturnType<typeof viewPage>;

const failure = (code: string | null, detail: string | null) => (code === null ? null : { code, detail });

export function view(row: SourceRow) {
  return {
    id: row.id,
    kind: row.kind,
    url: row.url,
    name: row.name,
    external_id: row.externalId,
    batch_id: row.batchId,
    settings: row.settings,
    on_gone: row.onGone,
    /** Minutes; null: fetched once. */
    refresh_every: row.refreshEvery,
    access_level: row.accessLevel,
    groups: row.groups,
    metadata: row.metadata,
    status: row.status,
    failure: failure(row.failureCode, row.failureDetail),
    /** Counts the rounds through its pages. */
    run: row.run,
    pages: Object.fromEntries(PAGE_STATES.map((state) => [state, row.pages?.[state] ?? 0])),
    /** There were more pages than `settings.limit`. */
    limit_reached: row.limitReached,
    /** Of a single address: the document, once it is fetched. */
    document_id: row.kind === "url" ? row.documentId : null,
    created_by: row.createdBy,
    created_at: iso(row.createdAt),
    started_at: iso(row.startedAt),
    finished_at: iso(row.finishedAt),
    next_run_at: iso(row.nextRunAt),
  };
}

export function viewPage(row: SelectResultFields<typeof pageColumns>) {
  return {
    url: row.url,
    kind: row.kind,
    state: row.state,
    /** Why it failed, was skipped, or is tried again. */
    failure: failure(row.failureCode, row.failureDetail),
    depth: row.depth,
    document_id: row.documentId,
    attempt: row.attempt,
    checked_at: iso(row.checkedAt),
    changed_at: iso(row.changedAt),
  };
}
