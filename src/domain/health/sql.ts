/** Figures of the lanes: of all organizations for a system batch, of one for a tenant batch. */
import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { documents, orgEmbedding } from "../../infra/db/schema.ts";
import type { Lane } from "../../infra/jobs/port.ts";
import { isOverdue, isServed } from "../ingestion/sql.ts";

const figures = {
  lane: documents.lane,
  unfinished: sql<number>`count(*)::int`,
  working: sql<number>`(count(*) filter (where ${documents.leaseUntil} > now()))::int`,
  /** Seconds since the oldest came. */
  oldest: sql<number>`coalesce(extract(epoch from now() - min(${documents.queuedAt})), 0)::int`,
  overdue: sql<number>`(count(*) filter (where ${isOverdue}))::int`,
};
const unfinished = sql`${documents.status} in ('pending', 'extracting', 'embedding')`;

/** Documents of all active organizations that are on their way. */
export const countLanes = (db: Database) =>
  db.select(figures).from(documents).where(sql`${unfinished} and ${isServed}`).groupBy(documents.lane);

/** The same of one organization, as far as the caller may see its documents. */
export const countOwnLanes = (db: Database, orgId: string) =>
  db
    .select(figures)
    .from(documents)
    .where(sql`${documents.orgId} = ${orgId} and ${unfinished}`)
    .groupBy(documents.lane);

const DAY = sql.raw(`interval '24 hours'`);

/** Documents that failed and still are, by reason. */
export const failuresByCode = (db: Database, orgId: string) =>
  db
    .select({
      code: sql<string>`coalesce(${documents.failureCode}, 'internal')`,
      total: sql<number>`count(*)::int`,
      lastDay: sql<number>`(count(*) filter (where ${documents.endedAt} > now() - ${DAY}))::int`,
    })
    .from(documents)
    .where(sql`${documents.orgId} = ${orgId} and ${documents.status} = 'failed'`)
    .groupBy(documents.failureCode)
    .orderBy(sql`2 desc, 1`);

/** Versions published in each of the last 24 hours in which there was any; `hour` is when it began. */
export const publishedByHour = (db: Database, orgId: string) =>
  db.execute<{ hour: string; documents: number }>(sql`
    select to_char(date_trunc('hour', v.published_at, 'UTC') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as hour,
           count(*)::int as documents
      from kalamna.document_versions v
     where v.org_id = ${orgId} and v.published_at > now() - ${DAY}
     group by 1 order by 1`);

/** The newest ready documents of the last 24 hours that the percentiles are taken from. */
const sample = (orgId: string, limit: number): SQL => sql`
  select d.lane, d.step_ms, d.queued_at, d.claimed_at, d.ended_at from kalamna.documents d
   where d.org_id = ${orgId} and d.status = 'ready' and d.ended_at > now() - ${DAY}
   order by d.ended_at desc limit ${limit}`;

/** Milliseconds a document spent in each step. */
export const stepSpread = (db: Database, orgId: string, limit: number) =>
  db.execute<{ step: string; documents: number; p50: number; p95: number }>(sql`
    select s.key as step, count(*)::int as documents,
           round(percentile_cont(0.5) within group (order by s.value::float8))::int as p50,
           round(percentile_cont(0.95) within group (order by s.value::float8))::int as p95
      from (${sample(orgId, limit)}) d cross join lateral jsonb_each_text(d.step_ms) s
     group by 1 order by 1`);

/** Milliseconds a document waited until somebody took it, and until it was ready, by lane. */
export const waitSpread = (db: Database, orgId: string, limit: number) =>
  db.execute<{
    lane: Lane;
    documents: number;
    waited50: number;
    waited95: number;
    total50: number;
    total95: number;
  }>(sql`
    with times as (
      select d.lane, extract(epoch from d.claimed_at - d.queued_at) * 1000 as waited,
             extract(epoch from d.ended_at - d.queued_at) * 1000 as total
        from (${sample(orgId, limit)}) d where d.claimed_at is not null)
    select lane, count(*)::int as documents,
           round(percentile_cont(0.5) within group (order by waited))::int as waited50,
           round(percentile_cont(0.95) within group (order by waited))::int as waited95,
           round(percentile_cont(0.5) within group (order by total))::int as total50,
           round(percentile_cont(0.95) within group (order by total))::int as total95
      from times group by lane`);

/** Organizations whose embedding model is not among these: words alone find their documents. */
export const countWithoutModel = (db: Database, offered: readonly string[]) =>
  db
    .select({ organizations: sql<number>`count(*)::int` })
    .from(orgEmbedding)
    .where(sql`${orgEmbedding.model} <> all(${sql.param([...offered])}::text[])`);
