/** The statement that deletes documents, with all that speaks of them (migrations/0018_files.sql). */
import { sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import type { Claim } from "../files/sql.ts";

export type Removed = {
  /** Those that are gone; the others are not there or not the caller's to change. */
  documents: { id: string; name: string }[];
  versions: number;
  chunks: number;
  drafts: number;
  /** Originals that no document the caller can see has any more, and their bytes. */
  files: number;
  bytes: number;
  claims: Claim[];
};

/** Statistics change once, however many documents go. For at most a few hundred at a time. */
export const deleteDocuments = (db: Database, ids: readonly string[]) =>
  db.execute<{ removed: Removed }>(
    sql`select kalamna.delete_documents(${sql.param([...ids])}::uuid[]) as removed`,
  );
