/** The organization's models. */
import { Hono } from "hono";
import { cancel } from "../../domain/models/cancel.ts";
import { ChangeModelInput, change } from "../../domain/models/change.ts";
import { get } from "../../domain/models/get.ts";
import { allow, ctxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";
import { jsonBody, valid } from "../validate.ts";

export const models = new Hono<HttpEnv>()
  .get("/", allow("models:read"), async (c) => c.json({ models: await get(ctxOf(c)) }))
  .post("/embedding", allow("models:write"), jsonBody(), valid("json", ChangeModelInput), async (c) =>
    c.json({ models: await change(ctxOf(c), c.req.valid("json")) }, 202, { location: "/api/v1/models" }),
  )
  .delete("/embedding/change", allow("models:write"), async (c) =>
    c.json({ models: await cancel(ctxOf(c)) }),
  );
