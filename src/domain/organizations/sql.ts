/** Statements about organizations as such; for tenant batches of their people unless said otherwise. */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { deletedOrganizations, deletionRequests, organizations } from "../../infra/db/schema.ts";

const columns = {
  id: organizations.id,
  name: organizations.name,
  status: organizations.status,
  settings: organizations.settings,
  createdAt: organizations.createdAt,
};

export const findOrganization = (db: Database, orgId: string) =>
  db.select(columns).from(organizations).where(eq(organizations.id, orgId));

/** Settings that are not named stay. */
export const changeOrganization = (
  db: Database,
  orgId: string,
  change: { name?: string | undefined; settings?: Record<string, unknown> | undefined },
) =>
  db
    .update(organizations)
    .set({
      name: change.name ?? sql`${organizations.name}`,
      settings: sql`${organizations.settings} || ${JSON.stringify(change.settings ?? {})}::jsonb`,
    })
    .where(eq(organizations.id, orgId))
    .returning(columns);

/** Everybody's access as the organization's domains now have it; how many it changed. */
export const deriveAccess = (db: Database, orgId: string) =>
  db.execute(sql`
    update kalamna.users u set access = now_has.access
      from (select p.id, kalamna.access_for(p.access_override, p.role, p.email, p.email_verified_at is not null,
                                            o.settings -> 'internal_domains', p.access) as access
              from kalamna.users p join kalamna.organizations o on o.id = p.org_id
             where p.org_id = ${orgId}) now_has
     where u.org_id = ${orgId} and u.id = now_has.id and u.access <> now_has.access`);

const hash = (value: Uint8Array) => sql.param(value, deletionRequests.tokenHash);

/** Asking again replaces the earlier confirmation. Tenant and superadmin batches. */
export const requestRemoval = (
  db: Database,
  row: { orgId: string; requestedBy: string; tokenHash: Uint8Array; expiresAt: string },
) =>
  db
    .insert(deletionRequests)
    .values(row)
    .onConflictDoUpdate({
      target: [deletionRequests.orgId, deletionRequests.requestedBy],
      set: { tokenHash: row.tokenHash, expiresAt: row.expiresAt },
    });

export type Removed = { rows: Record<string, number> | null };

/** The whole organization of the batch; null when the confirmation does not hold. */
export const removeMine = (db: Database, confirmation: Uint8Array) =>
  db.execute<Removed>(sql`select kalamna.remove_my_organization(${hash(confirmation)}) as rows`);

/** For a superadmin batch. */
export const removeAny = (db: Database, orgId: string, confirmation: Uint8Array) =>
  db.execute<Removed>(sql`select kalamna.remove_any_organization(${orgId}, ${hash(confirmation)}) as rows`);

/** For a system batch. */
export const filesRemoved = (db: Database, orgId: string, now: string) =>
  db.update(deletedOrganizations).set({ filesRemovedAt: now }).where(eq(deletedOrganizations.id, orgId));

/** For a system batch: deleted organizations whose files may still be there, or may just have come in. */
export const findRecentlyDeleted = (db: Database, since: string) =>
  db
    .select({ id: deletedOrganizations.id })
    .from(deletedOrganizations)
    .where(and(sql`(files_removed_at is null or deleted_at > ${since}::timestamptz)`))
    .orderBy(deletedOrganizations.deletedAt)
    .limit(20);
