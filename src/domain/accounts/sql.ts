/** Statements about people and their sessions. Account batches run them before sign-in, tenant batches after. */
import { and, desc, eq, gt, isNull, lt, ne, sql } from "drizzle-orm";
import type { BaseCtx } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { organizations, refreshTokens, sessions, users } from "../../infra/db/schema.ts";
import type { NewSession } from "./session.ts";

const bytes = (value: Uint8Array) => sql.param(value, refreshTokens.tokenHash);

const account = {
  userId: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  access: users.access,
  tokenVersion: users.tokenVersion,
  emailVerified: sql<boolean>`${users.emailVerifiedAt} is not null`,
  orgId: organizations.id,
  orgName: organizations.name,
};

export type Account = {
  userId: string;
  email: string;
  name: string | null;
  role: (typeof users.$inferSelect)["role"];
  access: (typeof users.$inferSelect)["access"];
  tokenVersion: number;
  emailVerified: boolean;
  orgId: string;
  orgName: string;
};

type Owner = { orgId: string; userId: string };

export const insertOrganization = (db: Database, row: { id: string; name: string }) =>
  db.insert(organizations).values(row);

export const insertUser = (db: Database, row: typeof users.$inferInsert) => db.insert(users).values(row);

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

/** One row when the person behind an e-mail signs in through an identity provider that is connected now. */
export const comesThroughProvider = (db: Database, email: string) =>
  db.execute(sql`
    select 1 from kalamna.users u
      join kalamna.identities i on i.org_id = u.org_id and i.user_id = u.id
      join kalamna.identity_providers p on p.id = i.provider_id and p.status = 'active'
     where u.email = ${email}`);

export const findMe = (db: Database, orgId: string, userId: string) =>
  db
    .select(account)
    .from(users)
    .innerJoin(organizations, eq(organizations.id, users.orgId))
    .where(and(eq(users.orgId, orgId), eq(users.id, userId)));

const self = (orgId: string, userId: string) => and(eq(users.orgId, orgId), eq(users.id, userId));

export const setName = (db: Database, orgId: string, userId: string, name: string) =>
  db.update(users).set({ name }).where(self(orgId, userId));

/** The caller's own; no other is told (migrations/0010_least_privilege.sql). */
export const findMyPassword = (db: Database) =>
  db.execute<{ hash: string | null }>(sql`select kalamna.my_password_hash() as hash`);

/** Access tokens given out before stop working at once. */
export const raiseTokenVersion = (db: Database, orgId: string, userId: string) =>
  db
    .update(users)
    .set({ tokenVersion: sql`${users.tokenVersion} + 1` })
    .where(self(orgId, userId));

export const setPassword = (db: Database, orgId: string, userId: string, passwordHash: string) =>
  db
    .update(users)
    .set({ passwordHash, tokenVersion: sql`${users.tokenVersion} + 1` })
    .where(self(orgId, userId));

/** Not `changed` when the caller's password is no longer `from`. */
export const replaceMyPassword = (db: Database, from: string, to: string) =>
  db.execute<{ changed: boolean }>(sql`select kalamna.replace_my_password(${from}, ${to}) as changed`);

/** For the audit: is this the caller's password now? */
export const myPasswordIs = (passwordHash: string) => sql`kalamna.my_password_hash() = ${passwordHash}`;

// Sessions --------------------------------------------------------------------------------------

/** Begins a session; its first refresh token comes with it. */
export const openSession = (db: Database, ctx: BaseCtx, owner: Owner, session: NewSession) =>
  db.execute(sql`
    with opened as (
      insert into kalamna.sessions (id, org_id, user_id, agent, address, created_at, used_at, expires_at)
      values (${session.id}, ${owner.orgId}, ${owner.userId}, ${ctx.client.agent}, ${ctx.client.address},
              ${ctx.now().toISOString()}, ${ctx.now().toISOString()}, ${session.expiresAt})
      returning id, org_id, user_id)
    insert into kalamna.refresh_tokens (org_id, user_id, session_id, token_hash, expires_at)
    select org_id, user_id, id, ${bytes(session.hash)}, ${session.expiresAt} from opened`);

/** Sessions of one person that ran out, with their tokens; every sign-in tidies up after itself. */
export const forgetOldSessions = (db: Database, { orgId, userId }: Owner, now: string) =>
  db
    .delete(sessions)
    .where(and(eq(sessions.orgId, orgId), eq(sessions.userId, userId), lt(sessions.expiresAt, now)));

/** A token presented a second time was stolen or copied: its session ends (RFC 9700 §4.14.2). */
export const endReusedSession = (db: Database, hash: Uint8Array, now: string) =>
  db.execute(sql`
    update kalamna.sessions set revoked_at = ${now}
     where revoked_at is null and id in (
       select session_id from kalamna.refresh_tokens where token_hash = ${bytes(hash)} and spent_at is not null)`);

/** Spends a good token and stores its successor as one statement, so that only one of two callers succeeds. */
export const rotateRefreshToken = (
  db: Database,
  ctx: BaseCtx,
  spent: Uint8Array,
  next: { hash: Uint8Array; expiresAt: string },
) => {
  const now = ctx.now().toISOString();
  return db.execute(sql`
    with good as (
      update kalamna.refresh_tokens t set spent_at = ${now}
        from kalamna.sessions s
       where t.token_hash = ${bytes(spent)} and t.spent_at is null and t.expires_at > ${now}
         and s.id = t.session_id and s.revoked_at is null
      returning t.org_id, t.user_id, t.session_id),
    used as (
      update kalamna.sessions s
         set used_at = ${now}, expires_at = ${next.expiresAt}, agent = ${ctx.client.agent},
             address = ${ctx.client.address}
        from good where s.id = good.session_id)
    insert into kalamna.refresh_tokens (org_id, user_id, session_id, token_hash, expires_at)
    select org_id, user_id, session_id, ${bytes(next.hash)}, ${next.expiresAt} from good`);
};

/** The active account that owns a refresh token, and the session it belongs to. */
export const findByRefreshToken = (db: Database, hash: Uint8Array) =>
  db
    .select({ ...account, sessionId: refreshTokens.sessionId })
    .from(refreshTokens)
    .innerJoin(users, eq(users.id, refreshTokens.userId))
    .innerJoin(organizations, eq(organizations.id, users.orgId))
    .where(
      and(eq(refreshTokens.tokenHash, hash), eq(users.status, "active"), eq(organizations.status, "active")),
    );

const open = (orgId: string, userId: string) =>
  and(eq(sessions.orgId, orgId), eq(sessions.userId, userId), isNull(sessions.revokedAt));

export const listSessions = (db: Database, orgId: string, userId: string, now: string) =>
  db
    .select()
    .from(sessions)
    .where(and(open(orgId, userId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.usedAt))
    .limit(200);

/** One row when there was such a session. */
export const endSession = (db: Database, orgId: string, userId: string, id: string, now: string) =>
  db
    .update(sessions)
    .set({ revokedAt: now })
    .where(and(open(orgId, userId), eq(sessions.id, id)))
    .returning({ id: sessions.id });

/** All but `kept`. */
export const endSessionsOf = (db: Database, orgId: string, userId: string, now: string, kept?: string) =>
  db
    .update(sessions)
    .set({ revokedAt: now })
    .where(and(open(orgId, userId), kept === undefined ? undefined : ne(sessions.id, kept)));

/** For the audit: was it this very act that ended the session? */
export const sessionEndedAt = (id: string, now: string) =>
  sql`exists (select from kalamna.sessions where id = ${id} and revoked_at = ${now})`;
