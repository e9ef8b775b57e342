/** Statements of the bulk lane's turns: an organization's slots, and which of its documents is next. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { bulkTurns, documents } from "../../infra/db/schema.ts";
import type { DocumentVersion } from "./sql.ts";

export type Turn = { slot: number; nonce: string };

/** Longer than a turn and its wait in the queue usually take; sending a message again that was not lost does no harm. */
const LEASE = sql.raw(`interval '3 minutes'`);

/** How long a bulk document may go without any progress once work on it has begun. */
const PATIENCE = sql.raw(`interval '1 hour'`);

const waiting = sql.raw(
  `d.lane = 'ingest-bulk' and d.status in ('pending', 'extracting', 'embedding')
   and (d.lease_until is null or d.lease_until < now())`,
);
const due = sql.raw(`(d.run_after is null or d.run_after <= now())`);

/** Bulk documents of an organization that somebody could take now. */
const dueOf = (org: SQL): SQL =>
  sql`from kalamna.documents d where d.org_id = ${org} and ${waiting} and ${due}`;

const isDue = (orgId: string): SQL => sql`exists (select ${dueOf(sql`${orgId}::uuid`)})`;

const holds = (orgId: string, { slot, nonce }: Turn) =>
  and(eq(bulkTurns.orgId, orgId), eq(bulkTurns.slot, slot), eq(bulkTurns.nonce, nonce));

/**
 * Gives the organization's free, lost and sleeping slots a message each, as many as have something to do. A slot keeps
 * its nonce, so that the message taken for lost and the new one are one turn.
 */
export const startSlots = (db: Database, orgId: string, slots: number) =>
  db.execute<Turn>(sql`
    insert into kalamna.bulk_turns as t (org_id, slot, nonce, lease_until)
    select ${orgId}::uuid, s, gen_random_uuid(), now() + ${LEASE}
      from generate_series(1, (select count(*)::int from (
             select ${dueOf(sql`${orgId}::uuid`)} limit ${slots}) one)) s
    on conflict (org_id, slot) do update set lease_until = excluded.lease_until, wakes_at = null
      where t.lease_until < now() or t.wakes_at > now()
    returning slot, nonce`);

/** The messages of these slots could not be sent: the sweeper need not wait for their leases. */
export const loseSlots = (db: Database, orgId: string, slots: readonly number[]) =>
  db
    .update(bulkTurns)
    .set({ leaseUntil: sql`now() - interval '1 second'`, wakesAt: null })
    .where(
      and(eq(bulkTurns.orgId, orgId), sql`${bulkTurns.slot} = any(${sql.param([...slots])}::smallint[])`),
    );

/** Uses the message up; no row when another copy of it has been here. */
export const takeSlot = (db: Database, orgId: string, turn: Turn, next: string) =>
  db
    .update(bulkTurns)
    .set({ nonce: next, leaseUntil: sql`now() + ${LEASE}`, wakesAt: null })
    .where(holds(orgId, turn))
    .returning({ slot: bulkTurns.slot });

/** Bytes up to which a document may be read beside others: an isolate has 128 MB for all of them. */
const SMALL = sql.raw(`${512 * 1024}`);

/**
 * Takes the organization's next bulk document, if `turn` is its turn: what has begun first, then the oldest. Of the
 * `together` next ones also those that are small, unless they were tried before: what ends its Worker does so alone.
 */
export const claimNext = (db: Database, orgId: string, turn: Turn, together: number) =>
  db
    .update(documents)
    .set({
      status: sql`case ${documents.status} when 'embedding' then 'embedding' else 'extracting' end`,
      attempt: sql`${documents.attempt} + 1`,
      leaseUntil: sql`now() + ${LEASE}`,
      deadlineAt: sql`case ${documents.attempt} when 0 then now() + ${PATIENCE} else ${documents.deadlineAt} end`,
      updatedAt: sql`now()`,
    })
    .where(
      and(
        eq(documents.orgId, orgId),
        sql`${documents.id} = any(array(
          with next as materialized (
            select d.id, d.bytes, d.attempt ${dueOf(sql`${orgId}::uuid`)}
               and exists (select from ${bulkTurns} where ${holds(orgId, turn)})
             order by d.status <> 'embedding', d.queued_at, d.id limit ${together} for update of d skip locked),
          first as (select id, attempt from next limit 1)
          select id from first union
          select n.id from next n, first f where n.bytes <= ${SMALL} and n.attempt = 0 and f.attempt = 0))`,
      ),
    )
    .returning({
      id: documents.id,
      version: documents.version,
      status: documents.status,
      name: documents.name,
      sha256: documents.sha256,
      bytes: documents.bytes,
      attempt: documents.attempt,
      chunks: documents.chunks,
      requestedAt: documents.queuedAt,
    });

/** First statement of a rest: whoever brings a document now waits until it is known what becomes of the slot. */
export const lockSlot = (db: Database, orgId: string, turn: Turn) =>
  db.select({ slot: bulkTurns.slot }).from(bulkTurns).where(holds(orgId, turn)).for("update");

/** When the first of the documents that had to wait is due. */
const later = (orgId: string): SQL => sql`(
  select min(d.run_after) from kalamna.documents d
   where d.org_id = ${orgId}::uuid and ${waiting} and d.run_after > now())`;

const someoneSleeps = (orgId: string, { slot }: Turn): SQL => sql`exists (
  select from kalamna.bulk_turns s where s.org_id = ${orgId}::uuid and s.slot <> ${slot} and s.wakes_at > now())`;

/** Nothing is due and nothing will be, or another slot will see to it: the slot is free. */
export const freeSlot = (db: Database, orgId: string, turn: Turn) =>
  db
    .delete(bulkTurns)
    .where(
      and(
        holds(orgId, turn),
        sql`not ${isDue(orgId)}`,
        sql`(${later(orgId)} is null or ${someoneSleeps(orgId, turn)})`,
      ),
    )
    .returning({ slot: bulkTurns.slot });

/** Nothing is due yet: the slot sleeps until something is. */
export const sleepSlot = (db: Database, orgId: string, turn: Turn) =>
  db
    .update(bulkTurns)
    .set({ wakesAt: later(orgId), leaseUntil: sql`${later(orgId)} + ${LEASE}` })
    .where(and(holds(orgId, turn), sql`not ${isDue(orgId)}`, sql`${later(orgId)} is not null`))
    .returning({ seconds: sql<number>`ceil(extract(epoch from ${bulkTurns.wakesAt} - now()))::int` });

const at = ({ orgId, id, version }: DocumentVersion) =>
  and(
    eq(documents.orgId, orgId),
    eq(documents.id, id),
    eq(documents.version, version),
    sql`status in ('pending', 'extracting', 'embedding')`,
  );

/** Gives a document back for the next turn. Progress counts its tries and its hour anew. */
export const passOn = (db: Database, document: DocumentVersion, progress: boolean) =>
  db
    .update(documents)
    .set({
      leaseUntil: null,
      runAfter: null,
      updatedAt: sql`now()`,
      ...(progress ? { attempt: 1, deadlineAt: sql`now() + ${PATIENCE}` } : {}),
    })
    .where(at(document));

/** Gives a document back after a failure that may pass; not before `seconds` from now. */
export const postponeDocument = (
  db: Database,
  document: DocumentVersion,
  { code, detail, seconds }: { code: string; detail: string; seconds: number },
) =>
  db
    .update(documents)
    .set({
      leaseUntil: null,
      runAfter: sql`now() + make_interval(secs => ${seconds})`,
      failureCode: code,
      failureDetail: detail,
      retryable: true,
      updatedAt: sql`now()`,
    })
    .where(at(document));

/** Active organizations with due documents and too few turns under way; for a system batch. */
export const findStarved = (db: Database, slots: number, limit: number) =>
  db.execute<{ org_id: string }>(sql`
    select o.id as org_id from kalamna.organizations o
     where o.status = 'active' and exists (select ${dueOf(sql`o.id`)})
       and (select count(*) from kalamna.bulk_turns t
             where t.org_id = o.id and t.lease_until > now() and (t.wakes_at is null or t.wakes_at <= now()))
           < (select count(*) from (select ${dueOf(sql`o.id`)} limit ${slots}) one)
     limit ${limit}`);
