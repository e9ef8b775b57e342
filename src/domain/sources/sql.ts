/** Statements of the sources verbs; who may see and change a source, row level security says. */
import { and, asc, eq, gt, type SQL, sql } from "drizzle-orm";
import type { Access } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import {
  type PageState,
  type SourceKind,
  type SourceSettings,
  sourcePages,
  sources,
} from "../../infra/db/schema.ts";
import type { Lane } from "../../infra/jobs/port.ts";
import type { Metadata } from "../documents/metadata.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";

/** What a reader is told about a source. */
export const columns = {
  id: sources.id,
  kind: sources.kind,
  url: sources.url,
  name: sources.name,
  externalId: sources.externalId,
  batchId: sources.batchId,
  settings: sources.settings,
  onGone: sources.onGone,
  refreshEvery: sources.refreshEvery,
  accessLevel: sources.accessLevel,
  groups: sources.groups,
  metadata: sources.metadata,
  status: sources.status,
  failureCode: sources.failureCode,
  failureDetail: sources.failureDetail,
  run: sources.run,
  lane: sources.lane,
  limitReached: sources.limitReached,
  createdBy: sources.createdBy,
  createdAt: sources.createdAt,
  startedAt: sources.startedAt,
  finishedAt: sources.finishedAt,
  nextRunAt: sources.nextRunAt,
  pages: sql<Partial<Record<PageState, number>> | null>`(
    select jsonb_object_agg(x.state, x.n) from (
      select p.state, count(*)::int as n from kalamna.source_pages p
       where p.org_id = sources.org_id and p.source_id = sources.id and p.kind = 'page' group by 1) x)`,
  documentId: sql<string | null>`(
    select d.id from kalamna.source_pages p join kalamna.documents d on d.org_id = p.org_id and d.id = p.document_id
     where p.org_id = sources.org_id and p.source_id = sources.id order by p.place limit 1)`,
};

export const pageColumns = {
  url: sourcePages.url,
  place: sourcePages.place,
  kind: sourcePages.kind,
  state: sourcePages.state,
  failureCode: sourcePages.failureCode,
  failureDetail: sourcePages.failureDetail,
  depth: sourcePages.depth,
  documentId: sourcePages.documentId,
  attempt: sourcePages.attempt,
  checkedAt: sourcePages.checkedAt,
  changedAt: sourcePages.changedAt,
};

export type NewSource = {
  id: string;
  orgId: string;
  kind: SourceKind;
  url: string;
  name: string | null;
  externalId: string | null;
  batchId: string | null;
  settings: SourceSettings;
  onGone: "keep" | "delete" | undefined;
  refreshEvery: number | null | undefined;
  accessLevel: Access;
  groups: readonly string[] | null;
  metadata: Metadata;
  createdBy: string | null;
  createdByKey: string | null;
  lane: Lane;
};

/** Nothing happens when the same page is a source for the same readers already, or the external id has one. */
export const insertSource = (db: Database, row: NewSource) =>
  db.execute(sql`
    insert into kalamna.sources (id, org_id, kind, url, name, external_id, batch_id, settings, on_gone, refresh_every,
                                 access_level, groups, metadata, created_by, created_by_key, lane)
    values (${row.id}, ${row.orgId}, ${row.kind}, ${row.url}, ${row.name}, ${row.externalId}, ${row.batchId}::uuid,
            ${JSON.stringify(row.settings)}::jsonb, ${row.onGone ?? "keep"}, ${row.refreshEvery ?? null}::int,
            ${row.accessLevel}, ${row.groups && sql.param(row.groups)}::uuid[], ${JSON.stringify(row.metadata)}::jsonb,
            ${row.createdBy}::uuid, ${row.createdByKey}::uuid, ${row.lane})
    on conflict do nothing`);

/** The source just inserted, or the one that was there. */
export const findInserted = (db: Database, row: NewSource) =>
  db
    .select(columns)
    .from(sources)
    .where(
      and(
        eq(sources.orgId, row.orgId),
        sql`(${sources.id} = ${row.id} or ${row.kind} = 'url' and ${sources.kind} = 'url' and (
          ${sources.externalId} = ${row.externalId}
          or ${row.externalId}::text is null and ${sources.externalId} is null and ${sources.url} = ${row.url}
             and ${sources.accessLevel} = ${row.accessLevel}
             and ${sources.groups} is not distinct from ${row.groups && sql.param(row.groups)}::uuid[]))`,
      ),
    );

const one = (orgId: string, id: string) => and(eq(sources.orgId, orgId), eq(sources.id, id));

export const findSource = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(sources).where(one(orgId, id));

export type SourceFilter = { kind?: SourceKind | undefined; batchId?: string | undefined };

export const listSources = (db: Database, orgId: string, page: Page, { kind, batchId }: SourceFilter) =>
  db
    .select(columns)
    .from(sources)
    .where(
      and(
        eq(sources.orgId, orgId),
        kind && eq(sources.kind, kind),
        batchId === undefined ? undefined : eq(sources.batchId, batchId),
        olderThan(sources, page),
      ),
    )
    .orderBy(...newestFirst(sources))
    .limit(page.limit + 1);

/** In the order in which they were found. */
export const listPages = (
  db: Database,
  orgId: string,
  sourceId: string,
  { limit, after, state }: { limit: number; after: number; state: PageState | undefined },
) =>
  db
    .select(pageColumns)
    .from(sourcePages)
    .where(
      and(
        eq(sourcePages.orgId, orgId),
        eq(sourcePages.sourceId, sourceId),
        state && eq(sourcePages.state, state),
        gt(sourcePages.place, after),
      ),
    )
    .orderBy(asc(sourcePages.place))
    .limit(limit + 1);

/**
 * Where a source begins, if it has just been inserted. A sitemap begins with itself, or with the site's robots.txt: the
 * site's own address is that of a page, which a sitemap may list.
 */
export const insertBeginning = (db: Database, row: NewSource) =>
  db.execute(sql`
    insert into kalamna.source_pages (org_id, source_id, url, kind, depth, run)
    select s.org_id, s.id, case when s.kind = 'sitemap' and s.url ~ '^https?://[^/]+/$' then s.url || 'robots.txt' else s.url end,
           case s.kind when 'sitemap' then 'sitemap' else 'page' end, 0, s.run
      from kalamna.sources s where s.org_id = ${row.orgId} and s.id = ${row.id}
    on conflict do nothing`);

/** Condition for the audit log. */
export const isSource = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.sources s where s.org_id = ${orgId} and s.id = ${id})`;

/** Condition for the audit log: it was deleted, or never there. */
export const isGone = (orgId: string, id: string): SQL => sql`not ${isSource(orgId, id)}`;

/** Condition for the audit log: this very batch has changed it. */
export const isTouched = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.sources s
               where s.org_id = ${orgId} and s.id = ${id} and s.updated_at = now())`;

/** The caller sees every document of the source: what somebody has hidden from them, new labels must not show them. */
export const seesAll: SQL = sql`not exists (
  select from kalamna.source_pages p
   where p.org_id = sources.org_id and p.source_id = sources.id and p.document_id is not null
     and not exists (select from kalamna.documents d where d.org_id = p.org_id and d.id = p.document_id))`;

/** What people may change; what is undefined stays. `reach` is merged into the settings. */
export type Changes = {
  name?: string | null | undefined;
  refresh_every?: number | null | undefined;
  on_gone?: "keep" | "delete" | undefined;
  access_level?: Access | undefined;
  groups?: string[] | null | undefined;
  metadata?: Metadata | undefined;
};

/** No row for a source that the caller may not change, for a reach of a single address, or for labels of {@link seesAll}. */
export const changeSource = (
  db: Database,
  orgId: string,
  id: string,
  { name, refresh_every, on_gone, access_level, groups, metadata }: Changes,
  reach: SourceSettings,
) => {
  const relabels = access_level !== undefined || groups !== undefined || metadata !== undefined;
  return db
    .update(sources)
    .set({
      name,
      onGone: on_gone,
      accessLevel: access_level,
      groups,
      metadata,
      settings: sql`${sources.settings} || ${JSON.stringify(reach)}::jsonb`,
      ...(relabels ? { labelsVersion: sql`${sources.labelsVersion} + 1` } : {}),
      ...(refresh_every === undefined
        ? {}
        : {
            refreshEvery: refresh_every,
            nextRunAt: sql`case when ${sources.status} in ('idle', 'failed')
                             then now() + ${refresh_every}::int * interval '1 minute' end`,
          }),
      updatedAt: sql`now()`,
    })
    .where(
      and(
        one(orgId, id),
        Object.keys(reach).length > 0 ? sql`${sources.kind} <> 'url'` : undefined,
        relabels ? seesAll : undefined,
      ),
    )
    .returning({ id: sources.id });
};

/** No row when it is paused already. */
export const pauseSource = (db: Database, orgId: string, id: string) =>
  db
    .update(sources)
    .set({ status: "paused", lease: null, leaseUntil: null, nextRunAt: null, updatedAt: sql`now()` })
    .where(and(one(orgId, id), sql`${sources.status} <> 'paused'`))
    .returning(columns);

/** No row unless it is paused. */
export const resumeSource = (db: Database, orgId: string, id: string) =>
  db
    .update(sources)
    .set({
      status: sql`case when exists (
                    select from kalamna.source_pages p
                     where p.org_id = sources.org_id and p.source_id = sources.id and p.state = 'queued')
                  then 'running' when coalesce(${sources.failureCode}, 'forbidden') = 'forbidden' then 'idle' else 'failed' end`,
      // Whoever resumes it vouches for it (0025_owners.sql).
      failureCode: sql`nullif(${sources.failureCode}, 'forbidden')`,
      failureDetail: sql`case when ${sources.failureCode} <> 'forbidden' then ${sources.failureDetail} end`,
      nextRunAt: sql`case when not exists (
                    select from kalamna.source_pages p
                     where p.org_id = sources.org_id and p.source_id = sources.id and p.state = 'queued')
                  then now() + ${sources.refreshEvery} * interval '1 minute' end`,
      updatedAt: sql`now()`,
    })
    .where(and(one(orgId, id), eq(sources.status, "paused")))
    .returning(columns);

/** Its pages go with it; its documents lose their source. */
export const deleteSource = (db: Database, orgId: string, id: string) =>
  db.delete(sources).where(one(orgId, id)).returning({ id: sources.id });
