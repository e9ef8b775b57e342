/** Statements about answers while they are given; those that write need the service's rights. */
import { and, eq, sql } from "drizzle-orm";
import type { Actor } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { chatSessions, messages } from "../../infra/db/schema.ts";
import { columns as messageColumns, one } from "../messages/sql.ts";
import type { Piece } from "./event-log.ts";
import { isOwn, stillAlive } from "./sql.ts";

type Found = Partial<
  Pick<typeof messages.$inferInsert, "sources" | "documentIds" | "drawnFrom" | "retrieval">
>;

/** Says that the answer is still being given, and hears whether it should be. No row when it has ended or is gone. */
export const keepAlive = (db: Database, orgId: string, messageId: string, found: Found) =>
  db
    .update(messages)
    .set({ ...found, aliveUntil: stillAlive })
    .where(and(one(orgId, messageId), eq(messages.status, "answering")))
    .returning({ stopRequested: messages.stopRequested });

export const insertPiece = (db: Database, orgId: string, messageId: string, { first, events }: Piece) =>
  db.execute(sql`
    insert into kalamna.message_events (org_id, message_id, first, events)
    select m.org_id, m.id, ${first}::int, ${JSON.stringify(events)}::jsonb
      from kalamna.messages m where m.org_id = ${orgId} and m.id = ${messageId}
    on conflict do nothing`);

export const requestStop = (db: Database, orgId: string, messageId: string) =>
  db
    .update(messages)
    .set({ stopRequested: true })
    .where(and(one(orgId, messageId), eq(messages.status, "answering")))
    .returning({ id: messages.id });

/** Whoever gave it is gone; the sweep finds those that nobody asks about. */
export const endDeadAnswers = (db: Database) =>
  db.execute<{ ended: string }>(sql`select kalamna.end_dead_answers() as ended`);

export const forgetHistory = (db: Database, most: number) =>
  db.execute<{ forgotten: string }>(sql`select kalamna.forget_history(${most}::int) as forgotten`);

const followed = (orgId: string, sessionId: string, messageId: string | null) =>
  sql`${messages.orgId} = ${orgId} and ${messages.sessionId} = ${sessionId}
      and case when ${messageId}::uuid is null then ${messages.status} = 'answering'
               else ${messages.id} = ${messageId}::uuid end`;

/** The message of a caller's own conversation, or without an id the one that is being answered. */
export const findFollowed = (db: Database, actor: Actor, sessionId: string, messageId: string | null) =>
  db
    .select({ ...messageColumns, alive: sql<boolean>`coalesce(${messages.aliveUntil} > now(), false)` })
    .from(messages)
    .where(
      and(
        followed(actor.orgId, sessionId, messageId),
        sql`exists (select from kalamna.chat_sessions where ${chatSessions.id} = ${messages.sessionId} and ${isOwn(actor)})`,
      ),
    );

/** Pieces with events after the one with this number, in their order. */
export const readPieces = (
  db: Database,
  orgId: string,
  sessionId: string,
  messageId: string | null,
  after: number,
) =>
  db.execute<{ message_id: string } & Piece>(sql`
    select e.message_id, e.first, e.events from kalamna.message_events e
     where e.org_id = ${orgId} and e.first + jsonb_array_length(e.events) > ${after}::int + 1
       and e.message_id = (select ${messages.id} from ${messages} where ${followed(orgId, sessionId, messageId)})
     order by e.first`);
