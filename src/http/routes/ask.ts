/** Search the documents, or ask them a question and watch the cited answer stream in. */
import { Hono } from "hono";
import { collect } from "../../domain/answers/answer.ts";
import { AskInput, ask as askDocuments } from "../../domain/answers/ask.ts";
import { lookUp } from "../../domain/answers/look-up.ts";
import { SearchInput } from "../../domain/retrieval/search.ts";
import { allow, orgCtxOf } from "../auth.ts";
import { nativeDialect, textDialect } from "../dialects/native.ts";
import { answerStream } from "../sse.ts";
import type { HttpEnv } from "../types.ts";
import { jsonBody, valid } from "../validate.ts";

export const ask = new Hono<HttpEnv>()
  .post("/search", allow("search"), jsonBody(), valid("json", SearchInput), async (c) =>
    c.json(await lookUp(orgCtxOf(c), c.req.valid("json"))),
  )
  .post("/query", allow("ask"), jsonBody(), valid("json", AskInput), async (c) => {
    const input = c.req.valid("json");
    const text = input.stream_format === "text" || c.req.header("accept")?.startsWith("text/plain");
    const ctx = orgCtxOf(c);
    return answerStream(ctx, input, text ? textDialect() : nativeDialect(ctx.requestId));
  })
  .post("/query/sync", allow("ask"), jsonBody(), valid("json", AskInput), async (c) =>
    c.json(await collect(askDocuments(orgCtxOf(c), c.req.valid("json")))),
  );
