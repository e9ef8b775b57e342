/** Statements about messages: what was asked and answered. */
import { and, asc, eq, gt, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../infra/db/client.ts";
import { messages } from "../../infra/db/schema.ts";
import type { Statement } from "../../infra/db/tenant.ts";
import type { Citation, Source } from "../answers/events.ts";
import type { Page } from "../paging/page.ts";
import { newestFirst, olderThan } from "../paging/sql.ts";

/** A source as it is shown again: without its passage when that is not there any more, unavailable when its document is not. */
export type ShownSource = Partial<Source> & { index: number; unavailable?: true; content?: string | null };

export type NewMessage = typeof messages.$inferInsert;

/** Service only: what was asked is kept also when the asker's rights have ended meanwhile. */
export const saveMessage = (db: Database, message: NewMessage): Statement[] => [
  holdDocuments(db, message.orgId, message.documentIds ?? []),
  // In a conversation the row is there from the start, unless the conversation has been deleted since.
  message.sessionId
    ? db.update(messages).set(message).where(one(message.orgId, message.id))
    : db.insert(messages).values(message),
];

/**
 * None of these is deleted before the batch is done: a deletion either comes first, and what the message says of the
 * document is left out, or after, and finds the message.
 */
export const holdDocuments = (db: Database, orgId: string, ids: readonly string[]) =>
  db.execute(sql`
    select from kalamna.documents d where d.org_id = ${orgId} and d.id = any (${sql.param(ids)}::uuid[])
     order by d.id for key share`);

export const one = (orgId: string, id: string) => and(eq(messages.orgId, orgId), eq(messages.id, id));

/** Who may search the logs now; see demandTelemetry in domain/telemetry/for-question.ts. */
const mayReadLogs = sql`(kalamna.role() = 'admin' and kalamna.access() = 1)`;

/** With the reader's rights: false when the answer is not for them any more. */
export const mayShow: SQL<boolean> = sql`(
  kalamna.may_show(${messages.access}, ${messages.drawnFrom}, ${messages.taughtId})
  and (${mayReadLogs} or not ${messages.sources} @> '[{"kind": "log"}]'))`;

// Drizzle names a selected column without its table: in a subquery that would be another's.
/** Sources as the reader may see them now, with the text of passages that are still there. */
const shownSources: SQL<ShownSource[]> = sql`(
  select coalesce(jsonb_agg(
           case when s.source ->> 'kind' = 'log' and not ${mayReadLogs}
                  then jsonb_build_object('index', s.source -> 'index', 'unavailable', true)
                when s.source ->> 'document_id' is null then s.source
                when d.id is null then jsonb_build_object('index', s.source -> 'index', 'unavailable', true)
                else s.source || jsonb_build_object('content', c.content) end order by s.place), '[]')
    from jsonb_array_elements(messages.sources) with ordinality s(source, place)
    left join kalamna.documents d on d.org_id = messages.org_id and d.id = (s.source ->> 'document_id')::uuid
    left join kalamna.chunks c on c.org_id = messages.org_id and c.id = (s.source ->> 'chunk_id')::uuid)`;

/** Quotes are the document's words, so they follow its readers. */
const shownCitations: SQL<Citation[]> = sql`(
  select coalesce(jsonb_agg(c.citation order by c.place), '[]')
    from jsonb_array_elements(messages.citations) with ordinality c(citation, place)
   where c.citation ->> 'document_id' is null
      or exists (select from kalamna.documents d
                  where d.org_id = messages.org_id and d.id = (c.citation ->> 'document_id')::uuid))`;

/** What a reader is told about a message. */
export const columns = {
  id: messages.id,
  question: messages.question,
  standaloneQuestion: messages.standaloneQuestion,
  answer: messages.answer,
  shown: mayShow,
  status: messages.status,
  failureCode: messages.failureCode,
  grounded: messages.grounded,
  offTopic: messages.offTopic,
  cache: messages.cache,
  sources: shownSources,
  citations: shownCitations,
  retrieval: messages.retrieval,
  model: messages.model,
  mode: messages.mode,
  promptTokens: messages.promptTokens,
  completionTokens: messages.completionTokens,
  cost: messages.cost,
  ms: messages.ms,
  createdAt: messages.createdAt,
  finishedAt: messages.finishedAt,
};

export const listMessages = (db: Database, orgId: string, sessionId: string, page: Page) =>
  db
    .select(columns)
    .from(messages)
    .where(and(eq(messages.orgId, orgId), eq(messages.sessionId, sessionId), olderThan(messages, page)))
    .orderBy(...newestFirst(messages))
    .limit(page.limit + 1);

/** In the order in which they were asked, those after `last`. */
export const messagesAfter = (
  db: Database,
  orgId: string,
  sessionId: string,
  limit: number,
  last: { createdAt: string; id: string } | null,
) =>
  db
    .select(columns)
    .from(messages)
    .where(
      and(
        eq(messages.orgId, orgId),
        eq(messages.sessionId, sessionId),
        last
          ? or(
              gt(messages.createdAt, last.createdAt),
              and(eq(messages.createdAt, last.createdAt), gt(messages.id, last.id)),
            )
          : undefined,
      ),
    )
    .orderBy(asc(messages.createdAt), asc(messages.id))
    .limit(limit);
