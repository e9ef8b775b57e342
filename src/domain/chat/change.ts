/** Renames a conversation, or deletes it with all that was said in it. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { deleteSession, findAnswering, renameSession } from "./sql.ts";
import { type SessionView, sessionView } from "./view.ts";

export const RenameInput = z.strictObject({
  title: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^\P{Cc}+$/u, "may not contain control characters"),
});
export type RenameInput = z.infer<typeof RenameInput>;

/** @throws AppError `not_found`, also for a conversation that the caller may merely read */
export async function rename(ctx: Ctx, id: string, { title }: RenameInput): Promise<SessionView> {
  const [[row]] = await tenantBatch(ctx, (db) => [renameSession(db, ctx.actor.orgId, id, title)]);
  if (!row) throw new AppError("not_found");
  return sessionView(row);
}

/**
 * An answer that is being given in it stops.
 * @throws AppError `not_found`, also for a conversation that the caller may merely read
 */
export async function remove(ctx: Ctx, id: string): Promise<{ id: string }> {
  const [[answering], [removed]] = await tenantBatch(ctx, (db) => [
    findAnswering(db, ctx.actor.orgId, id),
    deleteSession(db, ctx.actor.orgId, id),
  ]);
  if (!removed) throw new AppError("not_found");
  const here = answering && ctx.ports.underWay.get(answering.id);
  if (here) here.stop = true;
  return removed;
}
