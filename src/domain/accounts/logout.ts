/** Ends sessions: this one, another one, or all of them. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { endSession, endSessionsOf, raiseTokenVersion, sessionEndedAt } from "./sql.ts";

/** Tokens of a session that ended are refused from the next request on. @throws AppError `not_found` */
export async function endOneSession(ctx: Ctx<UserActor>, id: string): Promise<void> {
  const { orgId, userId } = ctx.actor;
  const now = ctx.now().toISOString();
  const [[ended]] = await tenantBatch(ctx, (db) => [
    endSession(db, orgId, userId, id, now),
    audit(db, {
      ...auditOf(ctx),
      action: "account.session_ended",
      target: { type: "session", id },
      result: "ok",
      when: sessionEndedAt(id, now),
    }),
  ]);
  if (!ended) throw new AppError("not_found");
}

/** Nothing is left to end for people who have no session here, e.g. of an identity provider. */
export async function logout(ctx: Ctx<UserActor>): Promise<void> {
  if (ctx.actor.sessionId !== undefined) await endOneSession(ctx, ctx.actor.sessionId);
}

/** Every session and every access token, this one included. */
export async function logoutEverywhere(ctx: Ctx<UserActor>): Promise<void> {
  const { orgId, userId } = ctx.actor;
  await tenantBatch(ctx, (db) => [
    endSessionsOf(db, orgId, userId, ctx.now().toISOString()),
    raiseTokenVersion(db, orgId, userId),
    audit(db, {
      ...auditOf(ctx),
      action: "account.sessions_ended",
      target: { type: "user", id: userId },
      result: "ok",
    }),
  ]);
}
