/** Statements about organizations as such; for tenant batches of their people unless said otherwise. */
import { eq, sql } from "drizzle-orm";
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

/** `rows` by table; not `done`: they go in pieces ({@link clearNext}), and nobody gets in meanwhile. */
export type Removed = { removed: { rows: Record<string, number>; done: boolean } | null };

/** The whole organization of the batch, at once up to so many chunks; null when the confirmation does not hold. */
export const removeMine = (db: Database, confirmation: Uint8Array, atOnce: number) =>
  db.execute<Removed>(
    sql`select kalamna.remove_my_organization(${hash(confirmation)}, ${atOnce}::int) as removed`,
  );

/** For a superadmin batch. */
export const removeAny = (db: Database, orgId: string, confirmation: Uint8Array, atOnce: number) =>
  db.execute<Removed>(
    sql`select kalamna.remove_any_organization(${orgId}, ${hash(confirmation)}, ${atOnce}::int) as removed`,
  );

/** For a system batch: the next rows of an organization that ends. */
export const clearNext = (db: Database, orgId: string, most: number) =>
  db.execute<{ done: boolean }>(sql`select kalamna.clear_next(${orgId}, ${most}::int) as done`);

/** For an account batch. */
export const findEnding = (db: Database, confirmation: Uint8Array) =>
  db.execute<{
    id: string;
    requested_by_kind: "user" | "superadmin";
    requested_by: string;
    deleted_at: string;
    finished_at: string | null;
    files_removed_at: string | null;
    rows: Record<string, number>;
    files: string;
  }>(sql`select * from kalamna.ending_of(${hash(confirmation)})`);

/** For a system batch. */
export const filesRemoved = (db: Database, orgId: string, now: string, files: number) =>
  db
    .update(deletedOrganizations)
    .set({ filesRemovedAt: now, files: sql`${deletedOrganizations.files} + ${files}` })
    .where(eq(deletedOrganizations.id, orgId));

/** For a system batch: organizations whose rows are going. */
export const findEndings = (db: Database) =>
  db
    .select({ id: deletedOrganizations.id })
    .from(deletedOrganizations)
    .where(sql`finished_at is null`)
    .orderBy(deletedOrganizations.deletedAt)
    .limit(20);

/** For a system batch: deleted organizations whose files may still be there, or may just have come in. */
export const findRecentlyDeleted = (db: Database, since: string) =>
  db
    .select({ id: deletedOrganizations.id })
    .from(deletedOrganizations)
    .where(sql`finished_at is not null and (files_removed_at is null or finished_at > ${since}::timestamptz)`)
    .orderBy(deletedOrganizations.deletedAt)
    .limit(20);
