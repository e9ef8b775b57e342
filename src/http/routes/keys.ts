/** API keys for software, widget keys for web pages, and the token a widget gets for its key. */
import { Hono } from "hono";
import { AdmitInput, admitWidget } from "../../domain/keys/admit-widget.ts";
import { CreateKeyInput, createKey } from "../../domain/keys/create.ts";
import { CreateWidgetInput, createWidget } from "../../domain/keys/create-widget.ts";
import { ListKeysInput, ListWidgetKeysInput, listKeys, listWidgets } from "../../domain/keys/list.ts";
import { revoke } from "../../domain/keys/revoke.ts";
import { RotateKeyInput, rotateKey } from "../../domain/keys/rotate.ts";
import { UpdateWidgetInput, updateWidget } from "../../domain/keys/update-widget.ts";
import { allow, ctxOf } from "../auth.ts";
import { limitVisitors } from "../limits.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, valid } from "../validate.ts";

export const apiKeys = new Hono<HttpEnv>()
  .post("/", allow("keys:write"), jsonBody(), valid("json", CreateKeyInput), async (c) => {
    const created = await createKey(ctxOf(c), c.req.valid("json"));
    return c.json(created, 201);
  })
  .get("/", allow("keys:read"), valid("query", ListKeysInput), async (c) =>
    c.json(await listKeys(ctxOf(c), c.req.valid("query"))),
  )
  .post(
    "/:id/rotate",
    allow("keys:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", RotateKeyInput),
    async (c) => c.json(await rotateKey(ctxOf(c), c.req.valid("param").id, c.req.valid("json"))),
  )
  .delete("/:id", allow("keys:write"), valid("param", IdParam), async (c) =>
    c.json({ revoked: await revoke(ctxOf(c), "api_key", c.req.valid("param").id) }),
  );

export const widgetKeys = new Hono<HttpEnv>()
  .post("/", allow("keys:write"), jsonBody(), valid("json", CreateWidgetInput), async (c) =>
    c.json({ widget_key: await createWidget(ctxOf(c), c.req.valid("json")) }, 201),
  )
  .get("/", allow("keys:read"), valid("query", ListWidgetKeysInput), async (c) =>
    c.json(await listWidgets(ctxOf(c), c.req.valid("query"))),
  )
  .patch(
    "/:id",
    allow("keys:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", UpdateWidgetInput),
    async (c) =>
      c.json({ widget_key: await updateWidget(ctxOf(c), c.req.valid("param").id, c.req.valid("json")) }),
  )
  .delete("/:id", allow("keys:write"), valid("param", IdParam), async (c) =>
    c.json({ revoked: await revoke(ctxOf(c), "widget_key", c.req.valid("param").id) }),
  );

export const widget = new Hono<HttpEnv>().post(
  "/token",
  limitVisitors,
  jsonBody(),
  valid("json", AdmitInput),
  async (c) => {
    const { base, runtime } = c.var;
    const admitted = await admitWidget(
      base,
      runtime.widgetTokens,
      c.req.valid("json"),
      c.req.header("origin"),
    );
    c.set("originAllowed", true);
    return c.json(admitted);
  },
);
