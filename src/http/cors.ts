/** Which web pages of other origins may call: those an organization lists, and widgets on their own pages. */
import type { Context, MiddlewareHandler } from "hono";
import type { Actor, SuperadminActor } from "../context.ts";
import { mayCallFrom } from "../domain/keys/admit-origin.ts";
import { AppError } from "../errors.ts";
import type { HttpEnv } from "./types.ts";

const METHODS = "GET, POST, PUT, PATCH, DELETE";
/** The AI SDK names itself as the user agent, which a page may set; MCP repeats in headers what its messages are. */
const REQUEST_HEADERS =
  "authorization, content-type, accept, last-event-id, idempotency-key, user-agent, mcp-protocol-version, mcp-method, mcp-name, traceparent, tracestate";
const RESPONSE_HEADERS =
  "x-request-id, location, content-disposition, retry-after, ratelimit, ratelimit-policy, www-authenticate, traceresponse";
const PREFLIGHT_SECONDS = "600";

/**
 * Answers preflights and adds the headers that let a page read an answer. A preflight names no organization, so it
 * promises nothing: the request itself is refused when its page is not allowed ({@link admitOrigin}). There are no
 * cookies that open anything, hence no credentials mode.
 */
export const cors: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const origin = foreignOrigin(c);
  if (origin === undefined) return next();
  if (c.req.method === "OPTIONS" && c.req.header("access-control-request-method")) {
    return c.body(null, 204, {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": REQUEST_HEADERS,
      "access-control-max-age": PREFLIGHT_SECONDS,
      vary: "Origin",
    });
  }
  await next();
  c.res.headers.append("vary", "Origin");
  // A refusal holds nobody's data, and a page must be able to tell an expired token from a broken network.
  const nobodys = c.var.actor === undefined && c.res.status >= 400;
  if (c.var.originAllowed || nobodys) {
    c.res.headers.set("access-control-allow-origin", origin);
    c.res.headers.set("access-control-expose-headers", RESPONSE_HEADERS);
  }
};

/**
 * Refuses a call from a page of another origin that `actor`'s organization does not list.
 * @throws AppError `forbidden`
 */
export async function admitOrigin(c: Context<HttpEnv>, actor: Actor | SuperadminActor): Promise<void> {
  const origin = foreignOrigin(c);
  if (origin === undefined) return;
  if (actor.kind === "superadmin") {
    throw new AppError("forbidden", { detail: "The platform is run from its own pages only." });
  }
  // A widget token names the one origin it works on; http/credentials.ts has compared it.
  const allowed =
    actor.kind === "widget" ||
    (await mayCallFrom(c.var.base, c.var.runtime.known.origins, actor.orgId, origin));
  if (!allowed) {
    throw new AppError("forbidden", {
      detail: `Your organization does not list ${origin.slice(0, 255)} among the web pages that may call.`,
    });
  }
  c.set("originAllowed", true);
}

/** The page's origin when it is not our own. Anything but a browser sends none. */
function foreignOrigin(c: Context<HttpEnv>): string | undefined {
  const origin = c.req.header("origin");
  return origin === undefined || origin === new URL(c.req.url).origin ? undefined : origin;
}
