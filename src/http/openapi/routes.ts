/** Every route of the app with what it demands: the action of the permission table, and the schemas that check it. */
import type { Hono } from "hono";
import type * as z from "zod";
import { guarded } from "../auth.ts";
import type { Action } from "../permissions.ts";
import type { HttpEnv } from "../types.ts";
import { checked, type Target } from "../validate.ts";

export type Route = {
  /** `GET /api/v1/documents/:id`. */
  name: string;
  method: string;
  path: string;
  /** Undefined: open to everyone. */
  action: Action | "platform" | undefined;
  schemas: Partial<Record<Target, z.ZodType>>;
};

/** By path, then as they are mounted; middleware (method ALL) is no route. */
export function routesOf(app: Hono<HttpEnv>): Route[] {
  const found = new Map<string, Route>();
  for (const { method, path: mounted, handler } of app.routes) {
    if (method === "ALL") continue;
    const path = mounted.replace(/(?<=.)\/$/, "");
    const name = `${method} ${path}`;
    const route = found.get(name) ?? { name, method, path, action: undefined, schemas: {} };
    route.action ??= guarded.get(handler);
    const check = checked.get(handler);
    if (check) route.schemas[check.target] = check.schema;
    found.set(name, route);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
