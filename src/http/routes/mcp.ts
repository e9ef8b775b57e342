/** The interface that MCP clients speak, at https://HOST/mcp: a message in, JSON out, and nothing kept in between. */
import { Hono } from "hono";
import { allow, orgCtxOf } from "../auth.ts";
import { eraOf } from "../mcp/era.ts";
import { challenge, protectedResource } from "../mcp/protected-resource.ts";
import { errorReply, type Id, RpcError, readMessage } from "../mcp/rpc.ts";
import { answer } from "../mcp/server.ts";
import type { HttpEnv } from "../types.ts";
import { MAX_JSON_BYTES } from "../uploads.ts";
import { jsonBody } from "../validate.ts";

export const mcp = new Hono<HttpEnv>()
  .use(challenge)
  .post("/", allow("mcp"), jsonBody(MAX_JSON_BYTES), async (c) => {
    let id: Id | undefined;
    try {
      const message = readMessage(await c.req.text());
      if (!message) return c.body(null, 202);
      id = message.id;
      const era = eraOf((name) => c.req.header(name), message);
      const ctx = { ...orgCtxOf(c), maxFileBytes: c.var.runtime.settings.maxFileBytes };
      return c.json({ jsonrpc: "2.0", id, result: await answer(ctx, era, message) });
    } catch (thrown) {
      if (!(thrown instanceof RpcError)) throw thrown;
      c.var.log.add({ rpc_error: thrown.code });
      return c.json(errorReply(id, thrown), thrown.status);
    }
  });

/** RFC 9728 §3.1: for the host as a whole, and for the one path that it is about. */
export const protectedResources = new Hono<HttpEnv>()
  .use(async (c, next) => {
    await next();
    // Nobody's secret; a client in a browser reads it before it has anything to show.
    c.res.headers.set("access-control-allow-origin", "*");
  })
  .get("/", (c) => c.json(protectedResource(new URL(c.req.url).origin)))
  .get("/mcp", (c) => c.json(protectedResource(new URL(c.req.url).origin)));
