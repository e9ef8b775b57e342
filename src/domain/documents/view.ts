/** A document as the API shows it. */
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { iso } from "../moment.ts";
import type { columns } from "./sql.ts";

export type DocumentRow = SelectResultFields<typeof columns>;

export type DocumentView = ReturnType<typeof view>;

export function view(row: DocumentRow) {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    content_type: row.contentType,
    bytes: row.bytes,
    sha256: row.sha256,
    access_level: row.accessLevel,
    groups: row.groups,
    metadata: row.metadata,
    status: row.status,
    failure:
      row.failureCode === null
        ? null
        : { code: row.failureCode, detail: row.failureDetail, retryable: row.retryable ?? false },
    version: row.version,
    /** The version that answers; null until there is one. */
    published_version: row.publishedVersion,
    external_id: row.externalId,
    url: row.url,
    source_id: row.sourceId,
    batch_id: row.batchId,
    lane: row.lane,
    attempt: row.attempt,
    counts: { pages: row.pages, characters: row.characters, chunks: row.chunks, tokens: row.tokens },
    /** Passages of the published version whose embedding was known already, and those that had to be made. */
    delta: { reused: row.reused, embedded: row.embedded },
    step_ms: row.stepMs,
    created_by: row.createdBy,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
    ready_at: iso(row.readyAt),
  };
}
