/** Statements about a document's versions and about stopping and resuming their reading; all in a tenant batch. */
import { and, asc, count, desc, eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { documents, documentVersions } from "../../infra/db/schema.ts";
import { beginning, columns, one } from "./sql.ts";

const versionColumns = {
  version: documentVersions.version,
  name: documentVersions.name,
  contentType: documentVersions.contentType,
  bytes: documentVersions.bytes,
  sha256: documentVersions.sha256,
  status: documentVersions.status,
  failureCode: documentVersions.failureCode,
  failureDetail: documentVersions.failureDetail,
  pages: documentVersions.pages,
  characters: documentVersions.characters,
  chunks: documentVersions.chunks,
  tokens: documentVersions.tokens,
  reused: documentVersions.reused,
  embedded: documentVersions.embedded,
  createdAt: documentVersions.createdAt,
  publishedAt: documentVersions.publishedAt,
};

const versionsOf = (orgId: string, id: string) =>
  and(eq(documentVersions.orgId, orgId), eq(documentVersions.documentId, id));

/** Newest first. @param before the version that the last page ended with */
export const listVersions = (
  db: Database,
  orgId: string,
  id: string,
  limit: number,
  before: number | undefined,
) =>
  db
    .select(versionColumns)
    .from(documentVersions)
    .where(
      and(versionsOf(orgId, id), before === undefined ? undefined : lt(documentVersions.version, before)),
    )
    .orderBy(desc(documentVersions.version))
    .limit(limit + 1);

/** One version; without a number the one that answers, or the first on its way. */
export const findVersion = (db: Database, orgId: string, id: string, version: number | undefined) =>
  db
    .select(versionColumns)
    .from(documentVersions)
    .where(
      and(
        versionsOf(orgId, id),
        version === undefined
          ? sql`${documentVersions.version} = (select coalesce(d.published_version, d.version) from kalamna.documents d
                                                where d.org_id = ${orgId} and d.id = ${id})`
          : eq(documentVersions.version, version),
      ),
    );

/** Holds a document that the caller may change: its versions stay as they are until the batch ends. */
export const holdDocument = (db: Database, orgId: string, id: string) =>
  db.select({ id: documents.id }).from(documents).where(one(orgId, id)).for("update");

/** The bytes of an older version become the next one; no row while the document is being read, or without that version. */
export const rollBackTo = (db: Database, orgId: string, id: string, version: number) =>
  db
    .update(documents)
    .set({
      ...beginning,
      name: sql`${documentVersions.name}`,
      contentType: sql`${documentVersions.contentType}`,
      bytes: sql`${documentVersions.bytes}`,
      sha256: sql`${documentVersions.sha256}`,
    })
    .from(documentVersions)
    .where(
      and(
        one(orgId, id),
        inArray(documents.status, ["ready", "failed"]),
        versionsOf(orgId, id),
        eq(documentVersions.version, version),
      ),
    )
    .returning(columns);

const UNFINISHED = ["pending", "extracting", "embedding"] as const;

/** Whoever reads it notices at their next statement. No row when nobody is to read it. */
export const cancelReading = (db: Database, orgId: string, id: string) =>
  db
    .update(documents)
    .set({
      status: "failed",
      failureCode: "cancelled",
      failureDetail: "Reading was stopped on request.",
      retryable: true,
      leaseUntil: null,
      runAfter: null,
      updatedAt: sql`now()`,
    })
    .where(and(one(orgId, id), inArray(documents.status, UNFINISHED)))
    .returning(columns);

/** Condition for the audit log: this very batch has stopped it. */
export const isCancelled = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.documents d where d.org_id = ${orgId} and d.id = ${id} and d.status = 'failed'
                 and d.failure_code = 'cancelled' and d.updated_at = now())`;

/** Failed documents that the caller may change, for this reason or any but that somebody stopped them. */
const failedFor = (orgId: string, code: string | undefined) =>
  and(
    eq(documents.orgId, orgId),
    eq(documents.status, "failed"),
    code === undefined
      ? sql`${documents.failureCode} is distinct from 'cancelled'`
      : eq(documents.failureCode, code),
    sql`kalamna.may_change(${documents.createdBy}, ${documents.createdByKey})`,
  );

/** Sends the `limit` that failed first back to the start. So many at once go where nobody waits. */
export const requeueFailed = (db: Database, orgId: string, code: string | undefined, limit: number) => {
  const chosen = db
    .$with("chosen")
    .as(
      db
        .select({ chosenId: documents.id })
        .from(documents)
        .where(failedFor(orgId, code))
        .orderBy(asc(documents.updatedAt))
        .limit(limit)
        .for("update", { skipLocked: true }),
    );
  return db
    .with(chosen)
    .update(documents)
    .set({ ...beginning, lane: "ingest-bulk" })
    .from(chosen)
    .where(and(eq(documents.orgId, orgId), eq(documents.id, chosen.chosenId)))
    .returning({ id: documents.id, version: documents.version, lane: documents.lane });
};

export const countFailed = (db: Database, orgId: string, code: string | undefined) =>
  db.select({ remaining: count() }).from(documents).where(failedFor(orgId, code));

/** Condition for the audit log: this very batch has sent documents back. */
export const isAnyRestarted = (orgId: string): SQL =>
  sql`exists (select from kalamna.documents d
               where d.org_id = ${orgId} and d.status = 'pending' and d.version > 1 and d.updated_at = now())`;
