/** Sends a webhook a message that says nothing but that it arrives. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { announce } from "./announce.ts";
import { insertTest, takeTurns } from "./delivery-sql.ts";
import { demandEnabled } from "./enabled.ts";
import { demandWebhook } from "./sql.ts";
import { type DeliveryView, viewDelivery } from "./view.ts";

/** It takes the way of every message; how it went is in the webhook's deliveries. @throws AppError `not_found` | `webhook_disabled` */
export async function sendTest(ctx: Ctx, webhookId: string): Promise<DeliveryView> {
  const hook = { orgId: ctx.actor.orgId, id: webhookId };
  await demandEnabled(ctx, hook.id);
  const [, [row], turns] = await tenantBatch(ctx, (db) => [
    demandWebhook(db, hook.orgId, hook.id),
    insertTest(db, hook, ctx.now().toISOString()),
    takeTurns(db, hook.orgId),
    audit(db, {
      ...auditOf(ctx),
      action: "webhook.tested",
      target: { type: "webhook", id: hook.id },
      result: "ok",
    }),
  ]);
  if (!row) throw new AppError("internal");
  await announce(ctx, turns);
  return viewDelivery(row);
}
