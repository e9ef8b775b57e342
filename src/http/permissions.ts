/** Who may do what: the one table. A route names its action; http/auth.ts checks it. */
import type { Role } from "../context.ts";

export const PERMISSIONS = {
  "account:read": ["admin", "member", "viewer"],
  "documents:read": ["admin", "member"],
  "documents:write": ["admin", "member"],
  search: ["admin", "member", "viewer"],
  ask: ["admin", "member", "viewer"],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof PERMISSIONS;

export function may(role: Role, action: Action): boolean {
  return (PERMISSIONS[action] as readonly Role[]).includes(role);
}
