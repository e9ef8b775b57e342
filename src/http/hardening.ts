/** Headers that keep browsers from doing what we did not ask for, and requests that give secrets away refused. */
import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { AppError } from "../errors.ts";
import { PAGE_POLICY } from "./page-policy.ts";
import type { HttpEnv } from "./types.ts";

/** An API answer is data: should a browser ever show one as a page, that page can do nothing. */
const DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS = secureHeaders({
  strictTransportSecurity: "max-age=31536000; includeSubDomains",
  xFrameOptions: "DENY",
  referrerPolicy: "no-referrer",
  // The widget's script and the API are meant to be used by other sites' pages; CORS says by which.
  crossOriginResourcePolicy: "cross-origin",
  permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
});

/** A route that sets one of these itself keeps its own. */
export const hardening: MiddlewareHandler<HttpEnv> = async (c, next) => {
  refuseSecretsInUrl(c.req.url);
  await HEADERS(c, next);
  const { headers } = c.res;
  if (!headers.has("content-security-policy")) {
    const page = headers.get("content-type")?.startsWith("text/html") === true;
    headers.set("content-security-policy", page ? PAGE_POLICY : DATA_POLICY);
  }
  // Answers depend on who asks: no cache may hand one to somebody else.
  if (/^\/(api|v1|mcp)(\/|$)/.test(c.req.path) && !headers.has("cache-control"))
    headers.set("cache-control", "no-store");
};

/** Tokens and what is known about a person must not lie in anybody's cache. */
export const noStore: MiddlewareHandler<HttpEnv> = async (c, next) => {
  await next();
  c.res.headers.set("cache-control", "no-store");
};

const SECRET_NAMES = new Set([
  "access_token",
  "refresh_token",
  "id_token",
  "api_key",
  "apikey",
  "password",
  "authorization",
]);
const SECRET_VALUE = /^(?:Bearer\s|kal_live_[\w-]{22}_|kal_rt_|eyJ[\w-]+\.eyJ[\w-]+\.)/i;

/** Addresses end up in logs, histories and Referer headers. @throws AppError `invalid_request` */
function refuseSecretsInUrl(url: string): void {
  for (const [name, value] of new URL(url).searchParams) {
    if (SECRET_NAMES.has(name.toLowerCase()) || SECRET_VALUE.test(value)) {
      throw new AppError("invalid_request", {
        detail:
          "Never put a secret into an address: send it in the Authorization header. Consider this one leaked.",
      });
    }
  }
}
