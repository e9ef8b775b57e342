/** A deletion as the API shows it. */
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { iso } from "../moment.ts";
import type { columns } from "./sql.ts";

export type DeletionRow = SelectResultFields<typeof columns>;
export type DeletionView = ReturnType<typeof view>;

export function view(row: DeletionRow) {
  return {
    id: row.id,
    kind: row.kind,
    /** The batch or source. */
    target: row.target,
    status: row.status,
    documents: row.documents,
    versions: row.versions,
    chunks: row.chunks,
    drafts: row.drafts,
    /** Originals that no document the requester can see has any more, and their bytes. */
    files: row.files,
    bytes: row.bytes,
    /** Documents that stay because they are not the requester's to delete; null until the end. */
    kept: row.kept,
    created_at: iso(row.createdAt),
    finished_at: iso(row.finishedAt),
  };
}
