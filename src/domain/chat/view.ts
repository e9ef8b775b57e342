/** Conversations and what was said in them, as the API shows them. */
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import type { columns as messageColumns } from "../messages/sql.ts";
import { iso } from "../moment.ts";
import type { columns } from "./sql.ts";

export type SessionRow = SelectResultFields<typeof columns>;
export type MessageRow = SelectResultFields<typeof messageColumns>;

export const sessionView = (row: SessionRow) => ({
  id: row.id,
  title: row.title,
  /** An answer is being given; `GET chat/:id/stream` follows it. */
  answering: row.answering,
  /** One of `user_id`, `key_id` (perhaps with `end_user`) and `visitor_id`. */
  owner: Object.fromEntries(
    Object.entries({
      user_id: row.userId,
      key_id: row.keyId,
      end_user: row.endUser,
      visitor_id: row.visitorId,
    }).filter(([, id]) => id !== null),
  ) as { user_id?: string; key_id?: string; end_user?: string; visitor_id?: string },
  created_at: iso(row.createdAt),
  /** When it was last used. */
  updated_at: iso(row.updatedAt),
});
export type SessionView = ReturnType<typeof sessionView>;

/** An answer drawn from a document that its reader may not read any more, or that is gone, is `withheld`. */
export function messageView(row: MessageRow) {
  const withheld = !row.shown;
  const { promptTokens: prompt_tokens, completionTokens: completion_tokens } = row;
  return {
    id: row.id,
    question: row.question,
    standalone_question: row.standaloneQuestion,
    answer: withheld ? null : row.answer,
    withheld,
    status: row.status,
    failure_code: row.failureCode,
    grounded: row.grounded,
    off_topic: row.offTopic,
    cache: row.cache,
    sources: row.sources,
    citations: withheld ? [] : row.citations,
    model: row.model,
    mode: row.mode,
    usage: prompt_tokens === null || completion_tokens === null ? null : { prompt_tokens, completion_tokens },
    cost: row.cost,
    ms: row.ms,
    created_at: iso(row.createdAt),
    finished_at: iso(row.finishedAt),
  };
}
export type MessageView = ReturnType<typeof messageView>;
