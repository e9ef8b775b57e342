/** Deletions of more than one document: how far they are. */
import { Hono } from "hono";
import { get } from "../../domain/deletions/get.ts";
import { allow, orgCtxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, valid } from "../validate.ts";

export const deletions = new Hono<HttpEnv>().get(
  "/:id",
  allow("documents:write"),
  valid("param", IdParam),
  async (c) => c.json(await get(orgCtxOf(c), c.var.runtime.receipts, c.req.valid("param").id)),
);
