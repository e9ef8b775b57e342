/** Statements of the documents verbs; every one runs in a tenant batch and names the organization as well. */
import { and, eq, ilike, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Access } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { chunks, type DocumentStatus, documents } from "../../infra/db/schema.ts";
import type { Lane } from "../../infra/jobs/port.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";
import type { Metadata } from "./metadata.ts";

/** What a reader is told about a document. */
export const columns = {
  id: documents.id,
  name: documents.name,
  title: documents.title,
  contentType: documents.contentType,
  bytes: documents.bytes,
  sha256: documents.sha256,
  accessLevel: documents.accessLevel,
  groups: documents.groups,
  metadata: documents.metadata,
  status: documents.status,
  failureCode: documents.failureCode,
  failureDetail: documents.failureDetail,
  retryable: documents.retryable,
  version: documents.version,
  attempt: documents.attempt,
  pages: documents.pages,
  characters: documents.characters,
  chunks: documents.chunks,
  tokens: documents.tokens,
  stepMs: documents.stepMs,
  createdBy: documents.createdBy,
  createdAt: documents.createdAt,
  updatedAt: documents.updatedAt,
  readyAt: documents.readyAt,
  lane: documents.lane,
  externalId: documents.externalId,
  url: documents.url,
  sourceId: documents.sourceId,
  batchId: documents.batchId,
  publishedVersion: documents.publishedVersion,
  reused: documents.reused,
  embedded: documents.embedded,
};

export type NewDocument = {
  id: string;
  orgId: string;
  name: string;
  contentType: string;
  bytes: number;
  sha256: string;
  accessLevel: Access;
  /** Null for everybody whom the access level lets in. */
  groups: readonly string[] | null;
  metadata: Metadata;
  createdBy: string | null;
  /** The API key that uploaded it, and may change it. */
  createdByKey?: string | null;
  lane?: Lane;
  externalId?: string | null;
  url?: string | null;
  sourceId?: string | null;
  batchId?: string | null;
  /** Do not insert: it is known to be there. */
  unless?: boolean;
};

/**
 * Inserts unless the reader already sees a document with the same bytes. One with an identity of its own (an external
 * id, an address) is a document whatever its bytes.
 */
export const insertDocument = (db: Database, row: NewDocument) =>
  db.execute(sql`
    insert into kalamna.documents (id, org_id, name, content_type, bytes, sha256, access_level, groups, metadata,
                                   created_by, created_by_key, lane, external_id, url, source_id, batch_id)
    select ${row.id}, ${row.orgId}, ${row.name}, ${row.contentType}, ${row.bytes}::bigint, ${row.sha256},
           ${row.accessLevel}, ${row.groups && sql.param(row.groups)}::uuid[], ${JSON.stringify(row.metadata)}::jsonb, ${row.createdBy}::uuid,
           ${row.createdByKey ?? null}::uuid, ${row.lane ?? "ingest"}, ${row.externalId ?? null}, ${row.url ?? null},
           ${row.sourceId ?? null}::uuid, ${row.batchId ?? null}::uuid
     where not ${row.unless ?? false} and (
           ${row.externalId ?? row.url ?? null}::text is not null
           or not exists (select from kalamna.documents d where d.org_id = ${row.orgId} and d.sha256 = ${row.sha256}))
    on conflict do nothing`);

/** Which document somebody means. */
export type Identity = { id: string } | { externalId: string };

const is = (which: Identity | undefined): SQL =>
  which === undefined
    ? sql`false`
    : "id" in which
      ? eq(documents.id, which.id)
      : eq(documents.externalId, which.externalId);

/** Other bytes for a document: the next version, on its way whatever became of the last one. No row when they are the same. */
export const replaceBytes = (
  db: Database,
  orgId: string,
  which: Identity | undefined,
  next: Pick<NewDocument, "name" | "contentType" | "bytes" | "sha256"> & {
    lane: Lane;
    batchId: string | null;
    metadata: Metadata | undefined;
  },
) =>
  db
    .update(documents)
    .set({
      ...next,
      ...beginning,
      batchId: next.batchId ?? sql`${documents.batchId}`,
    })
    .where(and(eq(documents.orgId, orgId), is(which), sql`${documents.sha256} <> ${next.sha256}`))
    .returning(columns);

export const findIdentified = (db: Database, orgId: string, which: Identity) =>
  db
    .select(columns)
    .from(documents)
    .where(and(eq(documents.orgId, orgId), is(which)));

/** The document just inserted, or the one that had the identity already. */
export const findRegistered = (db: Database, orgId: string, id: string, which: Identity | undefined) =>
  db
    .select(columns)
    .from(documents)
    .where(and(eq(documents.orgId, orgId), or(eq(documents.id, id), is(which))));

export const findBySha256 = (db: Database, orgId: string, sha256: string) =>
  db
    .select(columns)
    .from(documents)
    .where(and(eq(documents.orgId, orgId), eq(documents.sha256, sha256)))
    .orderBy(documents.createdAt, documents.id)
    .limit(1);

export const one = (orgId: string, id: string) => and(eq(documents.orgId, orgId), eq(documents.id, id));

export const findDocument = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(documents).where(one(orgId, id));

/** As {@link LookupInput} asks; the keys are the API's. */
export const findByExternalIds = (db: Database, orgId: string, externalIds: readonly string[]) =>
  db
    .select({
      external_id: documents.externalId,
      id: documents.id,
      sha256: documents.sha256,
      version: documents.version,
      status: documents.status,
      failureCode: documents.failureCode,
      failureDetail: documents.failureDetail,
      retryable: documents.retryable,
    })
    .from(documents)
    .where(
      and(
        eq(documents.orgId, orgId),
        sql`${documents.externalId} = any(${sql.param([...externalIds])}::text[])`,
      ),
    );

/** Its name or title has this in it, whatever LIKE makes of it. */
const isNamed = (part: string) => {
  const pattern = `%${part.replace(/[\\%_]/g, "\\$&")}%`;
  return or(ilike(documents.name, pattern), ilike(documents.title, pattern));
};

export type DocumentFilter = { status?: DocumentStatus | undefined; name?: string | undefined };

export const listDocuments = (db: Database, orgId: string, page: Page, { status, name }: DocumentFilter) =>
  db
    .select(columns)
    .from(documents)
    .where(
      and(
        eq(documents.orgId, orgId),
        status && eq(documents.status, status),
        name ? isNamed(name) : undefined,
        olderThan(documents, page),
      ),
    )
    .orderBy(...newestFirst(documents))
    .limit(page.limit + 1);

export const listChunks = (db: Database, orgId: string, documentId: string, limit: number, after: number) =>
  db
    .select({
      id: chunks.id,
      ordinal: chunks.ordinal,
      start: chunks.startOffset,
      end: chunks.endOffset,
      page: chunks.page,
      heading: chunks.heading,
      content: chunks.content,
      tokens: chunks.tokens,
      version: chunks.version,
    })
    .from(chunks)
    .where(and(eq(chunks.orgId, orgId), eq(chunks.documentId, documentId), sql`${chunks.ordinal} > ${after}`))
    .orderBy(chunks.ordinal)
    .limit(limit + 1);

/**
 * Waits for whoever else changes readers or publishes. A statement of its own: {@link moveAudience} must see the document
 * as they leave it, or its passages keep an audience that the document no longer has.
 */
export const awaitAudience = (db: Database, changes: boolean) =>
  db.execute(sql`select kalamna.hold_statistics() where ${changes}`);

/** Gives the passages of a document that the caller may change their new readers; before `relabel` touches its row. */
export const moveAudience = (
  db: Database,
  orgId: string,
  id: string,
  level: Access | undefined,
  groups: readonly string[] | null | undefined,
) =>
  db.execute(sql`
    select kalamna.reaccess_document(
             d.id, ${level === undefined ? sql`d.access` : sql`${level === "internal" ? 1 : 0}::smallint`},
             ${groups === undefined ? sql`d.groups` : sql`${groups && sql.param(groups)}::uuid[]`})
      from kalamna.documents d
     where d.org_id = ${orgId} and d.id = ${id} and ${level !== undefined || groups !== undefined}
       and kalamna.may_change(d.created_by, d.created_by_key)`);

/** Takes the passages of a document that the caller may change out of the index; in a batch after {@link awaitAudience}. */
export const withdraw = (db: Database, orgId: string, id: string, now: boolean) =>
  db.execute(sql`
    select kalamna.unindex_document(d.id) from kalamna.documents d
     where d.org_id = ${orgId} and d.id = ${id} and ${now} and kalamna.may_change(d.created_by, d.created_by_key)`);

export type Labels = {
  name?: string | undefined;
  metadata?: Metadata | undefined;
  accessLevel?: Access | undefined;
  groups?: string[] | null | undefined;
  /** Null: no version answers any more. */
  publishedVersion?: null | undefined;
};

/** What is undefined stays; no row for a document that the caller may not change. */
export const relabel = (db: Database, orgId: string, id: string, labels: Labels) =>
  db
    .update(documents)
    .set({ ...labels, updatedAt: sql`now()` })
    .where(one(orgId, id))
    .returning(columns);

/**
 * Another name for a document without a title of its own: the index knows it by its name, so it is read again. One that
 * nobody has begun to read learns the name anyway, and a failed one does not get better by it.
 */
export const rereadRenamed = (db: Database, orgId: string, id: string, name: string | undefined) =>
  db
    .update(documents)
    .set(beginning)
    .where(
      and(
        one(orgId, id),
        sql`${documents.name} <> ${name ?? null}::text`,
        isNull(documents.title),
        inArray(documents.status, ["extracting", "embedding", "ready"]),
      ),
    )
    .returning({ id: documents.id });

/** Condition for the audit log: the caller may change this document. */
export const mayChange = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.documents d where d.org_id = ${orgId} and d.id = ${id}
                and kalamna.may_change(d.created_by, d.created_by_key))`;

/** Condition for the audit log. */
export const isDocument = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.documents d where d.org_id = ${orgId} and d.id = ${id})`;

/** Condition for the audit log: it was deleted, or never there. */
export const isGone = (orgId: string, id: string): SQL => sql`not ${isDocument(orgId, id)}`;

/** What every version starts with. */
export const beginning = {
  status: "pending" as const,
  version: sql`${documents.version} + 1`,
  failureCode: null,
  failureDetail: null,
  retryable: null,
  attempt: 0,
  leaseUntil: null,
  runAfter: null,
  deadlineAt: sql`now() + interval '1 hour'`,
  updatedAt: sql`now()`,
};

/** A finished document goes back to the start as a new version; no row while it is still being read. */
export const restart = (db: Database, orgId: string, id: string, lane?: Lane, batchId?: string) =>
  db
    .update(documents)
    .set({ ...beginning, ...(lane && { lane }), ...(batchId && { batchId }) })
    .where(and(one(orgId, id), inArray(documents.status, ["ready", "failed"])))
    .returning(columns);

/** Condition for the audit log: this very batch has given a document that was there before these bytes. */
export const isReplaced = (orgId: string, which: Identity, sha256: string): SQL =>
  sql`exists (select from ${documents}
               where ${documents.orgId} = ${orgId} and ${is(which)} and ${documents.sha256} = ${sha256}
                 and ${documents.updatedAt} = now() and ${documents.version} > 1)`;

/** Condition for the audit log: this very batch has sent the document back to the start. */
export const isRestarted = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.documents d
               where d.org_id = ${orgId} and d.id = ${id} and d.updated_at = now())`;
