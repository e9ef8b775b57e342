/** A name that a browser keeps for us, so that its owner can sign in while somebody else guesses at the account. */
import { randomBytes } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { HttpEnv } from "./types.ts";

const NAME = "kalamna_device";
const SECONDS = 90 * 86_400;

/**
 * Puts the name into `base.client.device` and renews it after a success. It opens nothing: it only says that this
 * browser has signed in to the account before (domain/limits/login-guard.ts), so it needs no protection against CSRF.
 */
export const knowDevice: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const given = getCookie(c, NAME);
  const device = given && /^[\w-]{22}$/.test(given) ? given : randomBytes(16).toString("base64url");
  const { base } = c.var;
  c.set("base", { ...base, client: { ...base.client, device } });
  await next();
  if (!c.res.ok) return;
  setCookie(c, NAME, device, {
    path: "/api/v1/auth",
    httpOnly: true,
    sameSite: "Strict",
    // A page on this machine has no TLS, and some browsers then drop Secure cookies.
    secure: c.req.url.startsWith("https:"),
    maxAge: SECONDS,
  });
};
