/** Dify asks here: its external knowledge base is `https://HOST`, its key an API key with the scope `search`. */
import { Hono } from "hono";
import { search } from "../../domain/retrieval/search.ts";
import { AppError } from "../../errors.ts";
import { allow, orgCtxOf } from "../auth.ts";
import { difyRecords, RetrievalInput, searchOf } from "../dialects/dify.ts";
import { DEFAULT_STORE } from "../dialects/openai-vectors.ts";
import type { HttpEnv } from "../types.ts";
import { jsonBody, valid } from "../validate.ts";

export const dify = new Hono<HttpEnv>().post(
  "/",
  allow("search"),
  jsonBody(),
  valid("json", RetrievalInput),
  async (c) => {
    const input = c.req.valid("json");
    if (input.knowledge_id !== DEFAULT_STORE) {
      throw new AppError("not_found", { detail: `The knowledge id here is "${DEFAULT_STORE}".` });
    }
    const { results } = await search(orgCtxOf(c), searchOf(input));
    return c.json(difyRecords(input, results));
  },
);
