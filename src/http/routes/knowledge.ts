/** Answers that an admin taught, and what would be worth teaching. */
import { Hono } from "hono";
import { QuestionsInput } from "../../domain/analytics/questions.ts";
import { change } from "../../domain/knowledge/change.ts";
import { ChangeTaughtInput, TeachInput } from "../../domain/knowledge/input.ts";
import { get, ListTaughtInput, list, TaughtVersionsInput, versions } from "../../domain/knowledge/list.ts";
import { remove } from "../../domain/knowledge/remove.ts";
import { dismiss, suggestions } from "../../domain/knowledge/suggestions.ts";
import { teach } from "../../domain/knowledge/teach.ts";
import { TryInput, tryQuestion } from "../../domain/knowledge/try.ts";
import { allow, ctxOf, orgCtxOf } from "../auth.ts";
import { Format, tabular } from "../csv.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, valid } from "../validate.ts";

export const knowledge = new Hono<HttpEnv>()
  .post("/answers", allow("knowledge:write"), jsonBody(), valid("json", TeachInput), async (c) =>
    c.json({ answer: await teach(ctxOf(c), c.req.valid("json")) }, 201),
  )
  .post("/match", allow("knowledge:write"), jsonBody(), valid("json", TryInput), async (c) =>
    c.json(await tryQuestion(ctxOf(c), c.req.valid("json"))),
  )
  .get("/answers", allow("knowledge:read"), valid("query", ListTaughtInput), async (c) =>
    c.json(await list(orgCtxOf(c), c.req.valid("query"))),
  )
  .get("/answers/:id", allow("knowledge:read"), valid("param", IdParam), async (c) =>
    c.json({ answer: await get(orgCtxOf(c), c.req.valid("param").id) }),
  )
  .patch(
    "/answers/:id",
    allow("knowledge:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", ChangeTaughtInput),
    async (c) => c.json({ answer: await change(ctxOf(c), c.req.valid("param").id, c.req.valid("json")) }),
  )
  .delete("/answers/:id", allow("knowledge:write"), valid("param", IdParam), async (c) =>
    c.json({ deleted: await remove(ctxOf(c), c.req.valid("param").id) }),
  )
  .get(
    "/answers/:id/versions",
    allow("knowledge:write"),
    valid("param", IdParam),
    valid("query", TaughtVersionsInput),
    async (c) => c.json(await versions(ctxOf(c), c.req.valid("param").id, c.req.valid("query"))),
  )
  .get("/suggestions", allow("knowledge:write"), valid("query", QuestionsInput.and(Format)), async (c) => {
    const input = c.req.valid("query");
    return tabular(c, input.format, "suggestions", await suggestions(ctxOf(c), input));
  })
  .delete("/suggestions/:id", allow("knowledge:write"), valid("param", IdParam), async (c) =>
    c.json({ dismissed: await dismiss(ctxOf(c), c.req.valid("param").id) }),
  );
