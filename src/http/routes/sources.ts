/** Addresses that documents come from: pages, sitemaps, crawls, and how they are doing. */
import { Hono, type MiddlewareHandler } from "hono";
import { startDeletion } from "../../domain/deletions/start.ts";
import { type Added, add } from "../../domain/sources/add.ts";
import { SourceChanges, SourceInput } from "../../domain/sources/input.ts";
import { get, ListPagesInput, ListSourcesInput, list, pagesOf } from "../../domain/sources/list.ts";
import { pause, resume } from "../../domain/sources/pause.ts";
import { refresh } from "../../domain/sources/refresh.ts";
import { RemoveSourceInput, remove } from "../../domain/sources/remove.ts";
import { update } from "../../domain/sources/update.ts";
import { allow, orgCtxOf } from "../auth.ts";
import { deletionAnswer } from "../deletion-answer.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, invalid, jsonBody, valid } from "../validate.ts";

/** 202 in any case: what was known already is visited again. */
function answer({ source, outcome }: Added): Response {
  const location = `/api/v1/sources/${source.id}`;
  return Response.json(
    { source, duplicate: outcome === "duplicate" },
    { status: 202, headers: { location } },
  );
}

/** Takes a body that gives an address instead of content; anything else goes on to the next handler. */
export const uploadAddress: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (typeof body !== "object" || body === null) return next();
  if (!["url", "sitemap", "crawl"].some((key) => key in body)) return next();
  const input = SourceInput.safeParse(body);
  if (!input.success) throw invalid(input.error);
  return answer(await add(orgCtxOf(c), input.data));
};

export const sources = new Hono<HttpEnv>()
  .post("/", allow("sources:write"), jsonBody(), valid("json", SourceInput), async (c) =>
    answer(await add(orgCtxOf(c), c.req.valid("json"))),
  )
  .get("/", allow("sources:read"), valid("query", ListSourcesInput), async (c) =>
    c.json(await list(orgCtxOf(c), c.req.valid("query"))),
  )
  .get("/:id", allow("sources:read"), valid("param", IdParam), async (c) =>
    c.json({ source: await get(orgCtxOf(c), c.req.valid("param").id) }),
  )
  .get(
    "/:id/pages",
    allow("sources:read"),
    valid("param", IdParam),
    valid("query", ListPagesInput),
    async (c) => c.json(await pagesOf(orgCtxOf(c), c.req.valid("param").id, c.req.valid("query"))),
  )
  .post("/:id/refresh", allow("sources:write"), valid("param", IdParam), async (c) =>
    c.json({ source: await refresh(orgCtxOf(c), c.req.valid("param").id) }, 202),
  )
  .post("/:id/pause", allow("sources:write"), valid("param", IdParam), async (c) =>
    c.json({ source: await pause(orgCtxOf(c), c.req.valid("param").id) }),
  )
  .post("/:id/resume", allow("sources:write"), valid("param", IdParam), async (c) =>
    c.json({ source: await resume(orgCtxOf(c), c.req.valid("param").id) }),
  )
  .patch(
    "/:id",
    allow("sources:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", SourceChanges),
    async (c) => c.json({ source: await update(orgCtxOf(c), c.req.valid("param").id, c.req.valid("json")) }),
  )
  .delete(
    "/:id",
    allow("sources:write"),
    valid("param", IdParam),
    valid("query", RemoveSourceInput),
    async (c) => {
      const ctx = orgCtxOf(c);
      const { id } = c.req.valid("param");
      return c.req.valid("query").documents === "delete"
        ? deletionAnswer(await startDeletion(ctx, c.var.runtime.receipts, { kind: "source", id }))
        : c.json({ deleted: await remove(ctx, id) });
    },
  );
