/** Statements of the groups verbs; row level security lets admins alone change groups. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { groups } from "../../infra/db/schema.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";

export const columns = {
  id: groups.id,
  name: groups.name,
  members: sql<number>`(select count(*)::int from kalamna.group_members m
    where m.org_id = groups.org_id and m.group_id = groups.id)`,
  createdAt: groups.createdAt,
};

const one = (orgId: string, id: string) => and(eq(groups.orgId, orgId), eq(groups.id, id));

export const listGroups = (db: Database, orgId: string, page: Page) =>
  db
    .select(columns)
    .from(groups)
    .where(and(eq(groups.orgId, orgId), olderThan(groups, page)))
    .orderBy(...newestFirst(groups))
    .limit(page.limit + 1);

export const findGroup = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(groups).where(one(orgId, id));

export const insertGroup = (db: Database, row: { id: string; orgId: string; name: string }) =>
  db.insert(groups).values(row);

export const renameGroup = (db: Database, orgId: string, id: string, name: string) =>
  db.update(groups).set({ name }).where(one(orgId, id)).returning({ id: groups.id });

/** How many documents named the group; those that named no other are for admins only from now on. */
export const forgetGroup = (db: Database, orgId: string, id: string) =>
  db.execute<{ documents: number }>(sql`
    select kalamna.forget_group(g.id) as documents from kalamna.groups g where g.org_id = ${orgId} and g.id = ${id}`);

export const deleteGroup = (db: Database, orgId: string, id: string) =>
  db.delete(groups).where(one(orgId, id)).returning({ id: groups.id });

/** Condition for the audit log. */
export const isGroup = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.groups where org_id = ${orgId} and id = ${id})`;

export const listMembers = (
  db: Database,
  orgId: string,
  groupId: string,
  limit: number,
  after: string | null,
) =>
  db.execute<{ id: string; email: string; name: string | null }>(sql`
    select u.id, u.email, u.name from kalamna.group_members m
      join kalamna.users u on u.org_id = m.org_id and u.id = m.user_id
     where m.org_id = ${orgId} and m.group_id = ${groupId} and (${after}::uuid is null or m.user_id > ${after}::uuid)
     order by m.user_id limit ${limit + 1}`);

export const addMember = (db: Database, orgId: string, groupId: string, userId: string) =>
  db.execute(sql`
    insert into kalamna.group_members (org_id, group_id, user_id) values (${orgId}, ${groupId}, ${userId})
    on conflict do nothing`);

export const dropMember = (db: Database, orgId: string, groupId: string, userId: string) =>
  db.execute<{ user_id: string }>(sql`
    delete from kalamna.group_members
     where org_id = ${orgId} and group_id = ${groupId} and user_id = ${userId} returning user_id`);

/** Condition for the audit log. */
export const isMember = (orgId: string, groupId: string, userId: string): SQL =>
  sql`exists (select from kalamna.group_members
               where org_id = ${orgId} and group_id = ${groupId} and user_id = ${userId})`;
