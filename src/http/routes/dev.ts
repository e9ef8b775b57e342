/** What only somebody's own machine has: the mailbox that shows every e-mail instead of sending it. */
import { Hono, type MiddlewareHandler } from "hono";
import { AppError } from "../../errors.ts";
import type { HttpEnv } from "../types.ts";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Cloudflare marks every request with `cf-ray`, and no client can take that away. */
export const refuseDeployed: MiddlewareHandler<HttpEnv> = async (c, next) => {
  if (c.var.runtime.mailbox && c.req.header("cf-ray") !== undefined) {
    throw new AppError("internal", {
      cause: new Error("DEV_MAILBOX is set in a deployed Worker; remove it"),
    });
  }
  await next();
};

/** Mounted at /dev; nothing is here unless the mailbox is on and the caller names this machine as the host. */
export const dev = new Hono<HttpEnv>().get("/mailbox", (c) => {
  const { hostname } = new URL(c.req.url);
  const { mailbox } = c.var.runtime;
  if (!mailbox || !LOOPBACK.test(hostname)) throw new AppError("not_found", { detail: "No such path." });
  const to = c.req.query("to")?.toLowerCase();
  c.header("cache-control", "no-store");
  return c.json({ data: mailbox().filter((message) => to === undefined || message.to === to) });
});
