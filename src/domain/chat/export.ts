/** A whole conversation to take away, as JSON or as Markdown, page by page however long it is. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { messagesAfter } from "../messages/sql.ts";
import { markdownHead, markdownOf } from "./markdown.ts";
import { findSession, isOthers } from "./sql.ts";
import { type MessageView, messageView, type SessionView, sessionView } from "./view.ts";

export const ExportInput = z.object({ format: z.enum(["json", "markdown"]).default("json") });
export type ExportFormat = z.infer<typeof ExportInput>["format"];

/** Messages of one round trip. */
const PAGE = 100;

/**
 * Sources say where passages are, not what they say: an export outlives the reader's rights. That an admin takes away a
 * conversation of somebody else is recorded.
 * @throws AppError `not_found`, before the first piece
 */
export async function exportSession(
  ctx: Ctx,
  id: string,
  format: ExportFormat,
): Promise<{ session: SessionView; pieces: AsyncGenerator<string, void, undefined> }> {
  const { orgId } = ctx.actor;
  const [[row], first] = await tenantBatch(ctx, (db) => [
    findSession(db, orgId, id),
    messagesAfter(db, orgId, id, PAGE, null),
    audit(db, {
      ...auditOf(ctx),
      action: "chat_session.exported",
      target: { type: "chat_session", id },
      result: "ok",
      when: isOthers(ctx.actor, id),
    }),
  ]);
  if (!row) throw new AppError("not_found");
  const session = sessionView(row);
  async function* messages() {
    for (let rows = first; rows.length > 0; ) {
      for (const message of rows) yield withoutPassages(messageView(message));
      const last = rows.length === PAGE ? rows.at(-1) : undefined;
      if (!last) return;
      [rows] = await tenantBatch(ctx, (db) => [messagesAfter(db, orgId, id, PAGE, last)]);
    }
  }
  return { session, pieces: format === "json" ? json(session, messages()) : markdown(session, messages()) };
}

const withoutPassages = (message: MessageView): MessageView => ({
  ...message,
  sources: message.sources.map(({ content: _, ...source }) => source),
});

async function* json(session: SessionView, messages: AsyncIterable<MessageView>) {
  yield `{"session":${JSON.stringify(session)},"messages":[`;
  let comma = "";
  for await (const message of messages) {
    yield `${comma}\n${JSON.stringify(message)}`;
    comma = ",";
  }
  yield "\n]}\n";
}

async function* markdown(session: SessionView, messages: AsyncIterable<MessageView>) {
  yield markdownHead(session);
  for await (const message of messages) yield markdownOf(message);
}
