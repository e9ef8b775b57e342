/** Statements about conversations. Policies show a caller their own, and an admin all where the organization says so. */
import { and, eq, ilike, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { chatSessions, messages } from "../../infra/db/schema.ts";
import { accessOf, askerOf } from "../messages/asker.ts";
import type { Channel } from "../messages/channel.ts";
import { mayShow } from "../messages/sql.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";

/** How long an answer counts as being given without a sign of life; one comes every few seconds. */
const ALIVE_SECONDS = 30;
export const stillAlive = sql`now() + make_interval(secs => ${ALIVE_SECONDS})`;

const one = (orgId: string, id: string) => and(eq(chatSessions.orgId, orgId), eq(chatSessions.id, id));

/** Whose a new conversation is. */
export const ownerOf = (actor: Actor) => ({
  ...askerOf(actor),
  endUser: actor.kind === "key" ? (actor.endUser ?? null) : null,
});

/** Belongs to the caller, not to somebody whom they may merely read. */
export function isOwn(actor: Actor): SQL {
  const { userId, keyId, visitorId, endUser } = ownerOf(actor);
  return sql`(${chatSessions.userId} = ${userId}::uuid or ${chatSessions.visitorId} = ${visitorId}::uuid
              or (${chatSessions.keyId} = ${keyId}::uuid and ${chatSessions.endUser} is not distinct from ${endUser}::text))`;
}

/** What a reader is told about a conversation. */
export const columns = {
  id: chatSessions.id,
  title: chatSessions.title,
  userId: chatSessions.userId,
  keyId: chatSessions.keyId,
  endUser: chatSessions.endUser,
  visitorId: chatSessions.visitorId,
  createdAt: chatSessions.createdAt,
  updatedAt: chatSessions.updatedAt,
  answering: sql<boolean>`exists (
    select from kalamna.messages m where m.org_id = chat_sessions.org_id and m.session_id = chat_sessions.id
       and m.status = 'answering' and m.alive_until > now())`,
};

export const findSession = (db: Database, orgId: string, id: string) =>
  db.select(columns).from(chatSessions).where(one(orgId, id));

export const findOwnSession = (db: Database, actor: Actor, id: string) =>
  db
    .select(columns)
    .from(chatSessions)
    .where(and(one(actor.orgId, id), isOwn(actor)));

/** @param title part of it, in any case */
export const listSessions = (
  db: Database,
  orgId: string,
  page: Page,
  owner: SQL | undefined,
  title?: string,
) =>
  db
    .select(columns)
    .from(chatSessions)
    .where(
      and(
        eq(chatSessions.orgId, orgId),
        owner,
        title === undefined ? undefined : ilike(chatSessions.title, `%${title.replace(/[\\%_]/g, "\\$&")}%`),
        olderThan(byUse, page),
      ),
    )
    .orderBy(...newestFirst(byUse))
    .limit(page.limit + 1);

const byUse = { createdAt: chatSessions.updatedAt, id: chatSessions.id };

export const insertSession = (db: Database, actor: Actor, id: string, title: string) =>
  db.insert(chatSessions).values({ id, orgId: actor.orgId, title, ...ownerOf(actor) });

export const touchSession = (db: Database, orgId: string, id: string) =>
  db.update(chatSessions).set({ updatedAt: sql`now()` }).where(one(orgId, id));

export const renameSession = (db: Database, orgId: string, id: string, title: string) =>
  db.update(chatSessions).set({ title, updatedAt: sql`now()` }).where(one(orgId, id)).returning(columns);

/** With all that was said in it. */
export const deleteSession = (db: Database, orgId: string, id: string) =>
  db.delete(chatSessions).where(one(orgId, id)).returning({ id: chatSessions.id });

/** Fails on `messages_answering` while another question of the conversation is being answered. */
export const beginMessage = (
  db: Database,
  actor: Actor,
  message: { id: string; sessionId: string; channel: Channel; question: string; createdAt: string },
) =>
  db.insert(messages).values({
    ...message,
    orgId: actor.orgId,
    ...askerOf(actor),
    access: accessOf(actor),
    status: "answering",
    aliveUntil: stillAlive,
  });

/** The newest exchanges whose answers the reader may still be shown, newest first. */
export const lastTurns = (db: Database, orgId: string, sessionId: string, limit: number) =>
  db
    .select({ id: messages.id, question: messages.question, answer: sql<string>`${messages.answer}` })
    .from(messages)
    .where(
      and(
        eq(messages.orgId, orgId),
        eq(messages.sessionId, sessionId),
        sql`${messages.answer} is not null and ${messages.status} <> 'answering' and ${mayShow}`,
      ),
    )
    .orderBy(...newestFirst(messages))
    .limit(limit);

/** What is being answered; `alive` is false when nobody has said for a while that they still do. */
export const findAnswering = (db: Database, orgId: string, sessionId: string) =>
  db
    .select({ id: messages.id, alive: sql<boolean>`${messages.aliveUntil} > now()` })
    .from(messages)
    .where(
      and(eq(messages.orgId, orgId), eq(messages.sessionId, sessionId), eq(messages.status, "answering")),
    );

/** May the caller read conversations of others in this organization? */
export const readsOthers: SQL = sql`kalamna.admins_read_sessions()`;
export const mayReadOthers = (db: Database) =>
  db.execute<{ allowed: boolean }>(sql`select ${readsOthers} as allowed`);

export const isPersons = (userId: string): SQL => eq(chatSessions.userId, userId);

/** For an audit entry: the caller sees the conversation, and it is somebody else's. */
export const isOthers = (actor: Actor, id: string): SQL =>
  sql`exists (select from kalamna.chat_sessions where ${one(actor.orgId, id)} and (${isOwn(actor)}) is not true)`;
