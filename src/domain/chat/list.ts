/** The conversations of a caller, those last used first; an admin may list others' where the organization says so. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { type Listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { isOwn, isPersons, listSessions, mayReadOthers, readsOthers } from "./sql.ts";
import { type SessionView, sessionView } from "./view.ts";

export const ListSessionsInput = PageInput.extend({
  /** Part of the title. */
  q: z.string().trim().min(1).max(200).optional(),
  /** Whose: the caller's own, or, for admins, those of a person or of everyone. */
  of: z.union([z.enum(["me", "everyone"]), z.uuid()]).default("me"),
});
export type ListSessionsInput = z.infer<typeof ListSessionsInput>;

/** @throws AppError `forbidden` for others' where the organization has not decided that admins read them */
export async function list(ctx: Ctx, input: ListSessionsInput): Promise<Listed<SessionView>> {
  const { actor } = ctx;
  const { of, q, limit } = input;
  const isMe = of === "me" || (actor.kind === "user" && of === actor.userId);
  const owner = isMe ? isOwn(actor) : of === "everyone" ? undefined : isPersons(of);
  const [rows, { rows: rights }] = await tenantBatch(ctx, (db) => [
    listSessions(db, actor.orgId, pageOf(input), owner, q),
    mayReadOthers(db),
    ...(isMe
      ? []
      : [
          audit(db, {
            ...auditOf(ctx),
            action: "chat_sessions.listed",
            ...(of === "everyone" ? {} : { target: { type: "employee", id: of } }),
            result: "ok",
            when: readsOthers,
          }),
        ]),
  ]);
  if (!isMe && !rights[0]?.allowed) {
    throw new AppError("forbidden", {
      detail:
        "Only an admin lists conversations of others, and only where the organization allows it (settings.admins_read_sessions).",
    });
  }
  return listedByDate(
    rows.map((row) => ({ ...row, createdAt: row.updatedAt, begun: row.createdAt })),
    limit,
    ({ begun, ...row }) => sessionView({ ...row, createdAt: begun }),
  );
}
