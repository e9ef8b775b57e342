/** Conversations: ask in one, follow or stop its answer; list, read, rename, delete, take them away. */
import { type Context, Hono } from "hono";
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { collect } from "../../domain/answers/answer.ts";
import { RenameInput, remove, rename } from "../../domain/chat/change.ts";
import { type Chat, ChatInput, chat as chatVerb, EndUser } from "../../domain/chat/chat.ts";
import { ExportInput, exportSession } from "../../domain/chat/export.ts";
import { GetSessionInput, get } from "../../domain/chat/get.ts";
import { ListSessionsInput, list } from "../../domain/chat/list.ts";
import { byName, isId, placeNamed } from "../../domain/chat/named.ts";
import { eventId, type Numbered, positionOf, resume } from "../../domain/chat/resume.ts";
import { stop } from "../../domain/chat/stop.ts";
import { AppError, toAppError } from "../../errors.ts";
import { failureFields } from "../../log.ts";
import { allow, orgCtxOf } from "../auth.ts";
import { uiMessageStream } from "../dialects/ai-sdk.ts";
import { ChatName, questionOf, UiChatInput } from "../dialects/ai-sdk-input.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { dataOf, nativeDialect } from "../dialects/native.ts";
import { liveEvents } from "../live.ts";
import { eventStream, prime } from "../sse.ts";
import { textStream } from "../text-stream.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, valid, validEither } from "../validate.ts";

/** Whom a key asks for; other callers ask for themselves. */
const ForWhom = z.object({ end_user: EndUser.optional() });

/** `stream_format`: the SDK's, where a conversation is followed by our own id of it. */
const FollowInput = ForWhom.extend({ stream_format: z.enum(["sse", "ai-sdk"]).optional() });

/** The SDK's clients name their chats as they like. */
const NameParam = z.object({ id: ChatName });

/** A chat component sends all that it shows, sources included. */
const LARGEST_CHAT = 4 * 1024 * 1024;

export const chat = new Hono<HttpEnv>()
  .post(
    "/",
    allow("ask"),
    jsonBody(LARGEST_CHAT),
    validEither(ChatInput, UiChatInput, "messages"),
    async (c) => {
      const input = c.req.valid("json");
      const ctx = ctxFor(c, input);
      if ("messages" in input) {
        const { name, standing, question } = questionOf(input);
        const place = await placeNamed(ctx, name, standing);
        const asked = await chatVerb(ctx, question, { channel: "ai-sdk", place });
        return streamed(ctx, asked, uiMessageStream(new URL(c.req.url).origin));
      }
      const asked = await chatVerb(ctx, input);
      if (!input.stream) return c.json(await collect(asked.events));
      return streamed(
        ctx,
        asked,
        nativeDialect(ctx.requestId, (number) => eventId(asked.messageId, number)),
      );
    },
  )
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
  .post("/:id/stop", allow("ask"), valid("param", NameParam), valid("query", ForWhom), async (c) => {
    const ctx = ctxFor(c, c.req.valid("query"));
    return c.json(await byName(ctx.actor, c.req.valid("param").id, (id) => stop(ctx, id)), 202);
  })
  .get("/:id/stream", allow("ask"), valid("param", NameParam), valid("query", FollowInput), async (c) => {
    const { id: name } = c.req.valid("param");
    const input = c.req.valid("query");
    const position = positionOf(c.req.header("last-event-id"));
    const gone = new AbortController();
    const base = ctxFor(c, input);
    const ctx = { ...base, signal: AbortSignal.any([base.signal, gone.signal]) };
    const speaksUi = input.stream_format === "ai-sdk" || !isId(name);
    const found = await byName(ctx.actor, name, async (id, by) => {
      const isUi = speaksUi || by === "name";
      return { isUi, events: await resume(ctx, id, position, !isUi) };
    }).catch((thrown) => {
      // The SDK's clients look before they have asked anything.
      if (speaksUi && toAppError(thrown).code === "not_found") return null;
      throw thrown;
    });
    if (!found?.events) return c.body(null, 204);
    const options = { requestId: ctx.requestId, onGone: () => gone.abort(), onFailure: noting(ctx) };
    return found.isUi
      ? eventStream([], plain(found.events), uiMessageStream(new URL(c.req.url).origin), options)
      : liveEvents(live(found.events, ctx.requestId), options);
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

async function streamed(ctx: Ctx, { events, leave }: Chat, dialect: Dialect): Promise<Response> {
  const first = await prime(events);
  return eventStream(first, events, dialect, {
    requestId: ctx.requestId,
    onGone: leave,
    onFailure: noting(ctx),
  });
}

const noting = (ctx: Ctx) => (error: AppError) => ctx.log.add(failureFields(error));

async function* live(events: AsyncGenerator<Numbered>, requestId: string) {
  for await (const { id, event } of events) yield { id, event: event.type, data: dataOf(event, requestId) };
}

async function* plain(events: AsyncGenerator<Numbered>) {
  for await (const { event } of events) yield event;
}
