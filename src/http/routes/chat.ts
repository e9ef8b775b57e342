/** Conversations: ask in one, follow or stop its answer; list, read, rename, delete, take them away. */
import { type Context, Hono } from "hono";
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { collect } from "../../domain/answers/answer.ts";
import { RenameInput, remove, rename } from "../../domain/chat/change.ts";
import { ChatInput, chat as chatVerb, EndUser } from "../../domain/chat/chat.ts";
import { ExportInput, exportSession } from "../../domain/chat/export.ts";
import { GetSessionInput, get } from "../../domain/chat/get.ts";
import { ListSessionsInput, list } from "../../domain/chat/list.ts";
import { eventId, positionOf, resume } from "../../domain/chat/resume.ts";
import { stop } from "../../domain/chat/stop.ts";
import { AppError } from "../../errors.ts";
import { failureFields } from "../../log.ts";
import { allow, orgCtxOf } from "../auth.ts";
import { dataOf, nativeDialect } from "../dialects/native.ts";
import { liveEvents } from "../live.ts";
import { eventStream, prime } from "../sse.ts";
import { textStream } from "../text-stream.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, valid } from "../validate.ts";

/** Whom a key asks for; other callers ask for themselves. */
const ForWhom = z.object({ end_user: EndUser.optional() });

export const chat = new Hono<HttpEnv>()
  .post("/", allow("ask"), jsonBody(), valid("json", ChatInput), async (c) => {
    const input = c.req.valid("json");
    const ctx = ctxFor(c, input);
    const { messageId, events, leave } = await chatVerb(ctx, input);
    if (!input.stream) return c.json(await collect(events));
    const first = await prime(events);
    const dialect = nativeDialect(ctx.requestId, (number) => eventId(messageId, number));
    return eventStream(first, events, dialect, {
      requestId: ctx.requestId,
      onGone: leave,
      onFailure: (error) => ctx.log.add(failureFields(error)),
    });
  })
  .get("/sessions", allow("ask"), valid("query", ListSessionsInput.extend(ForWhom.shape)), async (c) => {
    const input = c.req.valid("query");
    return c.json(await list(ctxFor(c, input), input));
  })
  .get(
    "/sessions/:id",
    allow("ask"),
    valid("param", IdParam),
    valid("query", GetSessionInput.extend(ForWhom.shape)),
    async (c) => {
      const input = c.req.valid("query");
      return c.json(await get(ctxFor(c, input), c.req.valid("param").id, input));
    },
  )
  .patch(
    "/sessions/:id",
    allow("ask"),
    valid("param", IdParam),
    valid("query", ForWhom),
    jsonBody(),
    valid("json", RenameInput),
    async (c) => {
      const ctx = ctxFor(c, c.req.valid("query"));
      return c.json({ session: await rename(ctx, c.req.valid("param").id, c.req.valid("json")) });
    },
  )
  .delete("/sessions/:id", allow("ask"), valid("param", IdParam), valid("query", ForWhom), async (c) =>
    c.json({ deleted: await remove(ctxFor(c, c.req.valid("query")), c.req.valid("param").id) }),
  )
  .get(
    "/sessions/:id/export",
    allow("ask"),
    valid("param", IdParam),
    valid("query", ExportInput.extend(ForWhom.shape)),
    async (c) => {
      const input = c.req.valid("query");
      const { session, pieces } = await exportSession(
        ctxFor(c, input),
        c.req.valid("param").id,
        input.format,
      );
      const [type, ending] =
        input.format === "json" ? ["application/json", "json"] : ["text/markdown; charset=utf-8", "md"];
      return new Response(textStream(pieces), {
        headers: {
          "content-type": type,
          "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(session.title)}.${ending}`,
        },
      });
    },
  )
  .post("/:id/stop", allow("ask"), valid("param", IdParam), valid("query", ForWhom), async (c) =>
    c.json(await stop(ctxFor(c, c.req.valid("query")), c.req.valid("param").id), 202),
  )
  .get("/:id/stream", allow("ask"), valid("param", IdParam), valid("query", ForWhom), async (c) => {
    const position = positionOf(c.req.header("last-event-id"));
    const gone = new AbortController();
    const base = ctxFor(c, c.req.valid("query"));
    const ctx = { ...base, signal: AbortSignal.any([base.signal, gone.signal]) };
    const events = await resume(ctx, c.req.valid("param").id, position);
    if (!events) return c.body(null, 204);
    return liveEvents(live(events, ctx.requestId), {
      requestId: ctx.requestId,
      onGone: () => gone.abort(),
      onFailure: (error) => ctx.log.add(failureFields(error)),
    });
  });

/** @throws AppError `invalid_request` when somebody else than a key names an end user */
function ctxFor(c: Context<HttpEnv>, { end_user }: z.infer<typeof ForWhom>): Ctx {
  const ctx = orgCtxOf(c);
  if (end_user === undefined) return ctx;
  if (ctx.actor.kind !== "key") {
    throw new AppError("invalid_request", { detail: "end_user: only an API key asks for somebody else." });
  }
  return { ...ctx, actor: { ...ctx.actor, endUser: end_user } };
}

async function* live(
  events: AsyncGenerator<{ id: string; event: Parameters<typeof dataOf>[0] }>,
  requestId: string,
) {
  for await (const { id, event } of events) yield { id, event: event.type, data: dataOf(event, requestId) };
}
