/** The organization's own identity provider: look, connect, disconnect. */
import { Hono } from "hono";
import { connect } from "../../domain/identity/connect.ts";
import { disconnect } from "../../domain/identity/disconnect.ts";
import { get } from "../../domain/identity/get.ts";
import { IdentityInput } from "../../domain/identity/provider.ts";
import { allow, ctxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";
import { jsonBody, valid } from "../validate.ts";

export const identity = new Hono<HttpEnv>()
  .get("/", allow("identity:read"), async (c) => c.json({ identity: await get(ctxOf(c)) }))
  .put("/", allow("identity:write"), jsonBody(), valid("json", IdentityInput), async (c) =>
    c.json({ identity: await connect(ctxOf(c), c.req.valid("json")) }),
  )
  .delete("/", allow("identity:write"), async (c) => {
    await disconnect(ctxOf(c));
    return c.json({ deleted: true });
  });
