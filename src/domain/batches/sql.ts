/** Statements about batches and their lines; in a tenant batch unless they say otherwise. */
import { and, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { type BATCH_KINDS, batches, batchItems, documents, sources } from "../../infra/db/schema.ts";
import { beginning } from "../documents/sql.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";
import type { ItemOutcome } from "./entry.ts";

export const columns = {
  id: batches.id,
  kind: batches.kind,
  status: batches.status,
  brokenOff: batches.brokenOff,
  lines: batches.lines,
  refused: batches.refused,
  createdBy: batches.createdBy,
  createdByKey: batches.createdByKey,
  createdAt: batches.createdAt,
  closedAt: batches.closedAt,
  completedAt: batches.completedAt,
};

export type NewBatch = {
  id: string;
  orgId: string;
  createdBy: string | null;
  createdByKey: string | null;
  kind: (typeof BATCH_KINDS)[number];
  idempotencyKey: string | null;
};

const one = (orgId: string, id: string) => and(eq(batches.orgId, orgId), eq(batches.id, id));

/** Nothing when the same caller has a batch with this key. */
export const insertBatch = (db: Database, row: NewBatch) =>
  db.execute(sql`
    insert into kalamna.batches (org_id, id, created_by, created_by_key, kind, idempotency_key)
    values (${row.orgId}, ${row.id}, ${row.createdBy}::uuid, ${row.createdByKey}::uuid, ${row.kind},
            ${row.idempotencyKey})
    on conflict do nothing`);

/** The batch just inserted, or the one that had the key already. */
export const findOpened = (db: Database, { orgId, id, createdBy, createdByKey, idempotencyKey }: NewBatch) =>
  db
    .select(columns)
    .from(batches)
    .where(
      and(
        eq(batches.orgId, orgId),
        sql`(${batches.id} = ${id} or (${batches.idempotencyKey} = ${idempotencyKey}::text
             and coalesce(${batches.createdBy}, ${batches.createdByKey}) = ${createdBy ?? createdByKey}::uuid))`,
      ),
    );

export const isBatch = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.batches b where b.org_id = ${orgId} and b.id = ${id})`;

export type NewItem = {
  line: number;
  fingerprint: string;
  name: string | null;
  external_id: string | null;
  outcome: ItemOutcome;
  document_id: string | null;
  source_id: string | null;
  failure_code: string | null;
  failure_detail: string | null;
};

/** What was refused before may have been taken in since. Before {@link touchBatch}: documents are locked before batches. */
export const recordItems = (db: Database, orgId: string, batchId: string, items: readonly NewItem[]) =>
  db.execute(sql`
    insert into kalamna.batch_items as i
      (org_id, batch_id, line, fingerprint, name, external_id, outcome, document_id, source_id,
       failure_code, failure_detail)
    select ${orgId}::uuid, ${batchId}::uuid, g.line, g.fingerprint, g.name, g.external_id, g.outcome,
           (select d.id from kalamna.documents d where d.org_id = ${orgId}
               and (d.id = g.document_id or d.source_id = g.source_id) limit 1),
           (select s.id from kalamna.sources s where s.org_id = ${orgId} and s.id = g.source_id), g.failure_code, g.failure_detail
      from jsonb_to_recordset(${JSON.stringify(items)}::jsonb)
        as g(line int, fingerprint text, name text, external_id text, outcome text, document_id uuid,
             source_id uuid, failure_code text, failure_detail text)
    on conflict (org_id, batch_id, line) do update
      set outcome = excluded.outcome, document_id = excluded.document_id, source_id = excluded.source_id,
          failure_code = excluded.failure_code, failure_detail = excluded.failure_detail, changed = pg_current_xact_id()
      where i.outcome = 'refused'`);

/** More lines came: counts them, and opens the batch again if it was thought to be at its end. */
export const touchBatch = (
  db: Database,
  orgId: string,
  id: string,
  more: { lines: number; refused: number },
) =>
  db
    .update(batches)
    .set({
      lines: sql`${batches.lines} + ${more.lines}`,
      refused: sql`${batches.refused} + ${more.refused}`,
      status: sql`case when ${batches.status} = 'cancelled' then 'cancelled' else 'open' end`,
      completedAt: sql`case when ${batches.status} = 'cancelled' then ${batches.completedAt} end`,
      touchedAt: sql`now()`,
    })
    .where(one(orgId, id))
    .returning({ status: batches.status });

/** No more lines; completes at the end of the transaction if nothing is left to do (migrations/0013_batches.sql). */
export const closeBatch = (db: Database, orgId: string, id: string) =>
  db
    .update(batches)
    .set({
      status: sql`case when ${batches.status} = 'open' then 'running' else ${batches.status} end`,
      closedAt: sql`now()`,
      brokenOff: false,
    })
    .where(and(one(orgId, id), sql`(${batches.status} = 'open' or ${batches.brokenOff})`));

/** What lines `from` to `to` were, when the batch was sent before. */
export const recordedLines = (db: Database, orgId: string, batchId: string, from: number, to: number) =>
  db
    .select({
      line: batchItems.line,
      fingerprint: batchItems.fingerprint,
      name: batchItems.name,
      externalId: batchItems.externalId,
      outcome: batchItems.outcome,
      documentId: batchItems.documentId,
      sourceId: batchItems.sourceId,
      failureCode: batchItems.failureCode,
      failureDetail: batchItems.failureDetail,
    })
    .from(batchItems)
    .where(
      and(
        eq(batchItems.orgId, orgId),
        eq(batchItems.batchId, batchId),
        gte(batchItems.line, from),
        lt(batchItems.line, to),
      ),
    );

export const findBatch = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(batches).where(one(orgId, id));

export const listBatches = (db: Database, orgId: string, page: Page) =>
  db
    .select(columns)
    .from(batches)
    .where(and(eq(batches.orgId, orgId), olderThan(batches, page)))
    .orderBy(...newestFirst(batches))
    .limit(page.limit + 1);

/** An address has no document before it is fetched. `deleted` also for whatever the reader may no longer see. */
const stateOfItem = sql<string>`
  case when ${batchItems.outcome} = 'refused' then 'refused'
       when ${documents.id} is not null then ${documents.status}
       when ${batchItems.sourceId} is not null and ${batchItems.failureCode} is not null then 'failed'
       when ${sources.status} in ('running', 'paused') then 'pending'
       else 'deleted' end`;

const ofItem = {
  document: and(eq(documents.orgId, batchItems.orgId), eq(documents.id, batchItems.documentId)),
  source: and(eq(sources.orgId, batchItems.orgId), eq(sources.id, batchItems.sourceId)),
};

const itemsWithDocuments = (db: Database) =>
  db
    .select({
      line: batchItems.line,
      name: batchItems.name,
      externalId: batchItems.externalId,
      outcome: batchItems.outcome,
      state: stateOfItem,
      documentId: documents.id,
      sourceId: sources.id,
      failureCode: sql<string | null>`coalesce(${batchItems.failureCode}, ${documents.failureCode})`,
      failureDetail: sql<string | null>`coalesce(${batchItems.failureDetail}, ${documents.failureDetail})`,
      changed: sql<string>`${batchItems.changed}::text`,
    })
    .from(batchItems)
    .leftJoin(documents, ofItem.document)
    .leftJoin(sources, ofItem.source)
    .$dynamic();

const itemsOf = (orgId: string, batchId: string) =>
  and(eq(batchItems.orgId, orgId), eq(batchItems.batchId, batchId));

/** By line. @param states none for all */
export const listItems = (
  db: Database,
  orgId: string,
  batchId: string,
  states: readonly string[],
  limit: number,
  after: number,
) =>
  itemsWithDocuments(db)
    .where(
      and(
        itemsOf(orgId, batchId),
        sql`${batchItems.line} > ${after}`,
        states.length === 0 ? undefined : inArray(stateOfItem, [...states]),
      ),
    )
    .orderBy(batchItems.line)
    .limit(limit + 1);

export const countItems = (db: Database, orgId: string, batchId: string) =>
  db
    .select({ state: stateOfItem, outcome: batchItems.outcome, count: sql<number>`count(*)::int` })
    .from(batchItems)
    .leftJoin(documents, ofItem.document)
    .leftJoin(sources, ofItem.source)
    .where(itemsOf(orgId, batchId))
    // By place: the expression holds parameters, which Postgres would take for others than the selected ones.
    .groupBy(sql`1`, sql`2`);

export type Position = { changed: string; line: number };

const isAfter = ({ changed, line }: Position): SQL =>
  sql`(${batchItems.changed}, ${batchItems.line}) > (${changed}::text::xid8, ${line}::int)`;

/** In the order in which things happened, up to the oldest transaction that is still at work. */
export const changedItems = (
  db: Database,
  orgId: string,
  batchId: string,
  position: Position,
  limit: number,
) =>
  itemsWithDocuments(db)
    .where(
      and(
        itemsOf(orgId, batchId),
        isAfter(position),
        sql`${batchItems.changed} < pg_snapshot_xmin(pg_current_snapshot())`,
      ),
    )
    .orderBy(batchItems.changed, batchItems.line)
    .limit(limit);

/** Is there anything after `position`, ready to be read or not? */
export const hasMoreChanges = (db: Database, orgId: string, batchId: string, position: Position) =>
  db
    .select({ line: batchItems.line })
    .from(batchItems)
    .where(and(itemsOf(orgId, batchId), isAfter(position)))
    .limit(1);

const UNFINISHED = ["pending", "extracting", "embedding"] as const;

/** Documents of the batch that the caller may change stop being read; before {@link markCancelled}. */
export const cancelDocuments = (db: Database, orgId: string, batchId: string) =>
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
    .where(
      and(
        eq(documents.orgId, orgId),
        eq(documents.batchId, batchId),
        inArray(documents.status, UNFINISHED),
        sql`kalamna.may_change(${documents.createdBy}, ${documents.createdByKey})`,
      ),
    )
    .returning({ id: documents.id });

/** Addresses of the batch that the caller may change are not visited any more. */
export const cancelSources = (db: Database, orgId: string, batchId: string) =>
  db
    .update(sources)
    .set({
      status: "failed",
      failureCode: "cancelled",
      failureDetail: "The batch was cancelled.",
      lease: null,
      leaseUntil: null,
      runAfter: null,
      finishedAt: sql`now()`,
      nextRunAt: null,
      updatedAt: sql`now()`,
    })
    .where(
      and(
        eq(sources.orgId, orgId),
        eq(sources.batchId, batchId),
        eq(sources.status, "running"),
        sql`kalamna.may_change(${sources.createdBy}, ${sources.createdByKey})`,
      ),
    );

/** No row when it had ended before. */
export const markCancelled = (db: Database, orgId: string, id: string) =>
  db
    .update(batches)
    .set({
      status: "cancelled",
      completedAt: sql`now()`,
      closedAt: sql`coalesce(${batches.closedAt}, now())`,
    })
    .where(and(one(orgId, id), inArray(batches.status, ["open", "running"])))
    .returning({ id: batches.id });

const failedOf = (orgId: string, batchId: string) =>
  and(
    eq(documents.orgId, orgId),
    eq(documents.batchId, batchId),
    eq(documents.status, "failed"),
    sql`kalamna.may_change(${documents.createdBy}, ${documents.createdByKey})`,
  );

/** Sends up to `limit` failed documents of the batch back to the start. */
export const requeueFailed = (db: Database, orgId: string, batchId: string, limit: number) => {
  const chosen = db
    .$with("chosen")
    .as(
      db
        .select({ chosenId: documents.id })
        .from(documents)
        .where(failedOf(orgId, batchId))
        .orderBy(documents.id)
        .limit(limit)
        .for("update", { skipLocked: true }),
    );
  return db
    .with(chosen)
    .update(documents)
    .set(beginning)
    .from(chosen)
    .where(and(eq(documents.orgId, orgId), eq(documents.id, chosen.chosenId)))
    .returning({ id: documents.id, version: documents.version, lane: documents.lane });
};

export const countFailed = (db: Database, orgId: string, batchId: string) =>
  db.select({ remaining: sql<number>`count(*)::int` }).from(documents).where(failedOf(orgId, batchId));

/** A batch that had ended goes on; it completes again when its documents have. */
export const markRunning = (db: Database, orgId: string, id: string) =>
  db
    .update(batches)
    .set({ status: "running", completedAt: null })
    .where(
      and(
        one(orgId, id),
        inArray(batches.status, ["completed", "cancelled"]),
        sql`exists (select from kalamna.documents d where d.org_id = ${orgId} and d.batch_id = ${id}
                       and d.status in ('pending', 'extracting', 'embedding'))`,
      ),
    );

/** For a system batch: whoever sent them went away ten minutes ago. */
export const closeBrokenOff = (db: Database) =>
  db
    .update(batches)
    .set({ status: "running", brokenOff: true, closedAt: sql`now()` })
    .where(and(eq(batches.status, "open"), sql`${batches.touchedAt} < now() - interval '10 minutes'`))
    .returning({ id: batches.id });

/** For a system batch: keys are kept for a week. */
export const forgetBatchKeys = (db: Database) =>
  db
    .update(batches)
    .set({ idempotencyKey: null })
    .where(
      and(
        sql`${batches.idempotencyKey} is not null`,
        sql`${batches.createdAt} < now() - interval '7 days'`,
        sql`${batches.touchedAt} < now() - interval '1 day'`,
      ),
    );
