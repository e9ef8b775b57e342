/** Webhooks and their messages as the API shows them: never a secret. */
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { iso } from "../moment.ts";
import type { columns as deliveryColumns } from "./delivery-sql.ts";
import { messageId } from "./sign.ts";
import type { columns } from "./sql.ts";

export type WebhookView = ReturnType<typeof view>;
export type DeliveryView = ReturnType<typeof viewDelivery>;

export function view(row: SelectResultFields<typeof columns>, now: Date) {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    enabled: row.enabled,
    /** Why we switched it off: `gone` (410) or `failing` (for five days); null when a person did. */
    disabled_reason: row.disabledReason,
    disabled_at: iso(row.disabledAt),
    /** Tries in a row that did not get through, and since when. */
    failures: row.failures,
    failing_since: iso(row.failingSince),
    /** Until then messages carry a signature of the secret before the last rotation as well. */
    previous_signs_until:
      row.previousUntil !== null && new Date(row.previousUntil) > now ? iso(row.previousUntil) : null,
    created_by: row.createdBy,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}

export function viewDelivery(row: SelectResultFields<typeof deliveryColumns>) {
  return {
    id: row.id,
    /** `webhook-id` at its receiver. */
    message_id: messageId(row.id),
    event: row.event,
    status: row.status,
    attempts: row.attempts,
    next_attempt_at: row.status === "pending" ? iso(row.nextAttemptAt) : null,
    last_status: row.lastStatus,
    last_error: row.lastError,
    duration_ms: row.durationMs,
    created_at: iso(row.createdAt),
    delivered_at: iso(row.deliveredAt),
  };
}
