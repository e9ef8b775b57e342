/** Feedback: given by whoever asked, read by admins. */
import { Hono } from "hono";
import { GiveInput, give } from "../../domain/feedback/give.ts";
import { ListFeedbackInput, list } from "../../domain/feedback/list.ts";
import { withdraw } from "../../domain/feedback/withdraw.ts";
import { allow, ctxOf, orgCtxOf } from "../auth.ts";
import { Format, tabular } from "../csv.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, valid } from "../validate.ts";

export const messageFeedback = new Hono<HttpEnv>()
  .post(
    "/:id/feedback",
    allow("feedback:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", GiveInput),
    async (c) => c.json({ feedback: await give(orgCtxOf(c), c.req.valid("param").id, c.req.valid("json")) }),
  )
  .delete("/:id/feedback", allow("feedback:write"), valid("param", IdParam), async (c) =>
    c.json({ withdrawn: await withdraw(orgCtxOf(c), c.req.valid("param").id) }),
  );

export const feedback = new Hono<HttpEnv>().get(
  "/",
  allow("feedback:read"),
  valid("query", ListFeedbackInput.extend(Format.shape)),
  async (c) => {
    const { format, ...input } = c.req.valid("query");
    const page = await list(ctxOf(c), input);
    return format === "csv" ? tabular(c, format, "feedback", page.data) : c.json(page);
  },
);
