/** Statements of a run's steps. Each names the lease it works under: whoever lost it changes nothing. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { type PageState, sourceHosts, sourcePages, sources } from "../../infra/db/schema.ts";
import type { NewSource } from "./sql.ts";

/** Longer than one page may take; a crashed consumer's source is free again after it. */
const LEASE = sql`now() + interval '3 minutes'`;

export type SourceRun = { orgId: string; id: string; run: number };
export type HeldRun = SourceRun & { lease: string };

/** What a step knows of its source. */
export const stepColumns = {
  id: sources.id,
  orgId: sources.orgId,
  kind: sources.kind,
  url: sources.url,
  name: sources.name,
  externalId: sources.externalId,
  batchId: sources.batchId,
  settings: sources.settings,
  onGone: sources.onGone,
  accessLevel: sources.accessLevel,
  groups: sources.groups,
  metadata: sources.metadata,
  labelsVersion: sources.labelsVersion,
  createdBy: sources.createdBy,
  createdByKey: sources.createdByKey,
  lane: sources.lane,
  run: sources.run,
  startedAt: sources.startedAt,
};

const at = ({ orgId, id, run }: SourceRun) =>
  and(eq(sources.orgId, orgId), eq(sources.id, id), eq(sources.run, run), eq(sources.status, "running"));
const held = (source: HeldRun) => and(at(source), eq(sources.lease, source.lease));
/** The same as a condition of another table's statement. */
const isHeld = ({ orgId, id, run, lease }: HeldRun): SQL =>
  sql`exists (select from kalamna.sources s where s.org_id = ${orgId} and s.id = ${id} and s.run = ${run}::int
                and s.status = 'running' and s.lease = ${lease}::uuid)`;

/** Takes a run to work on; no row when it is over, paused, another run or leased. */
export const claim = (db: Database, source: HeldRun) =>
  db
    .update(sources)
    .set({ lease: source.lease, leaseUntil: LEASE, runAfter: null, updatedAt: sql`now()` })
    .where(and(at(source), sql`(lease_until is null or lease_until < now())`))
    .returning(stepColumns);

export const isRunning = (db: Database, source: SourceRun) =>
  db.select({ id: sources.id }).from(sources).where(at(source));

/** No row: the lease is lost, the run paused or the source gone. */
export const hold = (db: Database, source: HeldRun) =>
  db
    .update(sources)
    .set({ leaseUntil: LEASE, updatedAt: sql`now()` })
    .where(held(source))
    .returning({ id: sources.id });

export type NextPage = {
  url: string;
  kind: "page" | "sitemap";
  depth: number;
  attempt: number;
  misses: number;
  reserved: boolean;
  document_id: string | null;
  etag: string | null;
  last_modified: string | null;
  text_hash: string | null;
  labels_version: number;
  was_known: boolean;
};

/** The page whose turn it is. Its reservation is used up, so that a page that kills its consumer is counted again. */
export const takePage = (db: Database, source: HeldRun) =>
  db.execute<NextPage>(sql`
    with next as (
      select p.ctid as at, p.reserved from kalamna.source_pages p
       where p.org_id = ${source.orgId} and p.source_id = ${source.id} and p.state = 'queued'
         and (p.not_before is null or p.not_before <= now()) and ${isHeld(source)}
       order by p.depth, p.place limit 1)
    update kalamna.source_pages p set reserved = false
      from next where p.ctid = next.at
    returning p.url, p.kind, p.depth, p.attempt, p.misses, next.reserved, p.document_id, p.etag, p.last_modified,
              p.text_hash, p.labels_version, p.checked_at is not null as was_known`);

/** How many pages wait, and for how many seconds the first of them. */
export const waiting = (db: Database, { orgId, id }: SourceRun) =>
  db.execute<{ pages: number; seconds: number | null }>(sql`
    select count(*)::int as pages,
           greatest(0, extract(epoch from min(coalesce(p.not_before, now())) - now()))::float8 as seconds
      from kalamna.source_pages p
     where p.org_id = ${orgId} and p.source_id = ${id} and p.state = 'queued'`);

export const findHost = (db: Database, orgId: string, origin: string) =>
  db
    .select({
      robots: sourceHosts.robots,
      robotsStatus: sourceHosts.robotsStatus,
      robotsAt: sourceHosts.robotsAt,
    })
    .from(sourceHosts)
    .where(and(eq(sourceHosts.orgId, orgId), eq(sourceHosts.origin, origin)));

export const saveRobots = (
  db: Database,
  orgId: string,
  origin: string,
  robots: { text: string | null; status: number | null },
) =>
  db.execute(sql`
    insert into kalamna.source_hosts (org_id, origin, robots, robots_status, robots_at)
    values (${orgId}, ${origin}, ${robots.text}, ${robots.status}::int, now())
    on conflict (org_id, origin) do update
      set robots = excluded.robots, robots_status = excluded.robots_status, robots_at = excluded.robots_at`);

/** The next turn at a host, which is then taken: all sources of the organization share one line. */
export const reserveTurn = (db: Database, orgId: string, origin: string, paceMs: number) =>
  db.execute<{ wait_ms: number }>(sql`
    insert into kalamna.source_hosts as h (org_id, origin, next_at)
    values (${orgId}, ${origin}, now() + ${paceMs}::int * interval '1 ms')
    on conflict (org_id, origin) do update
      set next_at = greatest(h.next_at, now()) + ${paceMs}::int * interval '1 ms'
    returning greatest(0, extract(epoch from h.next_at - now()) * 1000 - ${paceMs}::int)::float8 as wait_ms`);

const thisPage = (source: HeldRun, url: string) =>
  and(
    eq(sourcePages.orgId, source.orgId),
    eq(sourcePages.sourceId, source.id),
    eq(sourcePages.url, url),
    isHeld(source),
  );

export const countAttempt = (db: Database, source: HeldRun, url: string) =>
  db
    .update(sourcePages)
    .set({ attempt: sql`${sourcePages.attempt} + 1` })
    .where(thisPage(source, url));

/** Its turn at the host comes later. */
export const awaitTurn = (db: Database, source: HeldRun, url: string, waitMs: number) =>
  db
    .update(sourcePages)
    .set({ notBefore: sql`now() + ${Math.ceil(waitMs)}::int * interval '1 ms'`, reserved: true })
    .where(thisPage(source, url));

/** It will be tried again; until then the reason is there to see. */
export const postponePage = (
  db: Database,
  source: HeldRun,
  url: string,
  { code, detail, seconds }: { code: string; detail: string; seconds: number },
) =>
  db
    .update(sourcePages)
    .set({
      notBefore: sql`now() + ${Math.ceil(seconds)}::int * interval '1 second'`,
      failureCode: code,
      failureDetail: detail,
    })
    .where(thisPage(source, url));

/** How a visit ended; what is undefined stays. */
export type Ending = {
  state: Exclude<PageState, "queued">;
  code?: string;
  detail?: string;
  documentId?: string | null;
  etag?: string | null;
  lastModified?: string | null;
  textHash?: string | null;
  labelsVersion?: number;
  misses?: number;
};

export const endPage = (db: Database, source: HeldRun, url: string, ending: Ending) => {
  const { state, code, detail, documentId, etag, lastModified, textHash, labelsVersion, misses } = ending;
  return db
    .update(sourcePages)
    .set({
      state,
      failureCode: code ?? null,
      failureDetail: detail?.slice(0, 500) ?? null,
      documentId,
      etag,
      lastModified,
      textHash,
      labelsVersion,
      misses: misses ?? 0,
      notBefore: null,
      reserved: false,
      checkedAt: sql`now()`,
      ...(state === "fetched" ? { changedAt: sql`now()` } : {}),
    })
    .where(and(thisPage(source, url), eq(sourcePages.state, "queued")));
};

/** Pages found, in their order, as far as there is room; those that are known already stay as they are. */
export const addPages = (
  db: Database,
  source: HeldRun,
  found: { urls: readonly string[]; kind: "page" | "sitemap"; depth: number; limit: number },
) =>
  db.execute(sql`
    with pages as materialized (
      select p.url, p.kind from kalamna.source_pages p where p.org_id = ${source.orgId} and p.source_id = ${source.id}),
    known as (select count(*) as pages from pages where pages.kind = ${found.kind}),
    fresh as (
      select x.url, x.n from jsonb_array_elements_text(${JSON.stringify(found.urls)}::jsonb) with ordinality x (url, n)
       -- NOT IN is one hash table; NOT EXISTS compares row by row as long as the table is new to the planner.
       where ${isHeld(source)} and x.url not in (select pages.url from pages)),
    added as (
      insert into kalamna.source_pages (org_id, source_id, url, kind, depth, run)
      select ${source.orgId}, ${source.id}, fresh.url, ${found.kind}, ${found.depth}::smallint, ${source.run}::int
        from fresh order by fresh.n
       limit greatest(0, ${found.limit}::int - (select pages from known))
      on conflict do nothing)
    update kalamna.sources s set limit_reached = true
     where s.org_id = ${source.orgId} and s.id = ${source.id} and s.lease = ${source.lease}::uuid
       and (select pages from known) + (select count(*) from fresh) > ${found.limit}::int`);

/** The document of a page becomes that of another, which is still to be visited and has none. */
export const handOver = (db: Database, source: HeldRun, from: string, to: string) =>
  db.execute(sql`
    with old as (
      select p.document_id, p.labels_version from kalamna.source_pages p
       where p.org_id = ${source.orgId} and p.source_id = ${source.id} and p.url = ${from}
         and p.document_id is not null and ${isHeld(source)}),
    heir as (
      update kalamna.source_pages p set document_id = old.document_id, labels_version = old.labels_version
        from old
       where p.org_id = ${source.orgId} and p.source_id = ${source.id} and p.url = ${to}
         and p.document_id is null and p.state = 'queued'
      returning 1)
    update kalamna.source_pages p set document_id = null
     where p.org_id = ${source.orgId} and p.source_id = ${source.id} and p.url = ${from}
       and exists (select from heir)`);

/** Which other page of the source has this very text in a document? */
export const findSameText = (db: Database, source: HeldRun, url: string, textHash: string) =>
  db
    .select({ url: sourcePages.url })
    .from(sourcePages)
    .where(
      and(
        eq(sourcePages.orgId, source.orgId),
        eq(sourcePages.sourceId, source.id),
        eq(sourcePages.textHash, textHash),
        sql`${sourcePages.url} <> ${url} and ${sourcePages.documentId} is not null`,
      ),
    )
    .limit(1);

export const findPage = (db: Database, { orgId, id }: SourceRun, url: string) =>
  db
    .select({ state: sourcePages.state, documentId: sourcePages.documentId })
    .from(sourcePages)
    .where(and(eq(sourcePages.orgId, orgId), eq(sourcePages.sourceId, id), eq(sourcePages.url, url)));

/** The document of a page that a step uploaded and then could not note down. */
export const findDocumentOf = (db: Database, { orgId, id }: SourceRun, url: string) =>
  db.execute<{ id: string }>(sql`
    select d.id from kalamna.documents d where d.org_id = ${orgId} and d.source_id = ${id} and d.url = ${url}`);

/** The document with the source's external id, unless whoever added the source may change it. */
export const findTaken = (
  db: Database,
  {
    orgId,
    externalId,
    createdBy,
    createdByKey,
  }: Pick<NewSource, "orgId" | "externalId" | "createdBy" | "createdByKey">,
) =>
  db.execute<{ id: string }>(sql`
    select d.id from kalamna.documents d
     where d.org_id = ${orgId} and d.external_id = ${externalId}::text
       and not kalamna.owner_may_change(${createdBy}::uuid, ${createdByKey}::uuid, d.id)`);

/** A document whose page moved is found under the new address. */
export const moveDocument = (db: Database, orgId: string, id: string, url: string) =>
  db.execute(sql`
    update kalamna.documents d set url = ${url}
     where d.org_id = ${orgId} and d.id = ${id} and d.source_id is not null and d.url <> ${url}`);

/** Gives the run back; @param seconds nothing is to be done before */
export const release = (db: Database, source: HeldRun, seconds: number) =>
  db
    .update(sources)
    .set({
      lease: null,
      leaseUntil: null,
      runAfter: seconds > 0 ? sql`now() + ${Math.ceil(seconds)}::int * interval '1 second'` : null,
      updatedAt: sql`now()`,
    })
    .where(held(source));

/** Minutes as agreed, give or take a twentieth, so that what was added together does not come back together. */
const NEXT_RUN = sql`now() + ${sources.refreshEvery} * (0.95 + random() / 10) * interval '1 minute'`;

const firstFailure = (column: "failure_code" | "failure_detail"): SQL => sql`(
  select p.${sql.raw(column)} from kalamna.source_pages p
   where p.org_id = sources.org_id and p.source_id = sources.id and p.failure_code is not null
   order by p.depth, p.place limit 1)`;

/** Some page is in the index and as it should be. */
const anyTaken = sql`exists (
  select from kalamna.source_pages p
   where p.org_id = sources.org_id and p.source_id = sources.id and p.kind = 'page'
     and p.state in ('fetched', 'unchanged'))`;

/** Ends a run with no page left in line: failed when not one page of it could be taken in. */
export const finishRun = (db: Database, source: HeldRun) =>
  db
    .update(sources)
    .set({
      status: sql`case when ${anyTaken} then 'idle' else 'failed' end`,
      failureCode: sql`case when not ${anyTaken} then coalesce(${firstFailure("failure_code")}, 'empty_document') end`,
      failureDetail: sql`case when not ${anyTaken} then coalesce(${firstFailure("failure_detail")}, 'No page was found.') end`,
      lease: null,
      leaseUntil: null,
      runAfter: null,
      finishedAt: sql`now()`,
      nextRunAt: NEXT_RUN,
      updatedAt: sql`now()`,
    })
    .where(
      and(
        held(source),
        sql`not exists (select from kalamna.source_pages p
                         where p.org_id = sources.org_id and p.source_id = sources.id and p.state = 'queued')`,
      ),
    )
    .returning({ status: sources.status, code: sources.failureCode });

/** Ends a run that cannot go on; the pages still in line end with the same reason. */
export const failPages = (db: Database, { orgId, id, run }: SourceRun, code: string, detail: string) =>
  db.execute(sql`
    update kalamna.source_pages p
       set state = 'failed', failure_code = ${code}, failure_detail = ${detail}, not_before = null, reserved = false
      from kalamna.sources s
     where s.org_id = ${orgId} and s.id = ${id} and s.run = ${run}::int and s.status = 'running'
       and p.org_id = s.org_id and p.source_id = s.id and p.state = 'queued'`);

export const failRun = (db: Database, source: SourceRun, code: string, detail: string) =>
  db
    .update(sources)
    .set({
      status: "failed",
      failureCode: code,
      failureDetail: detail,
      lease: null,
      leaseUntil: null,
      runAfter: null,
      finishedAt: sql`now()`,
      nextRunAt: NEXT_RUN,
      updatedAt: sql`now()`,
    })
    .where(at(source));

/** A suspended organization's sources wait, and take up nobody's place in the sweeper's list. */
const isServed = sql`exists (
  select from kalamna.organizations o where o.id = ${sources.orgId} and o.status = 'active')`;

/** Running sources of active organizations that nobody works on; for a system batch. */
export const findStranded = (db: Database, limit: number) =>
  db
    .select({ orgId: sources.orgId, id: sources.id, run: sources.run, lane: sources.lane })
    .from(sources)
    .where(
      and(
        eq(sources.status, "running"),
        isServed,
        sql`greatest(coalesce(lease_until, updated_at + interval '2 minutes'), run_after + interval '2 minutes') < now()`,
      ),
    )
    .orderBy(sources.updatedAt)
    .limit(limit);

/** Sources of active organizations whose next run is due; for a system batch. */
export const findDue = (db: Database, limit: number) =>
  db
    .select({ orgId: sources.orgId, id: sources.id })
    .from(sources)
    .where(and(sql`next_run_at <= now() and status in ('idle', 'failed')`, isServed))
    .orderBy(sources.nextRunAt)
    .limit(limit);

/** Starts the waiting time anew, so that one lost message is not sent again every minute. */
export const touch = (db: Database, source: SourceRun) =>
  db
    .update(sources)
    .set({ lease: null, leaseUntil: null, updatedAt: sql`now()` })
    .where(and(at(source), sql`(lease_until is null or lease_until < now())`));

/** Hosts that nobody has asked anything for two days; what their robots.txt said is out of date. For a system batch. */
export const forgetHosts = (db: Database) =>
  db.delete(sourceHosts).where(sql`next_at < now() - interval '2 days'`);
