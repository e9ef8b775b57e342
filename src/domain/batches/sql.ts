/** Statements about batches and their documents; in a tenant batch unless they say otherwise. Lines: item-sql.ts. */
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { type BATCH_KINDS, batches, documents, sources } from "../../infra/db/schema.ts";
import { beginning } from "../documents/sql.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";

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

export const findBatch = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(batches).where(one(orgId, id));

export const listBatches = (db: Database, orgId: string, page: Page) =>
  db
    .select(columns)
    .from(batches)
    .where(and(eq(batches.orgId, orgId), olderThan(batches, page)))
    .orderBy(...newestFirst(batches))
    .limit(page.limit + 1);

const UNFINISHED = ["pending", "extracting", "embedding"] as const;

/** Rows of the batch that the caller may change, held in the order in which everybody locks several. */
const chosenOf = (
  db: Database,
  table: typeof documents | typeof sources,
  orgId: string,
  batchId: string,
  unfinished: SQL,
) =>
  db.$with("chosen").as(
    db
      .select({ chosenId: table.id })
      .from(table)
      .where(
        and(
          eq(table.orgId, orgId),
          eq(table.batchId, batchId),
          unfinished,
          sql`kalamna.may_change(${table.createdBy}, ${table.createdByKey})`,
        ),
      )
      .orderBy(table.id)
      // As strictly as the update will, and not more: lines about them come in meanwhile.
      .for("no key update"),
  );

/** Documents of the batch that the caller may change stop being read. */
export const cancelDocuments = (db: Database, orgId: string, batchId: string) => {
  const chosen = chosenOf(db, documents, orgId, batchId, inArray(documents.status, UNFINISHED));
  return db
    .with(chosen)
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
    .from(chosen)
    .where(and(eq(documents.orgId, orgId), eq(documents.id, chosen.chosenId)))
    .returning({ id: documents.id });
};

/** Addresses of the batch that the caller may change are not visited any more; before {@link cancelDocuments}. */
export const cancelSources = (db: Database, orgId: string, batchId: string) => {
  const chosen = chosenOf(db, sources, orgId, batchId, eq(sources.status, "running"));
  return db
    .with(chosen)
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
    .from(chosen)
    .where(and(eq(sources.orgId, orgId), eq(sources.id, chosen.chosenId)));
};

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

/** Without those that somebody holds: the sweeper waits for nobody, so nobody waits for it in a circle. */
const unheld = (db: Database, which: SQL | undefined) =>
  db
    .$with("chosen")
    .as(
      db
        .select({ chosenId: batches.id })
        .from(batches)
        .where(which)
        .for("no key update", { skipLocked: true }),
    );

/** For a system batch: whoever sent them went away ten minutes ago. */
export const closeBrokenOff = (db: Database) => {
  const chosen = unheld(
    db,
    and(eq(batches.status, "open"), sql`${batches.touchedAt} < now() - interval '10 minutes'`),
  );
  return db
    .with(chosen)
    .update(batches)
    .set({ status: "running", brokenOff: true, closedAt: sql`now()` })
    .from(chosen)
    .where(eq(batches.id, chosen.chosenId))
    .returning({ id: batches.id });
};

/** For a system batch: keys are kept for a week. */
export const forgetBatchKeys = (db: Database) => {
  const chosen = unheld(
    db,
    and(
      sql`${batches.idempotencyKey} is not null`,
      sql`${batches.createdAt} < now() - interval '7 days'`,
      sql`${batches.touchedAt} < now() - interval '1 day'`,
    ),
  );
  return db
    .with(chosen)
    .update(batches)
    .set({ idempotencyKey: null })
    .from(chosen)
    .where(eq(batches.id, chosen.chosenId));
};
