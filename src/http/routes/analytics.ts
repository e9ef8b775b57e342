/** Figures about an organization's own documents, questions and answers; each list also as CSV. */
import { Hono } from "hono";
import { PeriodInput } from "../../domain/analytics/period.ts";
import { QuestionsInput, questionClusters } from "../../domain/analytics/questions.ts";
import { summary } from "../../domain/analytics/summary.ts";
import { UsageSeriesInput, usageSeries } from "../../domain/analytics/usage.ts";
import { channelsUse, documentsUsed, employeesUse } from "../../domain/analytics/use.ts";
import { ingestion } from "../../domain/health/ingestion.ts";
import { recall } from "../../domain/retrieval/recall.ts";
import { allow, ctxOf, orgCtxOf } from "../auth.ts";
import { Format, tabular } from "../csv.ts";
import type { HttpEnv } from "../types.ts";
import { valid } from "../validate.ts";

export const analytics = new Hono<HttpEnv>()
  .get("/ingestion", allow("usage:read"), async (c) => c.json(await ingestion(orgCtxOf(c))))
  .get("/recall", allow("analytics:read"), valid("query", Format), async (c) =>
    tabular(c, c.req.valid("query").format, "recall", await recall(orgCtxOf(c))),
  )
  .get("/summary", allow("analytics:read"), valid("query", PeriodInput), async (c) =>
    c.json(await summary(orgCtxOf(c), c.req.valid("query"))),
  )
  .get("/usage", allow("analytics:read"), valid("query", UsageSeriesInput.and(Format)), async (c) => {
    const input = c.req.valid("query");
    return tabular(c, input.format, "usage", await usageSeries(orgCtxOf(c), input));
  })
  .get("/questions", allow("analytics:read"), valid("query", QuestionsInput.and(Format)), async (c) => {
    const input = c.req.valid("query");
    return tabular(c, input.format, "questions", await questionClusters(orgCtxOf(c), input, false));
  })
  .get("/gaps", allow("analytics:read"), valid("query", QuestionsInput.and(Format)), async (c) => {
    const input = c.req.valid("query");
    return tabular(c, input.format, "gaps", await questionClusters(orgCtxOf(c), input, true));
  })
  .get("/documents", allow("analytics:read"), valid("query", PeriodInput.and(Format)), async (c) => {
    const input = c.req.valid("query");
    return tabular(c, input.format, "documents", await documentsUsed(orgCtxOf(c), input));
  })
  .get("/employees", allow("analytics:people"), valid("query", PeriodInput.and(Format)), async (c) => {
    const input = c.req.valid("query");
    return tabular(c, input.format, "employees", await employeesUse(ctxOf(c), input));
  })
  .get("/channels", allow("analytics:read"), valid("query", PeriodInput.and(Format)), async (c) => {
    const input = c.req.valid("query");
    return tabular(c, input.format, "channels", await channelsUse(orgCtxOf(c), input));
  });
