/** Webhooks of an organization and what was sent to them. */
import { Hono } from "hono";
import * as z from "zod";
import { PageInput } from "../../domain/paging/page.ts";
import { ChangeWebhookInput, changeWebhook } from "../../domain/webhooks/change.ts";
import { CreateWebhookInput, createWebhook } from "../../domain/webhooks/create.ts";
import { DeliveriesInput, deliveries, delivery } from "../../domain/webhooks/deliveries.ts";
import { get, list } from "../../domain/webhooks/list.ts";
import { removeWebhook } from "../../domain/webhooks/remove.ts";
import { replay } from "../../domain/webhooks/replay.ts";
import { RotateWebhookInput, rotateWebhook } from "../../domain/webhooks/rotate.ts";
import { sendTest } from "../../domain/webhooks/send-test.ts";
import { allow, ctxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, valid } from "../validate.ts";

const DeliveryParam = IdParam.extend({ delivery_id: z.uuid() });

export const webhooks = new Hono<HttpEnv>()
  .post("/", allow("webhooks:write"), jsonBody(), valid("json", CreateWebhookInput), async (c) =>
    c.json(await createWebhook(ctxOf(c), c.req.valid("json")), 201),
  )
  .get("/", allow("webhooks:read"), valid("query", PageInput), async (c) =>
    c.json(await list(ctxOf(c), c.req.valid("query"))),
  )
  .get("/:id", allow("webhooks:read"), valid("param", IdParam), async (c) =>
    c.json({ webhook: await get(ctxOf(c), c.req.valid("param").id) }),
  )
  .patch(
    "/:id",
    allow("webhooks:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", ChangeWebhookInput),
    async (c) =>
      c.json({ webhook: await changeWebhook(ctxOf(c), c.req.valid("param").id, c.req.valid("json")) }),
  )
  .delete("/:id", allow("webhooks:write"), valid("param", IdParam), async (c) =>
    c.json({ deleted: await removeWebhook(ctxOf(c), c.req.valid("param").id) }),
  )
  .post(
    "/:id/rotate",
    allow("webhooks:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", RotateWebhookInput),
    async (c) => c.json(await rotateWebhook(ctxOf(c), c.req.valid("param").id, c.req.valid("json"))),
  )
  .post("/:id/test", allow("webhooks:write"), valid("param", IdParam), async (c) =>
    c.json({ delivery: await sendTest(ctxOf(c), c.req.valid("param").id) }, 202),
  )
  .get(
    "/:id/deliveries",
    allow("webhooks:read"),
    valid("param", IdParam),
    valid("query", DeliveriesInput),
    async (c) => c.json(await deliveries(ctxOf(c), c.req.valid("param").id, c.req.valid("query"))),
  )
  .get("/:id/deliveries/:delivery_id", allow("webhooks:read"), valid("param", DeliveryParam), async (c) => {
    const { id, delivery_id } = c.req.valid("param");
    return c.json({ delivery: await delivery(ctxOf(c), id, delivery_id) });
  })
  .post(
    "/:id/deliveries/:delivery_id/replay",
    allow("webhooks:write"),
    valid("param", DeliveryParam),
    async (c) => {
      const { id, delivery_id } = c.req.valid("param");
      return c.json({ delivery: await replay(ctxOf(c), id, delivery_id) }, 202);
    },
  );
