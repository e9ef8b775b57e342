/** Golden questions of an organization, and runs that measure how they are found and answered. */
import { Hono } from "hono";
import { ChangeCaseInput, NewCaseInput } from "../../domain/evals/case-input.ts";
import * as cases from "../../domain/evals/cases.ts";
import { evalCtx } from "../../domain/evals/evaluator.ts";
import { ImportQuery, importCases } from "../../domain/evals/import.ts";
import { RunInput } from "../../domain/evals/run-input.ts";
import { flat } from "../../domain/evals/run-view.ts";
import * as runs from "../../domain/evals/runs.ts";
import { PageInput } from "../../domain/paging/page.ts";
import { AppError } from "../../errors.ts";
import { allow, ctxOf, orgCtxOf } from "../auth.ts";
import { Format, tabular } from "../csv.ts";
import type { HttpEnv } from "../types.ts";
import { IdParam, jsonBody, readAtMost, valid } from "../validate.ts";

/** A thousand cases with their facts. */
const MAX_IMPORT = 4 * 1024 * 1024;
const IMPORTED = /^application\/(json|x-ndjson|ndjson|jsonl|x-jsonlines)\b/i;

export const evals = new Hono<HttpEnv>()
  .post("/cases", allow("evals:write"), jsonBody(), valid("json", NewCaseInput), async (c) =>
    c.json({ case: await cases.create(evalCtx(orgCtxOf(c)), c.req.valid("json")) }, 201),
  )
  .get("/cases", allow("evals:read"), valid("query", cases.ListCasesInput), async (c) =>
    c.json(await cases.list(evalCtx(orgCtxOf(c)), c.req.valid("query"))),
  )
  .get("/cases/candidates", allow("feedback:read"), valid("query", PageInput), async (c) =>
    c.json(await cases.candidates(evalCtx(ctxOf(c)), c.req.valid("query"))),
  )
  .post("/cases/import", allow("evals:write"), valid("query", ImportQuery), async (c) => {
    if (!IMPORTED.test(c.req.header("content-type") ?? "")) {
      throw new AppError("unsupported_type", {
        detail: "Send an array as `application/json`, or lines of JSON as `application/x-ndjson`.",
      });
    }
    const body = new TextDecoder().decode(await readAtMost(c.req.raw.body, MAX_IMPORT));
    return c.json({ imported: await importCases(evalCtx(orgCtxOf(c)), body, c.req.valid("query")) });
  })
  .get("/cases/:id", allow("evals:read"), valid("param", IdParam), async (c) =>
    c.json({ case: await cases.get(evalCtx(orgCtxOf(c)), c.req.valid("param").id) }),
  )
  .patch(
    "/cases/:id",
    allow("evals:write"),
    valid("param", IdParam),
    jsonBody(),
    valid("json", ChangeCaseInput),
    async (c) =>
      c.json({
        case: await cases.change(evalCtx(orgCtxOf(c)), c.req.valid("param").id, c.req.valid("json")),
      }),
  )
  .delete("/cases/:id", allow("evals:write"), valid("param", IdParam), async (c) =>
    c.json({ deleted: await cases.remove(evalCtx(orgCtxOf(c)), c.req.valid("param").id) }),
  )
  .post("/run", allow("evals:write"), jsonBody(), valid("json", RunInput), async (c) => {
    const run = await runs.start(evalCtx(orgCtxOf(c)), c.req.valid("json"));
    return c.json({ run }, 202, { location: `/api/v1/evals/runs/${run.id}` });
  })
  .get("/runs", allow("evals:read"), valid("query", PageInput), async (c) =>
    c.json(await runs.list(evalCtx(orgCtxOf(c)), c.req.valid("query"))),
  )
  .get("/runs/:id", allow("evals:read"), valid("param", IdParam), valid("query", Format), async (c) => {
    const { format } = c.req.valid("query");
    const found = await runs.get(evalCtx(orgCtxOf(c)), c.req.valid("param").id);
    return format === "csv" ? tabular(c, format, "evals", found.results.map(flat)) : c.json(found);
  })
  .post("/runs/:id/cancel", allow("evals:write"), valid("param", IdParam), async (c) =>
    c.json({ run: await runs.cancel(evalCtx(orgCtxOf(c)), c.req.valid("param").id) }),
  )
  .delete("/runs/:id", allow("evals:write"), valid("param", IdParam), async (c) =>
    c.json({ deleted: await runs.remove(evalCtx(orgCtxOf(c)), c.req.valid("param").id) }),
  );
