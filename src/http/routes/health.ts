/** Is it up (`/health`), and can it work (`/health/ready`)? */
import { Hono } from "hono";
import { readiness } from "../../domain/health/readiness.ts";
import type { HttpEnv } from "../types.ts";

export const health = new Hono<HttpEnv>()
  .get("/", (c) => c.json({ status: "ok" }))
  .get("/ready", async (c) => {
    const report = await readiness(c.var.base);
    return c.json(report, report.status === "ready" ? 200 : 503);
  });
