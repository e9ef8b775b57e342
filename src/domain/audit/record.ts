/** Records an act in the organization's audit log, in the same batch as the act: both happen or neither. */
import { type SQL, sql } from "drizzle-orm";
import type { BaseCtx, Ctx } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import type { Statement } from "../../infra/db/tenant.ts";
import type { AuditAction, AuditTarget } from "./actions.ts";

export const ACTOR_KINDS = ["user", "key", "widget", "superadmin", "service", "nobody"] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

export type AuditEvent = {
  orgId: string;
  actor: { kind: ActorKind; id: string | null };
  action: AuditAction;
  target?: { type: AuditTarget; id: string };
  /** What changed. Never a secret, never document text. */
  detail?: Record<string, string | number | boolean | null>;
  result: "ok" | "denied";
  /** Records only if this holds at the end of the batch, for acts that may turn out to do nothing. */
  when?: SQL;
  ctx: BaseCtx;
};

/** The statement; put it last in the batch, before what locks a batch's row (migrations/0007_audit.sql says why). */
export function audit(db: Database, event: AuditEvent): Statement {
  const { orgId, actor, action, target, detail, result, when = sql`true`, ctx } = event;
  return db.execute(sql`
    select kalamna.record_audit(
      ${orgId}::uuid, ${actor.kind}, ${actor.id}::uuid, ${action}, ${target?.type ?? null}, ${target?.id ?? null},
      ${JSON.stringify(detail ?? {})}::jsonb, ${result}, ${ctx.client.address}, ${ctx.client.agent}, ${ctx.requestId})
     where ${when}`);
}

/** Who acts, for {@link audit}. */
export function auditOf(ctx: Ctx): Pick<AuditEvent, "orgId" | "actor" | "ctx"> {
  const { actor } = ctx;
  const id = actor.kind === "user" ? actor.userId : actor.kind === "service" ? null : actor.keyId;
  return { orgId: actor.orgId, actor: { kind: actor.kind, id }, ctx };
}
