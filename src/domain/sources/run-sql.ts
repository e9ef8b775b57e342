/** Statements that begin and end a run: one round through the pages of a source. */
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Access } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { sources } from "../../infra/db/schema.ts";
import type { Metadata } from "../documents/metadata.ts";
import { columns, type NewSource, seesAll } from "./sql.ts";

/** What every run begins with. */
const beginning = {
  status: "running" as const,
  run: sql`${sources.run} + 1`,
  lease: null,
  leaseUntil: null,
  runAfter: null,
  startedAt: sql`now()`,
  finishedAt: null,
  nextRunAt: null,
  failureCode: null,
  failureDetail: null,
  limitReached: false,
  updatedAt: sql`now()`,
};

/** What the uploader says about the documents; what is undefined stays. */
export type SaidLabels = {
  accessLevel: Access | undefined;
  groups: string[] | null | undefined;
  metadata: Metadata | undefined;
};

const isSaid = (labels: SaidLabels): boolean => Object.values(labels).some((value) => value !== undefined);

/** The source of the same page for the same readers, or with the same external id, that `row` was not inserted for. */
const twin = (row: NewSource): SQL =>
  row.externalId === null
    ? sql`sources.org_id = ${row.orgId} and sources.id <> ${row.id} and sources.kind = 'url'
          and sources.external_id is null and sources.url = ${row.url} and sources.access_level = ${row.accessLevel}
          and sources.groups is not distinct from ${row.groups && sql.param(row.groups)}::uuid[]`
    : sql`sources.org_id = ${row.orgId} and sources.id <> ${row.id} and sources.external_id = ${row.externalId}`;

/** Starts the twin again, with what is new about it; it may have moved to another address. */
export const restartTwin = (db: Database, row: NewSource, { accessLevel, groups, metadata }: SaidLabels) => {
  const relabels = isSaid({ accessLevel, groups, metadata });
  return db
    .update(sources)
    .set({
      ...beginning,
      url: row.url,
      lane: row.lane,
      batchId: row.batchId ?? sql`${sources.batchId}`,
      ...(row.name === null ? {} : { name: row.name }),
      ...(row.onGone === undefined ? {} : { onGone: row.onGone }),
      ...(row.refreshEvery === undefined ? {} : { refreshEvery: row.refreshEvery }),
      accessLevel,
      groups,
      metadata,
      labelsVersion: sql`${sources.labelsVersion} + ${relabels ? 1 : 0}::int`,
    })
    .where(
      sql`${row.kind} = 'url' and ${twin(row)} and (sources.status <> 'running' or sources.url <> ${row.url})
          and ${relabels ? seesAll : sql`true`}`,
    );
};

/** A twin that moved: its document goes with it. */
export const moveTwin = (db: Database, row: NewSource) =>
  db.execute(sql`
    insert into kalamna.source_pages (org_id, source_id, url, depth, run, document_id)
    select sources.org_id, sources.id, sources.url, 0, sources.run, (
             select p.document_id from kalamna.source_pages p
              where p.org_id = sources.org_id and p.source_id = sources.id and p.document_id is not null
              order by p.place limit 1)
      from kalamna.sources where ${row.kind} = 'url' and ${twin(row)} and sources.started_at = now()
    on conflict do nothing`);

export const forgetMoved = (db: Database, row: NewSource) =>
  db.execute(sql`
    delete from kalamna.source_pages p using kalamna.sources
     where ${row.kind} = 'url' and ${twin(row)} and sources.started_at = now()
       and p.org_id = sources.org_id and p.source_id = sources.id and p.url <> sources.url`);

/**
 * All known pages of a source that this very batch has started stand in line again. A page whose document somebody deleted
 * stays out, unless that somebody asks for it again (`restore`).
 */
const requeue = (db: Database, which: SQL, restore: boolean) => {
  const deleted = restore
    ? sql`false`
    : sql`(p.failure_code = 'deleted'
           or p.kind = 'page' and p.state in ('fetched', 'unchanged') and p.document_id is null)`;
  return db.execute(sql`
    update kalamna.source_pages p
       set run = sources.run, attempt = 0, not_before = null, reserved = false,
           state = case when ${deleted} then 'skipped' else 'queued' end,
           failure_code = case when ${deleted} then 'deleted' end,
           failure_detail = case when ${deleted} then 'Its document was deleted.' end,
           etag = case when p.document_id is not null then p.etag end,
           last_modified = case when p.document_id is not null then p.last_modified end,
           text_hash = case when p.document_id is not null then p.text_hash end
      from kalamna.sources
     where ${which} and sources.started_at = now() and sources.status = 'running'
       and p.org_id = sources.org_id and p.source_id = sources.id and p.run < sources.run`);
};

export const requeueTwin = (db: Database, row: NewSource) =>
  requeue(db, sql`${row.kind} = 'url' and ${twin(row)}`, true);

export const requeuePages = (db: Database, orgId: string, id: string) =>
  requeue(db, sql`sources.org_id = ${orgId} and sources.id = ${id}`, false);

/** Pages that were gone for three runs and have no document any more. */
export const forgetGone = (db: Database, orgId: string, id: string) =>
  db.execute(sql`
    delete from kalamna.source_pages p using kalamna.sources s
     where s.org_id = ${orgId} and s.id = ${id} and s.started_at = now()
       and p.org_id = s.org_id and p.source_id = s.id and p.state = 'gone' and p.document_id is null and p.misses >= 3`);

const restart = (db: Database, orgId: string, id: string, when: SQL) =>
  db
    .update(sources)
    .set({ ...beginning, lane: "ingest-bulk" })
    .where(and(eq(sources.orgId, orgId), eq(sources.id, id), when))
    .returning(columns);

/** No row while it is running or paused. */
export const restartSource = (db: Database, orgId: string, id: string) =>
  restart(db, orgId, id, inArray(sources.status, ["idle", "failed"]));

/** The same for one that has just been changed: pages that are done already must hear of it, too. */
export const restartChanged = (db: Database, orgId: string, id: string, starts: boolean) =>
  restart(db, orgId, id, sql`${starts} and ${sources.updatedAt} = now() and ${sources.status} <> 'paused'`);

/** The same for a source whose time has come. */
export const restartDue = (db: Database, orgId: string, id: string) =>
  restart(db, orgId, id, sql`${sources.nextRunAt} <= now() and ${sources.status} in ('idle', 'failed')`);
