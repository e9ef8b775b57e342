/** Statements about log servers; in a tenant batch of an internal admin, or of deferred work. */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { logConnections } from "../../infra/db/schema.ts";

const shown = {
  origin: logConnections.origin,
  headerNames: logConnections.headerNames,
  tool: logConnections.tool,
  arguments: logConnections.arguments,
  redaction: logConnections.redaction,
  createdAt: logConnections.createdAt,
  updatedAt: logConnections.updatedAt,
};
export type ShownRow = Pick<typeof logConnections.$inferSelect, keyof typeof shown>;

const ours = (orgId: string) => eq(logConnections.orgId, orgId);

export const findConnection = (db: Database, orgId: string) =>
  db
    .select({ ...shown, server: logConnections.server })
    .from(logConnections)
    .where(ours(orgId));

export type NewConnection = Pick<
  typeof logConnections.$inferInsert,
  "server" | "origin" | "headerNames" | "tool" | "arguments" | "redaction"
>;

export const saveConnection = (db: Database, orgId: string, row: NewConnection) =>
  db
    .insert(logConnections)
    .values({ orgId, ...row })
    .onConflictDoUpdate({ target: logConnections.orgId, set: { ...row, updatedAt: sql`now()` } })
    .returning(shown);

/** Undoes the batch as `not_found` when there is nothing to delete. */
export const demandConnection = (db: Database, orgId: string) =>
  db.execute(sql`select kalamna.demand(exists (
    select from kalamna.log_connections where org_id = ${orgId}))`);

export const deleteConnection = (db: Database, orgId: string) => db.delete(logConnections).where(ours(orgId));

/** Unless it was connected anew meanwhile. */
export const reseal = (db: Database, orgId: string, before: string, sealed: string) =>
  db
    .update(logConnections)
    .set({ server: sealed })
    .where(and(ours(orgId), eq(logConnections.server, before)));

/** For a system batch. */
export const findSealedBefore = (db: Database, keyId: string, most: number) =>
  db.execute<{ org_id: string }>(
    sql`select org_id from kalamna.log_connections_sealed_before(${keyId}, ${most}::int)`,
  );
