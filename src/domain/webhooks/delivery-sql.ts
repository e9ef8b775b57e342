/** Statements about messages to webhooks: whose turn it is to send, what is due, and how it went. */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { type DELIVERY_STATUSES, webhookDeliveries } from "../../infra/db/schema.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";

export const columns = {
  id: webhookDeliveries.id,
  event: webhookDeliveries.event,
  status: webhookDeliveries.status,
  attempts: webhookDeliveries.attempts,
  nextAttemptAt: webhookDeliveries.nextAttemptAt,
  lastStatus: webhookDeliveries.lastStatus,
  lastError: webhookDeliveries.lastError,
  durationMs: webhookDeliveries.durationMs,
  createdAt: webhookDeliveries.createdAt,
  deliveredAt: webhookDeliveries.deliveredAt,
};
const whole = { ...columns, payload: webhookDeliveries.payload, response: webhookDeliveries.response };

export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];
/** A webhook of an organization. */
export type Hook = { orgId: string; id: string };

const of = ({ orgId, id }: Hook) =>
  and(eq(webhookDeliveries.orgId, orgId), eq(webhookDeliveries.webhookId, id));

export const listDeliveries = (db: Database, hook: Hook, page: Page, status: DeliveryStatus | undefined) =>
  db
    .select(columns)
    .from(webhookDeliveries)
    .where(and(of(hook), status && eq(webhookDeliveries.status, status), olderThan(webhookDeliveries, page)))
    .orderBy(...newestFirst(webhookDeliveries))
    .limit(page.limit + 1);

export const findDelivery = (db: Database, hook: Hook, id: string) =>
  db
    .select(whole)
    .from(webhookDeliveries)
    .where(and(of(hook), eq(webhookDeliveries.id, id)));

/** A message of our own that says nothing but that it arrives. */
export const insertTest = (db: Database, { orgId, id }: Hook, timestamp: string) =>
  db
    .insert(webhookDeliveries)
    .values({
      orgId,
      webhookId: id,
      event: "webhook.test",
      payload: { type: "webhook.test", timestamp, data: { webhook: { id } } },
    })
    .returning(columns);

/** Due at once, with all its tries; one that is being sent, or soon will be, is left alone. */
export const requeue = (db: Database, hook: Hook, id: string) =>
  db
    .update(webhookDeliveries)
    .set({ status: "pending", attempts: 0, nextAttemptAt: sql`now()`, deliveredAt: null })
    .where(
      and(
        of(hook),
        eq(webhookDeliveries.id, id),
        sql`(status <> 'pending' or next_attempt_at > now() + interval '2 minutes')`,
      ),
    );

/** Nobody sends what a webhook was to hear that is switched off. Waits for nobody: whoever sends such a message does this next. */
export const cancelOfDisabled = (db: Database, orgId: string) =>
  db.execute(sql`
    update kalamna.webhook_deliveries d set status = 'cancelled'
     where d.org_id = ${orgId} and d.id = any (array(
       select n.id from kalamna.webhook_deliveries n
        where n.org_id = ${orgId} and n.status = 'pending' and n.webhook_id = any (array(
          select w.id from kalamna.webhooks w where w.org_id = ${orgId} and not w.enabled))
          for no key update skip locked))`);

// Sending -----------------------------------------------------------------------------------------

// A backlog comes faster than Postgres notices: these find their rows by an index whatever the planner believes.

const TURN = sql`now() + interval '1 minute'`;

const free = sql`(w.turn_until is null or w.turn_until < now())`;

/** Before {@link takeTurns}, last in a batch that ended a document: its batch may be complete now, and not at the commit. */
export const endBatches = (db: Database) => db.execute(sql`set constraints all immediate`);

/** A turn for each webhook with something due that nobody is sending; in the order in which everybody locks several. */
export const takeTurns = (db: Database, orgId: string) =>
  db.execute<{ id: string; turn: string }>(sql`
    with due as (
      select w.id from kalamna.webhooks w
       where w.org_id = ${orgId} and w.enabled and ${free} and (
         select true from kalamna.webhook_deliveries d
          where d.org_id = w.org_id and d.webhook_id = w.id and d.status = 'pending' and d.next_attempt_at <= now()
          limit 1)
       order by w.id for no key update of w)
    update kalamna.webhooks w set turn = gen_random_uuid(), turn_until = ${TURN}
      from due where w.org_id = ${orgId} and w.id = due.id
    returning w.id, w.turn`);

export type Held = { url: string; secret: string; previous_secret: string | null };

/** First in a batch: whoever switches the webhook off or removes it locks it before its messages, too. */
export const holdWebhook = (db: Database, { orgId, id }: Hook) =>
  db.execute(
    sql`select w.id from kalamna.webhooks w where w.org_id = ${orgId} and w.id = ${id} for no key update`,
  );

/** Keeps the turn for another minute, or takes it when nobody has it; no row when somebody has, or it is switched off. */
export const holdTurn = (db: Database, { orgId, id }: Hook, turn: string) =>
  db.execute<Held>(sql`
    update kalamna.webhooks w set turn = ${turn}::uuid, turn_until = ${TURN}
     where w.org_id = ${orgId} and w.id = ${id} and w.enabled and (w.turn = ${turn}::uuid or ${free})
    returning w.url, w.secret, case when w.previous_until > now() then w.previous_secret end as previous_secret`);

export const endTurn = (db: Database, { orgId, id }: Hook, turn: string) =>
  db.execute(sql`
    update kalamna.webhooks w set turn_until = null
     where w.org_id = ${orgId} and w.id = ${id} and w.turn = ${turn}::uuid`);

export type Claimed = {
  id: string;
  payload: Record<string, unknown>;
  attempts: number;
};

/** The next due messages, for a minute nobody else's. An attempt counts from here: a sender may die of it. */
export const claim = (db: Database, { orgId, id }: Hook, turn: string, most: number) =>
  db.execute<Claimed>(sql`
    update kalamna.webhook_deliveries d set attempts = d.attempts + 1, next_attempt_at = ${TURN}
     where d.org_id = ${orgId} and d.id in (
       select n.id from kalamna.webhook_deliveries n
        where n.org_id = ${orgId} and n.webhook_id = ${id} and n.status = 'pending' and n.next_attempt_at <= now()
        order by n.next_attempt_at limit ${most}::int for update skip locked)
       and exists (select from kalamna.webhooks w
                    where w.org_id = ${orgId} and w.id = ${id} and w.enabled and w.turn = ${turn}::uuid)
    returning d.id, d.payload, d.attempts`);

export type Settled = {
  id: string;
  status: "delivered" | "pending" | "failed";
  /** Seconds until the next try. */
  pause: number | null;
  last_status: number | null;
  last_error: string | null;
  response: string | null;
  duration_ms: number;
};

/** In the order in which everybody locks several. */
export const settle = (db: Database, orgId: string, settled: readonly Settled[]) =>
  db.execute(sql`
    with held as (
      select d.id from kalamna.webhook_deliveries d
       where d.org_id = ${orgId} and d.id = any (${sql.param(settled.map(({ id }) => id))}::uuid[])
       order by d.id for no key update)
    update kalamna.webhook_deliveries d
       set status = s.status, next_attempt_at = now() + make_interval(secs => coalesce(s.pause, 0)),
           last_status = s.last_status, last_error = s.last_error, response = s.response,
           duration_ms = s.duration_ms, delivered_at = case when s.status = 'delivered' then now() end
      from jsonb_to_recordset(${JSON.stringify(settled)}::jsonb) as s(
        id uuid, status text, pause int, last_status int, last_error text, response text, duration_ms int)
     where d.org_id = ${orgId} and d.id = any (array(select id from held)) and d.id = s.id
       and (d.status = 'pending' or s.status = 'delivered')`);

/** What a webhook's last messages say about it. */
export type Health = { delivered: number; failed: number; gone: boolean };

export const noteHealth = (db: Database, { orgId, id }: Hook, { delivered, failed }: Health) =>
  db.execute(sql`
    update kalamna.webhooks w
       set failures = case when ${delivered}::int > 0 then 0 else w.failures + ${failed}::int end,
           failing_since = case when ${delivered}::int = 0 then coalesce(w.failing_since, now()) end
     where w.org_id = ${orgId} and w.id = ${id}
       and (w.failures > 0 and ${delivered}::int > 0 or ${failed}::int > 0)`);

/** Switches off what is gone, or through which nothing has got for five days. */
export const disableHopeless = (db: Database, { orgId, id }: Hook, { delivered, gone }: Health) =>
  db.execute<{ disabled_reason: string }>(sql`
    update kalamna.webhooks w
       set enabled = false, disabled_reason = case when ${gone}::boolean then 'gone' else 'failing' end,
           disabled_at = now(), updated_at = now()
     where w.org_id = ${orgId} and w.id = ${id} and w.enabled
       and (${gone}::boolean or ${delivered}::int = 0 and w.failing_since < now() - interval '5 days')
    returning w.disabled_reason`);

/** Was it switched off in this very transaction? */
export const justDisabled = ({ orgId, id }: Hook) => sql`exists (
  select from kalamna.webhooks w where w.org_id = ${orgId} and w.id = ${id} and w.disabled_at = now())`;

/** Seconds until the next message is due; null when none waits. */
export const nextDue = (db: Database, { orgId, id }: Hook) =>
  db.execute<{ seconds: number | null }>(sql`
    select ceil(extract(epoch from min(d.next_attempt_at) - now()))::int as seconds
      from kalamna.webhook_deliveries d
     where d.org_id = ${orgId} and d.webhook_id = ${id} and d.status = 'pending' and d.next_attempt_at > now()`);

/** For a system batch. */
export const findDue = (db: Database, most: number) =>
  db.execute<{ org_id: string }>(sql`select org_id from kalamna.webhooks_due(${most}::int)`);

/** For a system batch. */
export const forgetOld = (db: Database, most: number) =>
  db.execute<{ gone: string }>(sql`select kalamna.forget_deliveries(${most}::int) as gone`);
