/** Stops the answer that is being given in a conversation; what came of it is kept. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { requestStop } from "./event-sql.ts";
import { findAnswering, findOwnSession } from "./sql.ts";

/**
 * The isolate that gives the answer hears of it within moments when it is this one, else when it next writes down what has
 * come, within three seconds.
 * @throws AppError `not_found` | `not_in_progress`
 */
export async function stop(ctx: Ctx, sessionId: string): Promise<{ session_id: string; message_id: string }> {
  const { orgId } = ctx.actor;
  const [[session], [answering]] = await tenantBatch(ctx, (db) => [
    findOwnSession(db, ctx.actor, sessionId),
    findAnswering(db, orgId, sessionId),
  ]);
  if (!session) throw new AppError("not_found");
  if (!answering) throw new AppError("not_in_progress");
  const here = ctx.ports.underWay.get(answering.id);
  if (here) here.stop = true;
  const service = { ...ctx, actor: { kind: "service", orgId } } as const;
  await tenantBatch(service, (db) => [requestStop(db, orgId, answering.id)]);
  return { session_id: sessionId, message_id: answering.id };
}
