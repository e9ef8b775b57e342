/** Batches of documents: how they go, what is in them; stop, try again, delete. */
import { Hono } from "hono";
import { cancel } from "../../domain/batches/cancel.ts";
import { find, get, ItemsInput, itemsOf, list } from "../../domain/batches/list.ts";
import { requeue } from "../../domain/batches/requeue.ts";
import { positionOf, watch } from "../../domain/batches/watch.ts";
import { startDeletion } from "../../domain/deletions/start.ts";
import { PageInput } from "../../domain/paging/page.ts";
import { failureFields } from "../../log.ts";
import { allow, orgCtxOf } from "../auth.ts";
import { deletionAnswer } from "../deletion-answer.ts";
import { liveEvents } from "../live.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, valid } from "../validate.ts";

export const batches = new Hono<HttpEnv>()
  .get("/", allow("documents:read"), valid("query", PageInput), async (c) =>
    c.json(await list(orgCtxOf(c), c.req.valid("query"))),
  )
  .get("/:id", allow("documents:read"), valid("param", IdParam), async (c) =>
    c.json({ batch: await get(orgCtxOf(c), c.req.valid("param").id) }),
  )
  .get(
    "/:id/items",
    allow("documents:read"),
    valid("param", IdParam),
    valid("query", ItemsInput),
    async (c) => c.json(await itemsOf(orgCtxOf(c), c.req.valid("param").id, c.req.valid("query"))),
  )
  .get("/:id/events", allow("documents:read"), valid("param", IdParam), async (c) => {
    const ctx = orgCtxOf(c);
    const { id } = c.req.valid("param");
    const position = positionOf(c.req.header("last-event-id"));
    await find(ctx, id);
    const gone = new AbortController();
    const events = watch({ ...ctx, signal: AbortSignal.any([ctx.signal, gone.signal]) }, id, position);
    return liveEvents(events, {
      requestId: ctx.requestId,
      onGone: () => gone.abort(),
      onFailure: (error) => ctx.log.add(failureFields(error)),
    });
  })
  .post("/:id/cancel", allow("documents:write"), valid("param", IdParam), async (c) =>
    c.json(await cancel(orgCtxOf(c), c.req.valid("param").id)),
  )
  .post("/:id/requeue", allow("documents:write"), valid("param", IdParam), async (c) =>
    c.json(await requeue(orgCtxOf(c), c.req.valid("param").id), 202),
  )
  .delete("/:id", allow("documents:write"), valid("param", IdParam), async (c) => {
    const what = { kind: "batch", id: c.req.valid("param").id } as const;
    return deletionAnswer(await startDeletion(orgCtxOf(c), c.var.runtime.receipts, what));
  });
