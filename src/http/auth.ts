/** Proves the caller at the edge, with no database, and checks that the role allows the action. */
import type { Context, MiddlewareHandler } from "hono";
import type { Ctx, UserActor } from "../context.ts";
import { AppError } from "../errors.ts";
import { type Action, may } from "./permissions.ts";
import type { HttpEnv } from "./types.ts";

/** Which action each guarded handler demands; test/http/sweep.test.ts walks the routes with it. */
export const guarded = new WeakMap<object, Action>();

/**
 * Lets callers through whose access token is good and whose role may do `action`.
 * @example app.get("/documents", allow("documents:read"), handler)
 */
export function allow(action: Action): MiddlewareHandler<HttpEnv> {
  const guard: MiddlewareHandler<HttpEnv> = async (c, next) => {
    const header = c.req.header("authorization") ?? "";
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (!token)
      throw new AppError("unauthenticated", { detail: "Send an access token: `Authorization: Bearer …`." });
    const { tokens, limit } = c.var.runtime;
    const base = c.var.base;
    const actor = await base.log.step("auth", () => tokens.verify(token, base.now()));
    base.log.add({ org: actor.orgId, user: actor.userId });
    if (!(await limit("api", actor.userId))) throw new AppError("rate_limited", { retryAfter: 60 });
    if (!may(actor.role, action)) {
      throw new AppError("forbidden", { detail: `A ${actor.role} may not do this (${action}).` });
    }
    c.set("actor", actor);
    await next();
  };
  guarded.set(guard, action);
  return guard;
}

/** The verb's context, behind {@link allow}. */
export function ctxOf(c: Context<HttpEnv>): Ctx<UserActor> {
  const actor = c.var.actor;
  if (actor?.kind !== "user") throw new AppError("unauthenticated");
  return { ...c.var.base, actor };
}
