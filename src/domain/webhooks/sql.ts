/** Statements about webhooks; in a tenant batch of an admin, or of deferred work. */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { webhooks } from "../../infra/db/schema.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";

export const columns = {
  id: webhooks.id,
  url: webhooks.url,
  description: webhooks.description,
  events: webhooks.events,
  enabled: webhooks.enabled,
  disabledReason: webhooks.disabledReason,
  disabledAt: webhooks.disabledAt,
  failures: webhooks.failures,
  failingSince: webhooks.failingSince,
  previousUntil: webhooks.previousUntil,
  createdBy: webhooks.createdBy,
  createdAt: webhooks.createdAt,
  updatedAt: webhooks.updatedAt,
};

const one = (orgId: string, id: string) => and(eq(webhooks.orgId, orgId), eq(webhooks.id, id));

/** First in a batch: nobody else adds a webhook to the organization until it is done. */
export const awaitOthers = (db: Database, orgId: string) =>
  db.execute(sql`select pg_advisory_xact_lock(hashtextextended('webhooks ' || ${orgId}::text, 0))`);

/** After {@link awaitOthers}, as a statement of its own: it must see what they did. Undoes the batch as `not_found`. */
export const demandRoom = (db: Database, orgId: string, most: number) =>
  db.execute(sql`
    select kalamna.demand((select count(*) < ${most}::int from kalamna.webhooks where org_id = ${orgId}))`);

export const insertWebhook = (db: Database, row: typeof webhooks.$inferInsert) =>
  db.insert(webhooks).values(row).returning(columns);

export const listWebhooks = (db: Database, orgId: string, page: Page) =>
  db
    .select(columns)
    .from(webhooks)
    .where(and(eq(webhooks.orgId, orgId), olderThan(webhooks, page)))
    .orderBy(...newestFirst(webhooks))
    .limit(page.limit + 1);

export const findWebhook = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(webhooks).where(one(orgId, id));

/** First in a batch: locks the webhook, or undoes the batch as `not_found`. */
export const demandWebhook = (db: Database, orgId: string, id: string) =>
  db.execute(sql`select kalamna.demand(exists (
    select from kalamna.webhooks where org_id = ${orgId} and id = ${id} for no key update))`);

export type WebhookChange = {
  url?: string | undefined;
  description?: string | undefined;
  events?: (typeof webhooks.$inferInsert)["events"] | undefined;
  enabled?: boolean | undefined;
};

/** Switched on again, it starts with a clean record. */
export const updateWebhook = (db: Database, orgId: string, id: string, change: WebhookChange) =>
  db
    .update(webhooks)
    .set({
      ...change,
      ...(change.enabled === true
        ? { disabledReason: null, disabledAt: null, failures: 0, failingSince: null }
        : {}),
      ...(change.enabled === false ? { disabledAt: sql`coalesce(${webhooks.disabledAt}, now())` } : {}),
      updatedAt: sql`now()`,
    })
    .where(one(orgId, id))
    .returning(columns);

export const deleteWebhook = (db: Database, orgId: string, id: string) =>
  db.delete(webhooks).where(one(orgId, id)).returning({ id: webhooks.id });

/** The secret of before signs as well until `overlapUntil`; the one before that ends now. */
export const replaceSecret = (
  db: Database,
  orgId: string,
  id: string,
  sealed: string,
  overlapUntil: string,
) =>
  db
    .update(webhooks)
    .set({
      previousSecret: sql`${webhooks.secret}`,
      previousUntil: overlapUntil,
      secret: sealed,
      updatedAt: sql`now()`,
    })
    .where(one(orgId, id))
    .returning(columns);

/** Sealed secrets; the one before only while it signs. */
export const secretsOf = (db: Database, orgId: string, id: string) =>
  db
    .select({
      secret: webhooks.secret,
      previousSecret: sql<
        string | null
      >`case when ${webhooks.previousUntil} > now() then ${webhooks.previousSecret} end`,
    })
    .from(webhooks)
    .where(one(orgId, id));

/** Unless it was rotated meanwhile. */
export const reseal = (
  db: Database,
  orgId: string,
  id: string,
  before: string,
  sealed: { secret: string; previousSecret: string | null },
) =>
  db
    .update(webhooks)
    .set(sealed)
    .where(and(one(orgId, id), eq(webhooks.secret, before)));

/** For a system batch. */
export const findSealedBefore = (db: Database, keyId: string, most: number) =>
  db.execute<{ org_id: string; id: string }>(
    sql`select org_id, id from kalamna.webhooks_sealed_before(${keyId}, ${most}::int)`,
  );
