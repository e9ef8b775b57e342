/** An employee as admins see one. */
import type { SelectResultFields } from "drizzle-orm/query-builders/select.types";
import { iso } from "../moment.ts";
import type { columns } from "./sql.ts";

export type EmployeeView = ReturnType<typeof view>;

export function view(row: SelectResultFields<typeof columns>) {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    access: row.access,
    /** What an admin decided about `access`; null when it follows from the e-mail's domain. */
    access_override: row.accessOverride,
    status: row.status,
    groups: row.groups,
    email_verified: row.emailVerifiedAt !== null,
    last_seen_at: iso(row.lastSeenAt),
    created_at: iso(row.createdAt),
  };
}
