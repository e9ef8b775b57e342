/** Deletes a webhook and all its messages. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { deleteWebhook, demandWebhook, updateWebhook } from "./sql.ts";

/** A message on its way at this moment may still arrive. @throws AppError `not_found` */
export async function removeWebhook(ctx: Ctx, id: string): Promise<{ id: string }> {
  const { orgId } = ctx.actor;
  // Switched off first: deleting it waits for all who have just told it something, and from here on nobody does.
  await tenantBatch(ctx, (db) => [
    demandWebhook(db, orgId, id),
    updateWebhook(db, orgId, id, { enabled: false }),
  ]);
  await tenantBatch(ctx, (db) => [
    demandWebhook(db, orgId, id),
    deleteWebhook(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "webhook.deleted",
      target: { type: "webhook", id },
      result: "ok",
    }),
  ]);
  return { id };
}
