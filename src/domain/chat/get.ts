/** One conversation and what was said in it. */
import type * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { listMessages } from "../messages/sql.ts";
import { listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { findSession, isOthers } from "./sql.ts";
import { type MessageView, messageView, type SessionView, sessionView } from "./view.ts";

export const GetSessionInput = PageInput;
export type GetSessionInput = z.infer<typeof GetSessionInput>;

export type SessionPage = {
  session: SessionView;
  /** In the order in which they were asked; `next_cursor` leads to those before them. */
  messages: MessageView[];
  next_cursor: string | null;
};

/**
 * The newest messages, or those before a cursor. That an admin reads a conversation of somebody else is recorded.
 * @throws AppError `not_found`
 */
export async function get(ctx: Ctx, id: string, input: GetSessionInput): Promise<SessionPage> {
  const { orgId } = ctx.actor;
  const [[session], rows] = await tenantBatch(ctx, (db) => [
    findSession(db, orgId, id),
    listMessages(db, orgId, id, pageOf(input)),
    audit(db, {
      ...auditOf(ctx),
      action: "chat_session.read",
      target: { type: "chat_session", id },
      result: "ok",
      when: isOthers(ctx.actor, id),
    }),
  ]);
  if (!session) throw new AppError("not_found");
  const { data, next_cursor } = listedByDate(rows, input.limit, messageView);
  return { session: sessionView(session), messages: data.reverse(), next_cursor };
}
