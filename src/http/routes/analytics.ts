/** Figures about an organization's own documents. */
import { Hono } from "hono";
import { ingestion } from "../../domain/health/ingestion.ts";
import { allow, orgCtxOf } from "../auth.ts";
import type { HttpEnv } from "../types.ts";

export const analytics = new Hono<HttpEnv>().get("/ingestion", allow("usage:read"), async (c) =>
  c.json(await ingestion(orgCtxOf(c))),
);
