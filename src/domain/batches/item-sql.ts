/** Statements about the lines of batches; in a tenant batch. */
import { and, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { batchItems, documents, sources } from "../../infra/db/schema.ts";
import type { ItemOutcome } from "./entry.ts";
import { isBatch } from "./sql.ts";

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

/** Before {@link recordItems}, whose foreign keys would lock these in the order of their lines. */
export const holdNoted = (db: Database, orgId: string, items: readonly NewItem[]) => {
  const ids = items.flatMap(({ document_id }) => document_id ?? []);
  return db.execute(sql`
    select from kalamna.documents d where d.org_id = ${orgId} and d.id = any (${sql.param(ids)}::uuid[])
     order by d.id for key share`);
};

/**
 * What was refused before may have been taken in since; nothing where the batch has been deleted. Before {@link touchBatch}:
 * documents are locked before batches.
 */
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
     where ${isBatch(orgId, batchId)}
    on conflict (org_id, batch_id, line) do update
      set outcome = excluded.outcome, document_id = excluded.document_id, source_id = excluded.source_id,
          failure_code = excluded.failure_code, failure_detail = excluded.failure_detail, changed = pg_current_xact_id()
      where i.outcome = 'refused'`);

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
