/** Statements of invitations, for tenant batches of admins. */
import { and, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import type { Access, Role } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { invitations, organizations } from "../../infra/db/schema.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";

const columns = {
  id: invitations.id,
  email: invitations.email,
  role: invitations.role,
  access: invitations.access,
  groups: invitations.groups,
  invitedBy: invitations.invitedBy,
  createdAt: invitations.createdAt,
  expiresAt: invitations.expiresAt,
};

export type NewInvitation = {
  orgId: string;
  email: string;
  role: Role;
  access: Access | null;
  groups: readonly string[];
  tokenHash: Uint8Array;
  invitedBy: string | null;
  createdAt: string;
  expiresAt: string;
  /** An open invitation that is younger than this is not replaced. */
  replaceBefore: string;
};

/** No row when the address is an employee's, was invited a moment ago, or a group does not exist. */
export const invitePerson = (db: Database, row: NewInvitation) =>
  db.execute<{ id: string }>(sql`
    insert into kalamna.invitations as i (org_id, email, role, access, groups, token_hash, invited_by, created_at,
                                          expires_at)
    select ${row.orgId}::uuid, ${row.email}, ${row.role}, ${row.access}, ${sql.param(row.groups)}::uuid[],
           ${sql.param(row.tokenHash, invitations.tokenHash)}, ${row.invitedBy}::uuid, ${row.createdAt}::timestamptz,
           ${row.expiresAt}::timestamptz
     where not exists (select from kalamna.users u where u.org_id = ${row.orgId} and u.email = ${row.email})
       and not exists (select from unnest(${sql.param(row.groups)}::uuid[]) g where not exists (
             select from kalamna.groups k where k.org_id = ${row.orgId} and k.id = g))
    on conflict (org_id, email) where accepted_at is null do update
       set role = excluded.role, access = excluded.access, groups = excluded.groups, token_hash = excluded.token_hash,
           invited_by = excluded.invited_by, created_at = excluded.created_at, expires_at = excluded.expires_at
     where i.created_at < ${row.replaceBefore}::timestamptz
    returning id`);

/** The open invitation of an address, whether or not this call made it, and whether they are here already. */
export const findOpen = (db: Database, orgId: string, email: string) =>
  db
    .select({
      ...columns,
      tokenHash: sql<string>`encode(${invitations.tokenHash}, 'hex')`,
      orgName: organizations.name,
    })
    .from(invitations)
    .innerJoin(organizations, eq(organizations.id, invitations.orgId))
    .where(and(eq(invitations.orgId, orgId), eq(invitations.email, email), isNull(invitations.acceptedAt)));

export const employed = (db: Database, orgId: string, email: string) =>
  db.execute<{ employed: boolean }>(sql`
    select exists (select from kalamna.users where org_id = ${orgId} and email = ${email}) as employed`);

/** Condition for the audit log: this very invitation was written. */
export const wasInvited = (orgId: string, tokenHash: Uint8Array): SQL =>
  sql`exists (select from kalamna.invitations
               where org_id = ${orgId} and token_hash = ${sql.param(tokenHash, invitations.tokenHash)})`;

export const listOpen = (db: Database, orgId: string, page: Page, now: string) =>
  db
    .select(columns)
    .from(invitations)
    .where(
      and(
        eq(invitations.orgId, orgId),
        isNull(invitations.acceptedAt),
        gt(invitations.expiresAt, now),
        olderThan(invitations, page),
      ),
    )
    .orderBy(...newestFirst(invitations))
    .limit(page.limit + 1);

export const deleteOpen = (db: Database, orgId: string, id: string) =>
  db
    .delete(invitations)
    .where(and(eq(invitations.orgId, orgId), eq(invitations.id, id), isNull(invitations.acceptedAt)))
    .returning({ id: invitations.id, email: invitations.email });

/** Whoever leaves takes the letters that brought them along. */
export const forgetInvitations = (db: Database, orgId: string, email: string) =>
  db.delete(invitations).where(and(eq(invitations.orgId, orgId), eq(invitations.email, email)));

/** Condition for the audit log, asked before the deletion. */
export const isOpen = (orgId: string, id: string): SQL =>
  sql`exists (select from kalamna.invitations where org_id = ${orgId} and id = ${id} and accepted_at is null)`;
