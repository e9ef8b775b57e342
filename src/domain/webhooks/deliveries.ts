/** What was sent to a webhook, or waits to be: a page of it, and one message with what it says. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { DELIVERY_STATUSES } from "../../infra/db/schema.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { type Listed, listedByDate, PageInput, pageOf } from "../paging/page.ts";
import { findDelivery, listDeliveries } from "./delivery-sql.ts";
import { findWebhook } from "./sql.ts";
import { type DeliveryView, viewDelivery } from "./view.ts";

export const DeliveriesInput = PageInput.extend({ status: z.enum(DELIVERY_STATUSES).optional() });
export type DeliveriesInput = z.infer<typeof DeliveriesInput>;

/** Newest first; the last 30 days. @throws AppError `not_found` | `invalid_request` for a foreign cursor */
export async function deliveries(
  ctx: Ctx,
  webhookId: string,
  input: DeliveriesInput,
): Promise<Listed<DeliveryView>> {
  const hook = { orgId: ctx.actor.orgId, id: webhookId };
  const [[webhook], rows] = await tenantBatch(ctx, (db) => [
    findWebhook(db, hook.orgId, hook.id),
    listDeliveries(db, hook, pageOf(input), input.status),
  ]);
  if (!webhook) throw new AppError("not_found");
  return listedByDate(rows, input.limit, viewDelivery);
}

/** As in the list, and what was sent and answered (its first 500 characters). */
export type WholeDelivery = DeliveryView & { payload: Record<string, unknown>; response: string | null };

/** @throws AppError `not_found` */
export async function delivery(ctx: Ctx, webhookId: string, id: string): Promise<WholeDelivery> {
  const hook = { orgId: ctx.actor.orgId, id: webhookId };
  const [[row]] = await tenantBatch(ctx, (db) => [findDelivery(db, hook, id)]);
  if (!row) throw new AppError("not_found");
  return { ...viewDelivery(row), payload: row.payload, response: row.response };
}
