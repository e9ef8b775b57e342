/** Ends a key at once: the tenant door refuses it in the next batch. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { demandApiKey, demandWidgetKey, revokeApiKey, revokeWidgetKey } from "./sql.ts";

const TABLES = {
  api_key: { demand: demandApiKey, revoke: revokeApiKey },
  widget_key: { demand: demandWidgetKey, revoke: revokeWidgetKey },
} as const;

/** @throws AppError `not_found` for a key that is unknown or already revoked */
export async function revoke(ctx: Ctx, type: keyof typeof TABLES, id: string): Promise<{ id: string }> {
  const { orgId } = ctx.actor;
  await tenantBatch(ctx, (db) => [
    TABLES[type].demand(db, orgId, id),
    TABLES[type].revoke(db, orgId, id),
    audit(db, { ...auditOf(ctx), action: `${type}.revoked`, target: { type, id }, result: "ok" }),
  ]);
  return { id };
}
