/** Statements of the platform verbs, for superadmin batches; `findSuperadmin` is for an account batch. */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { organizations, superadmins } from "../../infra/db/schema.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";

export const findSuperadmin = (db: Database, email: string) =>
  db
    .select({
      id: superadmins.id,
      email: superadmins.email,
      passwordHash: superadmins.passwordHash,
      tokenVersion: superadmins.tokenVersion,
      status: superadmins.status,
    })
    .from(superadmins)
    .where(eq(superadmins.email, email));

/** An organization and how much is in it; no names of people, no text. */
const columns = {
  id: organizations.id,
  name: organizations.name,
  status: organizations.status,
  createdAt: organizations.createdAt,
  users: sql<number>`(select count(*)::int from kalamna.users u where u.org_id = organizations.id)`,
  documents: sql<number>`coalesce((select s.documents from kalamna.org_storage s where s.org_id = organizations.id), 0)`,
  bytes: sql<number>`coalesce((select s.bytes from kalamna.org_storage s where s.org_id = organizations.id), 0)::float8`,
  chunks: sql<number>`coalesce((select sum(c.chunks) from kalamna.org_corpus c where c.org_id = organizations.id), 0)::int`,
  questions: sql<number>`coalesce((select g.questions from kalamna.org_usage g where g.org_id = organizations.id
    and g.month = date_trunc('month', now() at time zone 'UTC')), 0)`,
  tokens: sql<number>`coalesce((select g.tokens from kalamna.org_usage g where g.org_id = organizations.id
    and g.month = date_trunc('month', now() at time zone 'UTC')), 0)::float8`,
};

export type Status = "active" | "suspended";

export const listOrganizations = (db: Database, page: Page, status: Status | "deleting" | undefined) =>
  db
    .select(columns)
    .from(organizations)
    .where(and(status && eq(organizations.status, status), olderThan(organizations, page)))
    .orderBy(...newestFirst(organizations))
    .limit(page.limit + 1);

export const findAny = (db: Database, id: string) =>
  db.select(columns).from(organizations).where(eq(organizations.id, id));

export const setStatus = (db: Database, id: string, status: Status) =>
  db
    .update(organizations)
    .set({ status })
    .where(eq(organizations.id, id))
    .returning({ id: organizations.id });

/** Condition for the audit log. */
export const isOrganization = (id: string) =>
  sql`exists (select from kalamna.organizations where id = ${id})`;
