/** Statements of the employees verbs; every one runs in a tenant batch and names the organization as well. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Access, Role } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { users } from "../../infra/db/schema.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";

/** What an admin is told about a colleague. Inside the subqueries Drizzle would not qualify a column's name. */
export const columns = {
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  access: users.access,
  accessOverride: users.accessOverride,
  status: users.status,
  emailVerifiedAt: users.emailVerifiedAt,
  groups: sql<string[]>`array(select m.group_id from kalamna.group_members m
    where m.org_id = users.org_id and m.user_id = users.id order by m.group_id)`,
  lastSeenAt: sql<string | null>`(select max(s.used_at) from kalamna.sessions s
    where s.org_id = users.org_id and s.user_id = users.id)`,
  createdAt: users.createdAt,
};

export type Status = "active" | "deactivated";

const one = (orgId: string, id: string) => and(eq(users.orgId, orgId), eq(users.id, id));

export const findEmployee = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(users).where(one(orgId, id));

export const listEmployees = (db: Database, orgId: string, page: Page, status: Status | undefined) =>
  db
    .select(columns)
    .from(users)
    .where(and(eq(users.orgId, orgId), status && eq(users.status, status), olderThan(users, page)))
    .orderBy(...newestFirst(users))
    .limit(page.limit + 1);

export type RightsChange = {
  role?: Role | undefined;
  status?: Status | undefined;
  /** Null: from now on it follows from the e-mail's domain. */
  access?: Access | null | undefined;
};

/** The database raises the token version when anything changed, and refuses to lose the last admin. */
export const changeRights = (db: Database, orgId: string, id: string, change: RightsChange) => {
  const role = sql`coalesce(${change.role ?? null}, u.role)`;
  const override = change.access === undefined ? sql`u.access_override` : sql`${change.access}::text`;
  return db.execute<{ id: string }>(sql`
    update kalamna.users u
       set role = ${role}, status = coalesce(${change.status ?? null}, u.status), access_override = ${override},
           access = kalamna.access_for(${override}, ${role}, u.email, u.email_verified_at is not null,
                                       o.settings -> 'internal_domains', u.access)
      from kalamna.organizations o
     where o.id = u.org_id and u.org_id = ${orgId} and u.id = ${id}
    returning u.id`);
};

/** Somebody who comes back signs in again; null ends nothing. */
export const endSessions = (db: Database, orgId: string, userId: string, now: string | null) =>
  db.execute(sql`
    update kalamna.sessions set revoked_at = ${now}::timestamptz
     where org_id = ${orgId} and user_id = ${userId} and revoked_at is null and ${now !== null}`);

type Groups = readonly string[] | null;
const uuids = (groups: Groups) => sql`${groups && sql.param(groups)}::uuid[]`;

/** Null leaves none. */
export const leaveOtherGroups = (db: Database, orgId: string, userId: string, groups: Groups) =>
  db.execute(sql`
    delete from kalamna.group_members
     where org_id = ${orgId} and user_id = ${userId} and group_id <> all (${uuids(groups)})`);

/** Fails on a group or a person that the organization does not have; null joins none. */
export const joinGroups = (db: Database, orgId: string, userId: string, groups: Groups) =>
  db.execute(sql`
    insert into kalamna.group_members (org_id, group_id, user_id)
    select ${orgId}::uuid, g, ${userId}::uuid from unnest(${uuids(groups)}) g
    on conflict do nothing`);

export const deleteEmployee = (db: Database, orgId: string, id: string) =>
  db.delete(users).where(one(orgId, id)).returning({ id: users.id, email: users.email });

/** Condition for the audit log: this person is there, or was when the batch began. */
export const isEmployee = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.users where org_id = ${orgId} and id = ${id})`;
