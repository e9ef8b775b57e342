/** Statements of ingestion: the document's state machine. Every one names the version it works on. */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { documents, documentVersions } from "../../infra/db/schema.ts";

export type DocumentVersion = { orgId: string; id: string; version: number };

/** Longer than any single step may take; a crashed consumer's document is free again after it. */
const LEASE = sql`now() + interval '3 minutes'`;

const unfinished = sql`status in ('pending', 'extracting', 'embedding')`;
const at = ({ orgId, id, version }: DocumentVersion) =>
  and(eq(documents.orgId, orgId), eq(documents.id, id), eq(documents.version, version));

/** Takes an unfinished document to work on; no row when it is finished, gone, another version or leased. */
export const claim = (db: Database, document: DocumentVersion) =>
  db
    .update(documents)
    .set({
      status: "extracting",
      attempt: sql`${documents.attempt} + 1`,
      leaseUntil: LEASE,
      updatedAt: sql`now()`,
    })
    .where(and(at(document), unfinished, sql`(lease_until is null or lease_until < now())`))
    .returning({
      name: documents.name,
      sha256: documents.sha256,
      bytes: documents.bytes,
      attempt: documents.attempt,
    });

export const state = (db: Database, document: DocumentVersion) =>
  db.select({ status: documents.status }).from(documents).where(at(document));

/** Gives a document back after a failure that may pass, so that the retry need not wait for the lease. */
export const release = (db: Database, document: DocumentVersion, code: string, detail: string) =>
  db
    .update(documents)
    .set({
      leaseUntil: null,
      failureCode: code,
      failureDetail: detail,
      retryable: true,
      updatedAt: sql`now()`,
    })
    .where(and(at(document), unfinished));

export const fail = (
  db: Database,
  document: DocumentVersion,
  code: string,
  detail: string,
  retryable: boolean,
) =>
  db
    .update(documents)
    .set({
      status: "failed",
      leaseUntil: null,
      failureCode: code,
      failureDetail: detail,
      retryable,
      updatedAt: sql`now()`,
    })
    .where(and(at(document), unfinished))
    .returning({ id: documents.id });

/** The reason of the last try stays; without one it took too long. */
export const failWithLastReason = (db: Database, document: DocumentVersion) =>
  db
    .update(documents)
    .set({
      status: "failed",
      leaseUntil: null,
      failureCode: sql`coalesce(${documents.failureCode}, 'ingestion_timeout')`,
      failureDetail: sql`coalesce(${documents.failureDetail}, 'Reading this document took too many tries.')`,
      retryable: true,
      updatedAt: sql`now()`,
    })
    .where(and(at(document), unfinished));

/** In progress past its deadline. What waits in bulk has none: its hour begins with the first turn that takes it. */
export const isOverdue = sql<boolean>`(${documents.deadlineAt} < now()
  and (${documents.lane} <> 'ingest-bulk' or ${documents.attempt} > 0))`;

/** A suspended organization's documents wait. */
export const isServed = sql`exists (
  select from kalamna.organizations o where o.id = ${documents.orgId} and o.status = 'active')`;

/** Unfinished documents of active organizations that nobody holds and no turn will come by; for a system batch. */
export const findStranded = (db: Database, limit: number) =>
  db
    .select({
      orgId: documents.orgId,
      id: documents.id,
      version: documents.version,
      status: documents.status,
      chunks: documents.chunks,
      lane: documents.lane,
      overdue: isOverdue,
    })
    .from(documents)
    .where(
      and(
        unfinished,
        isServed,
        sql`coalesce(lease_until, run_after, updated_at + interval '2 minutes') < now()`,
        sql`(${documents.lane} <> 'ingest-bulk' or ${isOverdue})`,
      ),
    )
    .orderBy(documents.updatedAt)
    .limit(limit);

/** Starts the waiting time anew, so that one lost message is not sent again every minute. */
export const touch = (db: Database, document: DocumentVersion) =>
  db
    .update(documents)
    .set({ leaseUntil: null, updatedAt: sql`now()` })
    .where(and(at(document), unfinished));

export type Extent = {
  title: string | null;
  pages: number | null;
  characters: number;
  chunks: number;
  tokens: number;
};

/** Extraction is done: what the document holds, and on to embedding. */
export const extracted = (
  db: Database,
  document: DocumentVersion,
  extent: Extent,
  ms: Record<string, number>,
) =>
  db
    .update(documents)
    .set({
      ...extent,
      status: "embedding",
      leaseUntil: LEASE,
      stepMs: sql`${documents.stepMs} || ${JSON.stringify(ms)}::jsonb`,
      updatedAt: sql`now()`,
    })
    .where(and(at(document), unfinished))
    .returning({ id: documents.id });

/** Keeps the document for another while; no row when it is finished, gone or another version. */
export const renewLease = (db: Database, document: DocumentVersion) =>
  db
    .update(documents)
    .set({ leaseUntil: LEASE, updatedAt: sql`now()` })
    .where(and(at(document), unfinished))
    .returning({ id: documents.id });

/** The version, if somebody reads its text or will; no row when it ended before it could answer. */
export const isKept = (db: Database, { orgId, id, version }: DocumentVersion) =>
  db
    .select({ version: documentVersions.version })
    .from(documentVersions)
    .where(
      and(
        eq(documentVersions.orgId, orgId),
        eq(documentVersions.documentId, id),
        eq(documentVersions.version, version),
        sql`(${documentVersions.publishedAt} is not null or ${documentVersions.status} = 'pending')`,
      ),
    );

/** Ready, if the drafts of this version have just become chunks. */
export const markReady = (db: Database, document: DocumentVersion, ms: Record<string, number>) =>
  db
    .update(documents)
    .set({
      status: "ready",
      publishedVersion: document.version,
      leaseUntil: null,
      failureCode: null,
      failureDetail: null,
      retryable: null,
      readyAt: sql`now()`,
      updatedAt: sql`now()`,
      stepMs: sql`${documents.stepMs} || ${JSON.stringify(ms)}::jsonb`,
    })
    .where(
      and(
        at(document),
        eq(documents.status, "embedding"),
        sql`not exists (select from kalamna.chunk_drafts d where d.org_id = ${document.orgId}
                          and d.document_id = ${document.id} and d.version = ${document.version})`,
        sql`exists (select from kalamna.chunks c where c.org_id = ${document.orgId}
                      and c.document_id = ${document.id} and c.version = ${document.version})`,
      ),
    )
    .returning({ id: documents.id });
