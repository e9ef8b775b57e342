/** Bursts: how much one address, caller or organization may ask in a minute, and the headers that say what is left. */
import type { Context, MiddlewareHandler } from "hono";
import type { Actor, QuotaState, SuperadminActor } from "../context.ts";
import { networkOf } from "../domain/limits/network.ts";
import { AppError } from "../errors.ts";
import type { Burst } from "../runtime.ts";
import type { HttpEnv } from "./types.ts";

/** As wrangler.toml configures the bindings; test/architecture/limits.test.ts compares. Seconds. */
export const BURSTS = {
  /** Sign-in and everything else before it, per address. */
  auth: { quota: 20, window: 60 },
  /** One person or API key. */
  api: { quota: 600, window: 60 },
  /** One organization, whoever acts. */
  org: { quota: 3_000, window: 60 },
  /** A widget's visitors behind one address. */
  widget: { quota: 30, window: 60 },
} as const satisfies Record<Burst, { quota: number; window: number }>;

/** Limits by the address that Cloudflare saw; locally there is only one. */
export const limitByAddress: MiddlewareHandler<HttpEnv> = async (c, next) => {
  await spend(c, "auth", networkOf(c.var.base.client.address));
  await next();
};

/** The same for visitors of web pages, who must not use up the sign-ins of an office they share an address with. */
export const limitVisitors: MiddlewareHandler<HttpEnv> = async (c, next) => {
  await spend(c, "widget", `token:${networkOf(c.var.base.client.address)}`);
  await next();
};

/** @throws AppError `rate_limited` when the caller or the whole organization asks too much */
export async function limitActor(c: Context<HttpEnv>, actor: Actor | SuperadminActor): Promise<void> {
  if (actor.kind === "superadmin") return spend(c, "api", actor.userId);
  if (actor.kind === "widget")
    await spend(c, "widget", `${actor.keyId}:${networkOf(c.var.base.client.address)}`);
  else if (actor.kind !== "service")
    await spend(c, "api", actor.kind === "user" ? actor.userId : actor.keyId);
  await spend(c, "org", actor.orgId);
}

async function spend(c: Context<HttpEnv>, kind: Burst, key: string): Promise<void> {
  const { quota, window } = BURSTS[kind];
  const within = await c.var.runtime.limit(kind, key);
  c.var.limits.push({ name: kind, quota, window, ...(within ? {} : { remaining: 0, reset: window }) });
  if (!within) throw new AppError("rate_limited", { retryAfter: window });
}

/** Writes the RateLimit headers of whatever was spent on the way (draft-ietf-httpapi-ratelimit-headers-10). */
export const limitHeaders: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const limits: QuotaState[] = [];
  c.set("limits", limits);
  c.set("base", { ...c.var.base, onQuota: (state) => void limits.push(state) });
  await next();
  if (limits.length === 0) return;
  c.res.headers.set(
    "ratelimit-policy",
    limits.map(({ name, quota, window }) => `"${name}";q=${quota};w=${window}`).join(", "),
  );
  const left = limits.filter(({ remaining }) => remaining !== undefined);
  if (left.length > 0) {
    c.res.headers.set(
      "ratelimit",
      left
        .map(
          ({ name, remaining, reset }) =>
            `"${name}";r=${remaining}${reset === undefined ? "" : `;t=${reset}`}`,
        )
        .join(", "),
    );
  }
};
