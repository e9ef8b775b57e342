/** Who may do what: the one table. A route names its action; http/auth.ts checks it. */
import type { Actor, Role, Scope } from "../context.ts";

type Row = {
  roles: readonly Role[];
  /** An API key may do it when it has this scope, or one of these; without any, no key may. */
  scope?: Scope | readonly Scope[];
  /** A widget token may do it. */
  widget?: true;
  /** Only people with access to internal documents may do it. */
  internal?: true;
};

const ALL = ["admin", "member", "viewer"] as const;
const STAFF = ["admin", "member"] as const;
const ADMIN = ["admin"] as const;

export const PERMISSIONS = {
  "account:read": { roles: ALL },
  "account:write": { roles: ALL },
  "org:read": { roles: ALL },
  "org:write": { roles: ADMIN },
  "org:delete": { roles: ADMIN },
  "employees:read": { roles: ADMIN },
  "employees:write": { roles: ADMIN },
  "groups:read": { roles: STAFF },
  "groups:write": { roles: ADMIN },
  "keys:read": { roles: ADMIN },
  "keys:write": { roles: ADMIN },
  "identity:read": { roles: ADMIN },
  "identity:write": { roles: ADMIN },
  "audit:read": { roles: ADMIN },
  "analytics:read": { roles: ADMIN, scope: "analytics:read" },
  "analytics:people": { roles: ADMIN },
  "evals:read": { roles: ADMIN, scope: "evals" },
  "evals:write": { roles: ADMIN, scope: "evals" },
  "feedback:read": { roles: ADMIN },
  "feedback:write": { roles: ALL, scope: "chat", widget: true },
  "usage:read": { roles: ADMIN, scope: "analytics:read" },
  "documents:read": { roles: STAFF, scope: "documents:read" },
  "documents:write": { roles: STAFF, scope: "documents:write" },
  "sources:read": { roles: STAFF, scope: "documents:read" },
  "sources:write": { roles: STAFF, scope: "documents:write" },
  "knowledge:read": { roles: STAFF, scope: "documents:read" },
  "knowledge:write": { roles: ADMIN },
  "webhooks:read": { roles: ADMIN },
  "webhooks:write": { roles: ADMIN },
  "models:read": { roles: ADMIN },
  "models:write": { roles: ADMIN },
  "telemetry:read": { roles: ADMIN, internal: true },
  "telemetry:write": { roles: ADMIN, internal: true },
  search: { roles: ALL, scope: "search" },
  ask: { roles: ALL, scope: "chat", widget: true },
  // Behind it every tool demands its own.
  mcp: { roles: ALL, scope: ["search", "chat", "documents:read", "documents:write"] },
} as const satisfies Record<string, Row>;

export type Action = keyof typeof PERMISSIONS;

/** Scopes of which an API key needs one. */
export function scopesOf(action: Action): readonly Scope[] {
  const { scope = [] }: Row = PERMISSIONS[action];
  return [scope].flat();
}

/** Does this role allow the action? */
export function may(role: Role, action: Action): boolean {
  return (PERMISSIONS[action].roles as readonly Role[]).includes(role);
}

/** The same for every kind of caller: people by role, keys by scope, widgets where the table says so. */
export function permits(actor: Actor, action: Action): boolean {
  const row: Row = PERMISSIONS[action];
  switch (actor.kind) {
    case "user":
      return may(actor.role, action) && (row.internal !== true || actor.access === "internal");
    case "key":
      return scopesOf(action).some((scope) => actor.scopes.includes(scope));
    case "widget":
      return row.widget === true;
    case "service":
      // Deferred work never comes through the front door.
      return false;
  }
}
