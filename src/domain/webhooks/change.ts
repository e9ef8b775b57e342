/** Changes a webhook: where it goes, what it hears, whether it is on. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { checkUrl, Description, Events, Url } from "./create.ts";
import { cancelOfDisabled } from "./delivery-sql.ts";
import { get } from "./list.ts";
import { demandWebhook, updateWebhook } from "./sql.ts";
import { view, type WebhookView } from "./view.ts";

export const ChangeWebhookInput = z
  .strictObject({
    url: Url.optional(),
    events: Events.optional(),
    description: Description.optional(),
    /** Switched off, what waits is cancelled; switched on again, it starts with a clean record. */
    enabled: z.boolean().optional(),
  })
  .refine((input) => Object.values(input).some((value) => value !== undefined), {
    message: "say what to change: url, events, description or enabled",
  });
export type ChangeWebhookInput = z.infer<typeof ChangeWebhookInput>;

/** What waits goes to the new address. @throws AppError `not_found` | `url_refused` | `fetch_failed` */
export async function changeWebhook(ctx: Ctx, id: string, input: ChangeWebhookInput): Promise<WebhookView> {
  const { orgId } = ctx.actor;
  if (input.url !== undefined) {
    await get(ctx, id);
    await checkUrl(ctx, input.url);
  }
  const [, [row]] = await tenantBatch(ctx, (db) => [
    demandWebhook(db, orgId, id),
    updateWebhook(db, orgId, id, input),
    cancelOfDisabled(db, orgId),
    audit(db, {
      ...auditOf(ctx),
      action: "webhook.changed",
      target: { type: "webhook", id },
      detail: {
        ...(input.url === undefined ? {} : { host: new URL(input.url).host }),
        ...(input.events === undefined ? {} : { events: input.events.join(" ") }),
        ...(input.enabled === undefined ? {} : { enabled: input.enabled }),
      },
      result: "ok",
    }),
  ]);
  if (!row) throw new AppError("not_found");
  return view(row, ctx.now());
}
