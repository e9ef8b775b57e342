/** A taught answer as the API shows it. */
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import type { Actor } from "../../context.ts";
import { iso } from "../moment.ts";
import type { columns, versionColumns } from "./sql.ts";

export const TAUGHT_STATES = ["active", "disabled", "expired"] as const;
export type TaughtState = (typeof TAUGHT_STATES)[number];

export type TaughtView = ReturnType<typeof view>;
export type TaughtVersionView = ReturnType<typeof viewVersion>;

/** The note is for admins. */
export function view(row: SelectResultFields<typeof columns>, actor: Actor) {
  return {
    id: row.id,
    version: row.version,
    question: row.question,
    variants: row.variants,
    answer: row.answer,
    access_level: row.accessLevel,
    groups: row.groups,
    expires_at: iso(row.expiresAt),
    enabled: row.enabled,
    state: row.state,
    ...(actor.kind === "user" && actor.role === "admin" ? { note: row.note } : {}),
    created_by: row.createdBy,
    updated_by: row.updatedBy,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}

export function viewVersion(row: SelectResultFields<typeof versionColumns>) {
  return {
    version: row.version,
    question: row.question,
    variants: row.variants,
    answer: row.answer,
    access_level: row.accessLevel,
    groups: row.groups,
    expires_at: iso(row.expiresAt),
    enabled: row.enabled,
    note: row.note,
    changed_by: row.changedBy,
    created_at: iso(row.createdAt),
  };
}
