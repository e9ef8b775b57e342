/** Keys as the API shows them: everything but their secrets. */
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { iso } from "../moment.ts";
import { keyPrefix, widgetKey } from "./key-text.ts";
import type { apiKeyColumns, widgetKeyColumns } from "./sql.ts";

export type KeyStatus = "active" | "expired" | "revoked";

export type ApiKeyView = ReturnType<typeof viewApiKey>;
export type WidgetKeyView = ReturnType<typeof viewWidgetKey>;

export function viewApiKey(row: SelectResultFields<typeof apiKeyColumns>, now: Date) {
  return {
    id: row.id,
    name: row.name,
    prefix: keyPrefix(row.id),
    scopes: row.scopes,
    access: row.access,
    groups: row.groups,
    status: status(row.revokedAt, row.expiresAt, now),
    created_by: row.createdBy,
    created_at: iso(row.createdAt),
    expires_at: iso(row.expiresAt),
    last_used_at: iso(row.lastUsedAt),
    revoked_at: iso(row.revokedAt),
    /** Until then the secret of before the last rotation works as well. */
    previous_works_until:
      row.previousUntil !== null && new Date(row.previousUntil) > now ? iso(row.previousUntil) : null,
  };
}

export function viewWidgetKey(row: SelectResultFields<typeof widgetKeyColumns>, now: Date) {
  return {
    id: row.id,
    name: row.name,
    key: widgetKey(row.id),
    allowed_origins: row.allowedOrigins,
    status: status(row.revokedAt, null, now),
    created_by: row.createdBy,
    created_at: iso(row.createdAt),
    last_used_at: iso(row.lastUsedAt),
    revoked_at: iso(row.revokedAt),
  };
}

function status(revokedAt: string | null, expiresAt: string | null, now: Date): KeyStatus {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && new Date(expiresAt) <= now ? "expired" : "active";
}
