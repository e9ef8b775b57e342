/** Sends a message again, whatever became of it. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { announce } from "./announce.ts";
import { delivery, type WholeDelivery } from "./deliveries.ts";
import { requeue, takeTurns } from "./delivery-sql.ts";
import { demandEnabled } from "./enabled.ts";
import { demandWebhook } from "./sql.ts";

/**
 * The message keeps its id, as the standard wants it: a receiver that took it knows it already. It gets all its tries
 * anew. @throws AppError `not_found` | `webhook_disabled`
 */
export async function replay(ctx: Ctx, webhookId: string, id: string): Promise<WholeDelivery> {
  const hook = { orgId: ctx.actor.orgId, id: webhookId };
  await delivery(ctx, webhookId, id);
  await demandEnabled(ctx, webhookId);
  const [, , turns] = await tenantBatch(ctx, (db) => [
    demandWebhook(db, hook.orgId, hook.id),
    requeue(db, hook, id),
    takeTurns(db, hook.orgId),
    audit(db, {
      ...auditOf(ctx),
      action: "webhook.replayed",
      target: { type: "webhook", id: hook.id },
      detail: { delivery: id },
      result: "ok",
    }),
  ]);
  await announce(ctx, turns);
  return delivery(ctx, webhookId, id);
}
