/** Reference: webhooks and what was sent to them. */
import * as z from "zod";
import type { CreatedWebhook } from "../../../domain/webhooks/create.ts";
import type { WholeDelivery } from "../../../domain/webhooks/deliveries.ts";
import type { DeliveryView, WebhookView } from "../../../domain/webhooks/view.ts";
import { DELIVERY_STATUSES, WEBHOOK_EVENTS } from "../../../infra/db/schema.ts";
import { exactly, group, id, moment, page } from "../entry.ts";
import { A, SOME } from "../examples.ts";

const Webhook = exactly<WebhookView>()(
  z.strictObject({
    id,
    url: z.string(),
    description: z.string(),
    events: z.array(z.enum(WEBHOOK_EVENTS)),
    enabled: z.boolean(),
    disabled_reason: z
      .enum(["gone", "failing"])
      .nullable()
      .describe("Why we switched it off: `gone` (410) or `failing` (for five days)."),
    disabled_at: moment.nullable(),
    failures: z.int().describe("Tries in a row that did not get through."),
    failing_since: moment.nullable(),
    previous_signs_until: moment
      .nullable()
      .describe("Until then messages carry a signature of the secret before the last rotation as well."),
    created_by: id.nullable(),
    created_at: moment,
    updated_at: moment,
  }),
).meta({ id: "Webhook" });

const delivery = {
  id,
  message_id: z.string().describe("`webhook-id` at its receiver."),
  event: z.enum([...WEBHOOK_EVENTS, "webhook.test"]),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.int(),
  next_attempt_at: moment.nullable(),
  last_status: z.int().nullable(),
  last_error: z.string().nullable(),
  duration_ms: z.int().nullable(),
  created_at: moment,
  delivered_at: moment.nullable(),
};
const Delivery = exactly<DeliveryView>()(z.strictObject(delivery)).meta({ id: "Delivery" });
const Whole = exactly<WholeDelivery>()(
  z.strictObject({
    ...delivery,
    payload: z.record(z.string(), z.unknown()),
    response: z.string().nullable().describe("Its first 500 characters."),
  }),
).meta({ id: "WholeDelivery" });

const One = z.strictObject({ webhook: Webhook });
const Created = exactly<CreatedWebhook>()(
  z.strictObject({
    webhook: Webhook,
    secret: z.string().describe("Signs the messages (standardwebhooks.com); it is in no later answer."),
  }),
);
const checking = ["url_refused", "fetch_failed"] as const;
const someDelivery = { path: { id: SOME.webhook, delivery_id: SOME.delivery } };

export const webhooks = group("Webhooks", "Messages to your own servers about what happens to documents.", {
  "POST /api/v1/webhooks": {
    id: "createWebhook",
    summary: "Add a webhook",
    answers: { 201: Created },
    errors: [...checking, "too_many_webhooks"],
    example: { body: { url: A.hook, events: ["document.ready", "document.failed"], description: "Search" } },
  },
  "GET /api/v1/webhooks": {
    id: "listWebhooks",
    summary: "List webhooks",
    answers: { 200: page(Webhook) },
  },
  "GET /api/v1/webhooks/:id": {
    id: "getWebhook",
    summary: "How a webhook is doing",
    answers: { 200: One },
    example: { path: { id: SOME.webhook } },
  },
  "PATCH /api/v1/webhooks/:id": {
    id: "changeWebhook",
    summary: "Change a webhook",
    description: "Switched off, what waits is cancelled.",
    answers: { 200: One },
    errors: checking,
    example: { path: { id: SOME.webhook }, body: { events: ["batch.completed"] } },
  },
  "DELETE /api/v1/webhooks/:id": {
    id: "deleteWebhook",
    summary: "Delete a webhook and its messages",
    answers: { 200: z.strictObject({ deleted: z.strictObject({ id }) }) },
    example: { path: { id: SOME.webhook } },
  },
  "POST /api/v1/webhooks/:id/rotate": {
    id: "rotateWebhook",
    summary: "Give a webhook a new secret",
    description: "Messages are signed with both for `overlap_seconds`.",
    answers: { 200: Created },
    example: { path: { id: SOME.webhook }, body: { overlap_seconds: 3600 } },
  },
  "POST /api/v1/webhooks/:id/test": {
    id: "testWebhook",
    summary: "Send a test message",
    answers: { 202: z.strictObject({ delivery: Delivery }) },
    errors: ["webhook_disabled"],
    example: { path: { id: SOME.webhook } },
  },
  "GET /api/v1/webhooks/:id/deliveries": {
    id: "listDeliveries",
    summary: "List messages of the last 30 days",
    answers: { 200: page(Delivery) },
    example: { path: { id: SOME.webhook } },
  },
  "GET /api/v1/webhooks/:id/deliveries/:delivery_id": {
    id: "getDelivery",
    summary: "One message, and what was answered",
    answers: { 200: z.strictObject({ delivery: Whole }) },
    example: someDelivery,
  },
  "POST /api/v1/webhooks/:id/deliveries/:delivery_id/replay": {
    id: "replayDelivery",
    summary: "Send a message again",
    answers: { 202: z.strictObject({ delivery: Whole }) },
    errors: ["webhook_disabled"],
    example: someDelivery,
  },
});
