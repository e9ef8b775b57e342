/** Statements about keys. Administration runs in a tenant batch of an admin, resolving before we know the organization. */
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { apiKeys, widgetKeys } from "../../infra/db/schema.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";
import type { KeyProof } from "./key-text.ts";

const bytes = (hex: string) => sql`decode(${hex}, 'hex')`;

export const apiKeyColumns = {
  id: apiKeys.id,
  name: apiKeys.name,
  scopes: apiKeys.scopes,
  access: apiKeys.access,
  groups: apiKeys.groups,
  createdBy: apiKeys.createdBy,
  createdAt: apiKeys.createdAt,
  expiresAt: apiKeys.expiresAt,
  lastUsedAt: apiKeys.lastUsedAt,
  revokedAt: apiKeys.revokedAt,
  previousUntil: apiKeys.previousUntil,
};

export const widgetKeyColumns = {
  id: widgetKeys.id,
  name: widgetKeys.name,
  allowedOrigins: widgetKeys.allowedOrigins,
  createdBy: widgetKeys.createdBy,
  createdAt: widgetKeys.createdAt,
  lastUsedAt: widgetKeys.lastUsedAt,
  revokedAt: widgetKeys.revokedAt,
};

/** What resolving a key tells whoever holds it. */
export type ResolvedKey = { org_id: string; scopes: string[]; access: string; expires_at: string | null };

export const resolveKey = (db: Database, { id, secretHash }: KeyProof) =>
  db.execute<ResolvedKey>(sql`select * from kalamna.resolve_key(${id}::uuid, ${bytes(secretHash)})`);

export const resolveWidget = (db: Database, id: string, origin: string) =>
  db.execute<{ org_id: string; origin_allowed: boolean }>(
    sql`select * from kalamna.resolve_widget(${id}::uuid, ${origin})`,
  );

export const allowsOrigin = (db: Database, orgId: string, origin: string) =>
  db.execute<{ allowed: boolean }>(sql`select kalamna.allows_origin(${orgId}::uuid, ${origin}) as allowed`);

export type NewApiKey = Omit<typeof apiKeys.$inferInsert, "secretHash"> & { secretHash: string };

export const insertApiKey = (db: Database, { secretHash, ...row }: NewApiKey) =>
  db
    .insert(apiKeys)
    .values({ ...row, secretHash: bytes(secretHash) })
    .returning(apiKeyColumns);

export const insertWidgetKey = (db: Database, row: typeof widgetKeys.$inferInsert) =>
  db.insert(widgetKeys).values(row).returning(widgetKeyColumns);

type KeyTable = typeof apiKeys | typeof widgetKeys;

/** @param idPrefix the beginning of the key's id as the key spells it, in base64url */
export const listApiKeys = (db: Database, orgId: string, page: Page, idPrefix: string) =>
  db
    .select(apiKeyColumns)
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.orgId, orgId),
        olderThan(apiKeys, page),
        sql`starts_with(translate(encode(uuid_send(${apiKeys.id}), 'base64'), '+/', '-_'), ${idPrefix})`,
      ),
    )
    .orderBy(...newestFirst(apiKeys))
    .limit(page.limit + 1);

export const listWidgetKeys = (db: Database, orgId: string, page: Page) =>
  db
    .select(widgetKeyColumns)
    .from(widgetKeys)
    .where(and(eq(widgetKeys.orgId, orgId), olderThan(widgetKeys, page)))
    .orderBy(...newestFirst(widgetKeys))
    .limit(page.limit + 1);

const inUse = (table: KeyTable, orgId: string, id: string) =>
  and(eq(table.orgId, orgId), eq(table.id, id), isNull(table.revokedAt));

/** First in a batch: locks a key that has not been revoked, or undoes the batch as `not_found`. */
export const demandApiKey = (db: Database, orgId: string, id: string) =>
  db.execute(sql`select kalamna.demand(exists (
    select from kalamna.api_keys where org_id = ${orgId} and id = ${id} and revoked_at is null for update))`);

export const demandWidgetKey = (db: Database, orgId: string, id: string) =>
  db.execute(sql`select kalamna.demand(exists (
    select from kalamna.widget_keys where org_id = ${orgId} and id = ${id} and revoked_at is null for update))`);

/** The secret of before works on until `overlapUntil`; the one before that ends now. */
export const replaceSecret = (
  db: Database,
  orgId: string,
  { id, secretHash }: KeyProof,
  overlapUntil: string,
) =>
  db
    .update(apiKeys)
    .set({
      previousHash: sql`${apiKeys.secretHash}`,
      previousUntil: overlapUntil,
      secretHash: bytes(secretHash),
    })
    .where(inUse(apiKeys, orgId, id))
    .returning(apiKeyColumns);

export const updateWidgetKey = (
  db: Database,
  orgId: string,
  id: string,
  change: { name?: string | undefined; allowedOrigins?: string[] | undefined },
) =>
  db
    .update(widgetKeys)
    .set(change)
    .where(inUse(widgetKeys, orgId, id))
    .returning(widgetKeyColumns);

export const revokeApiKey = (db: Database, orgId: string, id: string) =>
  db
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(inUse(apiKeys, orgId, id));

export const revokeWidgetKey = (db: Database, orgId: string, id: string) =>
  db
    .update(widgetKeys)
    .set({ revokedAt: sql`now()` })
    .where(inUse(widgetKeys, orgId, id));

/** First in a batch: all of `groups` are the organization's, or the batch is undone as `not_found`. */
export const demandGroups = (db: Database, orgId: string, groups: readonly string[]) =>
  db.execute(sql`select kalamna.demand((
    select count(*) from kalamna.groups
     where org_id = ${orgId} and id = any (${sql.param(groups)}::uuid[])) = ${groups.length}::int)`);
