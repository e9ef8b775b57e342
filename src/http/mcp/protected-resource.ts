/** Where MCP clients learn how to get in: OAuth protected resource metadata (RFC 9728), and the challenges that name it. */
import type { MiddlewareHandler } from "hono";
import { scopesOf } from "../permissions.ts";
import type { HttpEnv } from "../types.ts";

const DOCUMENT = "/.well-known/oauth-protected-resource/mcp";

/**
 * No authorization server is named: ours signs in people by password and refreshes, which is no grant that a client of
 * MCP may use, and whose identity provider it would be is known only once somebody shows a token.
 * @param origin `https://host`
 */
export const protectedResource = (origin: string) => ({
  resource: `${origin}/mcp`,
  resource_name: "Kalamna",
  bearer_methods_supported: ["header"],
  scopes_supported: scopesOf("mcp"),
});

/** Adds to a refusal where to read on; first on the route, so that it sees what every other middleware refuses. */
export const challenge: MiddlewareHandler<HttpEnv> = async (c, next) => {
  await next();
  const { headers, status } = c.res;
  const said = headers.get("www-authenticate");
  if (said === null) return;
  const parts = [said, `resource_metadata="${new URL(c.req.url).origin}${DOCUMENT}"`];
  if (status === 401) {
    if (c.req.header("authorization")) parts.push('error="invalid_token"');
    parts.push(`scope="${scopesOf("mcp").join(" ")}"`);
  }
  headers.set("www-authenticate", parts.join(", "));
};
