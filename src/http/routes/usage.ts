/** What the organization has used of what it may. */
import { Hono } from "hono";
import { usage as usageOf } from "../../domain/limits/usage.ts";
import { allow, orgCtxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";

export const usage = new Hono<HttpEnv>().get("/", allow("usage:read"), async (c) =>
  c.json(await usageOf(orgCtxOf(c))),
);
