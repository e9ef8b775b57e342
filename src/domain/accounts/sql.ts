/** Statements of the accounts verbs. All but `findMe` run before sign-in, in an account batch. */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { organizations, refreshTokens, users } from "../../infra/db/schema.ts";

const bytes = (value: Uint8Array) => sql.param(value, refreshTokens.tokenHash);

const account = {
  userId: users.id,
  email: users.email,
  role: users.role,
  access: users.access,
  tokenVersion: users.tokenVersion,
  orgId: organizations.id,
  orgName: organizations.name,
};

export type Account = {
  userId: string;
  email: string;
  role: (typeof users.$inferSelect)["role"];
  access: (typeof users.$inferSelect)["access"];
  tokenVersion: number;
  orgId: string;
  orgName: string;
};

export const insertOrganization = (db: Database, row: { id: string; name: string }) =>
  db.insert(organizations).values(row);

export const insertUser = (db: Database, row: typeof users.$inferInsert) => db.insert(users).values(row);

export const insertRefreshToken = (db: Database, row: typeof refreshTokens.$inferInsert) =>
  db.insert(refreshTokens).values(row);

/** The account behind an e-mail, with what login must check. */
export const findByEmail = (db: Database, email: string) =>
  db
    .select({
      ...account,
      passwordHash: users.passwordHash,
      status: users.status,
      orgStatus: organizations.status,
    })
    .from(users)
    .innerJoin(organizations, eq(organizations.id, users.orgId))
    .where(eq(users.email, email));

/** A token presented a second time was stolen or copied: its whole family ends (RFC 9700 §4.14.2). */
export const revokeReusedFamily = (db: Database, hash: Uint8Array, now: string) =>
  db.execute(sql`
    update kalamna.refresh_tokens set revoked_at = ${now}
     where revoked_at is null and family_id in (
       select family_id from kalamna.refresh_tokens where token_hash = ${bytes(hash)} and spent_at is not null)`);

/** Spends a good token and stores its successor as one statement, so that only one of two callers succeeds. */
export const rotateRefreshToken = (
  db: Database,
  spent: Uint8Array,
  next: Uint8Array,
  now: string,
  expiresAt: string,
) =>
  db.execute(sql`
    with good as (
      update kalamna.refresh_tokens set spent_at = ${now}
       where token_hash = ${bytes(spent)} and spent_at is null and revoked_at is null and expires_at > ${now}
      returning org_id, user_id, family_id)
    insert into kalamna.refresh_tokens (org_id, user_id, family_id, token_hash, expires_at)
    select org_id, user_id, family_id, ${bytes(next)}, ${expiresAt} from good`);

/** The active account that owns a refresh token. */
export const findByRefreshToken = (db: Database, hash: Uint8Array) =>
  db
    .select(account)
    .from(refreshTokens)
    .innerJoin(users, eq(users.id, refreshTokens.userId))
    .innerJoin(organizations, eq(organizations.id, users.orgId))
    .where(
      and(eq(refreshTokens.tokenHash, hash), eq(users.status, "active"), eq(organizations.status, "active")),
    );

export const findMe = (db: Database, orgId: string, userId: string) =>
  db
    .select(account)
    .from(users)
    .innerJoin(organizations, eq(organizations.id, users.orgId))
    .where(and(eq(users.orgId, orgId), eq(users.id, userId)));
