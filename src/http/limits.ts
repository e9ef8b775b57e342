/** Bursts: how often one address may try to sign in. People are limited in http/auth.ts, once we know them. */
import type { MiddlewareHandler } from "hono";
import { AppError } from "../errors.ts";
import type { HttpEnv } from "./types.ts";

/** Limits by the address that Cloudflare saw; locally there is only one. */
export const limitByAddress: MiddlewareHandler<HttpEnv> = async (c, next) => {
  if (!(await c.var.runtime.limit("auth", c.var.base.client.address)))
    throw new AppError("rate_limited", { retryAfter: 60 });
  await next();
};
