/** Proves the caller at the edge and checks that the permission table allows the action. */
import type { Context, MiddlewareHandler } from "hono";
import type { Actor, Ctx, PlatformCtx, SuperadminActor, UserActor } from "../context.ts";
import { AppError } from "../errors.ts";
import { admitOrigin } from "./cors.ts";
import { type Caller, forget, identify } from "./credentials.ts";
import { limitActor } from "./limits.ts";
import { type Action, permits, scopesOf } from "./permissions.ts";
import type { HttpEnv } from "./types.ts";

/** Which action each guarded handler demands; test/http/sweep.test.ts walks the routes with it. */
export const guarded = new WeakMap<object, Action | "platform">();

/**
 * Lets callers through whose credential is good and whom the table allows `action`.
 * @example app.get("/documents", allow("documents:read"), handler)
 */
export function allow(action: Action): MiddlewareHandler<HttpEnv> {
  const guard: MiddlewareHandler<HttpEnv> = async (c, next) => {
    const caller = await c.var.base.log.step("auth", () => identify(c));
    if (caller.kind === "superadmin") {
      c.var.log.add({ superadmin: caller.userId });
      throw new AppError("forbidden", { detail: "A superadmin runs organizations and looks into none." });
    }
    c.var.log.add({ org: caller.orgId, ...nameOf(caller) });
    await c.var.base.log.step("limits", () => limitActor(c, caller), { span: false });
    demand(caller, action);
    // Like a role that has nothing but its own account: verifying the e-mail is the way out.
    if (caller.kind === "user" && caller.unverified && !action.startsWith("account:")) {
      throw new AppError("email_verification_required", {
        detail: "Verify your e-mail, then refresh your session.",
      });
    }
    await admitOrigin(c, caller);
    c.set("actor", caller);
    await next();
    if (c.error instanceof AppError && c.error.code === "session_revoked") forget(c);
  };
  guarded.set(guard, action);
  return guard;
}

/** @throws AppError `forbidden`; a key is told as `scope` which scopes would do, one of them each */
export function demand(caller: Actor, action: Action): void {
  if (permits(caller, action)) return;
  const scope = caller.kind === "key" ? scopesOf(action).join(" ") : "";
  throw new AppError("forbidden", {
    detail: `${describe(caller)} may not do this (${action}).`,
    ...(scope === "" ? {} : { extra: { scope } }),
  });
}

/** Lets superadmins through and nobody else. */
export function allowPlatform(): MiddlewareHandler<HttpEnv> {
  const guard: MiddlewareHandler<HttpEnv> = async (c, next) => {
    const caller = await c.var.base.log.step("auth", () => identify(c));
    if (caller.kind !== "superadmin") {
      throw new AppError("forbidden", { detail: "Only a superadmin may do this." });
    }
    c.var.log.add({ superadmin: caller.userId });
    await c.var.base.log.step("limits", () => limitActor(c, caller), { span: false });
    await admitOrigin(c, caller);
    c.set("superadmin", caller);
    await next();
  };
  guarded.set(guard, "platform");
  return guard;
}

/** The verb's context on a route for people, behind {@link allow}. */
export function ctxOf(c: Context<HttpEnv>): Ctx<UserActor> {
  const { actor } = c.var;
  if (!actor) throw new AppError("unauthenticated");
  if (actor.kind !== "user") throw new AppError("forbidden", { detail: "Only a person may do this." });
  return { ...c.var.base, actor };
}

/** The verb's context on a route that API keys or widgets may call as well, behind {@link allow}. */
export function orgCtxOf(c: Context<HttpEnv>): Ctx {
  const { actor } = c.var;
  if (!actor) throw new AppError("unauthenticated");
  return { ...c.var.base, actor };
}

/** The verb's context behind {@link allowPlatform}. */
export function platformCtxOf(c: Context<HttpEnv>): PlatformCtx {
  const { superadmin } = c.var;
  if (!superadmin) throw new AppError("unauthenticated");
  return { ...c.var.base, actor: superadmin };
}

function nameOf(actor: Exclude<Caller, SuperadminActor>): Record<string, string> {
  switch (actor.kind) {
    case "user":
      return { user: actor.userId };
    case "key":
      return { key: actor.keyId };
    case "widget":
      return { widget: actor.keyId, visitor: actor.visitorId };
  }
}

function describe(actor: Actor): string {
  switch (actor.kind) {
    case "user":
      return `A ${actor.role}`;
    case "key":
      return `An API key with ${actor.scopes.join(", ")}`;
    default:
      return `A ${actor.kind}`;
  }
}
