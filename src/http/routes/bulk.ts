/** Many documents in one request: NDJSON or a zip, taken in as it arrives, with a result for every line. */
import { type Context, Hono } from "hono";
import * as z from "zod";
import { ACCESS_LEVELS } from "../../context.ts";
import { bulk, type Format } from "../../domain/batches/bulk.ts";
import type { LineResult } from "../../domain/batches/entry.ts";
import { get } from "../../domain/batches/list.ts";
import { DocumentGroupsField } from "../../domain/documents/groups.ts";
import { AppError, toAppError } from "../../errors.ts";
import { failureFields } from "../../log.ts";
import { allow, orgCtxOf } from "../auth.ts";
import { idempotencyKeyOf } from "../idempotency-key.ts";
import { readForm } from "../multipart.ts";
import { problem } from "../problem.ts";
import type { HttpEnv } from "../types.ts";
import { valid } from "../validate.ts";

/** Results in a JSON answer; the others are at `GET batches/:id/items`. */
const RESULTS = 1_000;

const BulkQuery = z.object({
  access_level: z.enum(ACCESS_LEVELS).optional(),
  groups: DocumentGroupsField.optional(),
  /** Of a zip: each file's path becomes its external id. */
  external_id: z.literal("path").optional(),
});
type BulkQuery = z.output<typeof BulkQuery>;

const NDJSON = /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)\b/i;
const ZIP = /^application\/(zip|x-zip-compressed)\b/i;

export const bulkDocuments = new Hono<HttpEnv>().post(
  "/",
  allow("documents:write"),
  valid("query", BulkQuery),
  async (c) => {
    const type = c.req.header("content-type") ?? "";
    const query = c.req.valid("query");
    const body = c.req.raw.body ?? new Blob([]).stream();
    if (NDJSON.test(type)) return answer(c, "ndjson", body, query);
    if (ZIP.test(type)) return answer(c, "zip", body, query);
    if (type.startsWith("multipart/form-data")) {
      const form = await readForm(c.req.raw, (file) => answer(c, "zip", file, query, true));
      if (form.file) return form.file.stored;
      throw new AppError("invalid_request", { detail: "file: send one zip in the form." });
    }
    throw new AppError("unsupported_type", {
      detail: "Send lines of JSON as `application/x-ndjson`, or a zip as `application/zip` or in a form.",
      extra: { supported: ["application/x-ndjson", "application/zip", "multipart/form-data"] },
    });
  },
);

/** @param whole the answer waits for the end: a form has something behind its file */
async function answer(
  c: Context<HttpEnv>,
  format: Format,
  body: ReadableStream<Uint8Array>,
  { external_id, ...defaults }: BulkQuery,
  whole = false,
): Promise<Response> {
  const ctx = orgCtxOf(c);
  const { batch, results } = await bulk(ctx, {
    format,
    body,
    defaults,
    pathIsId: external_id === "path",
    idempotencyKey: idempotencyKeyOf(c),
    maxFileBytes: c.var.runtime.settings.maxFileBytes,
  });
  const location = `/api/v1/batches/${batch.id}`;
  if (!whole && c.req.header("accept")?.includes("application/x-ndjson")) {
    return new Response(linesOf(c, batch.id, results), {
      status: 202,
      headers: {
        "content-type": "application/x-ndjson",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
        location,
      },
    });
  }
  const shown: LineResult[] = [];
  try {
    for await (const result of results) if (shown.length < RESULTS) shown.push(result);
  } catch (thrown) {
    throw about(toAppError(thrown), batch.id);
  }
  shown.sort((a, b) => a.line - b.line);
  return c.json({ batch: await get(ctx, batch.id), results: shown }, 202, { location });
}

/** A line for each result, then one with the batch, or with the problem that ended it. */
function linesOf(
  c: Context<HttpEnv>,
  batchId: string,
  results: AsyncGenerator<LineResult>,
): ReadableStream<Uint8Array> {
  const ctx = orgCtxOf(c);
  const encoder = new TextEncoder();
  let ended = false;
  const next = async (): Promise<unknown> => {
    try {
      const { done, value } = await results.next();
      ended = done ?? false;
      return done ? { batch: await get(ctx, batchId) } : value;
    } catch (thrown) {
      ended = true;
      const error = about(toAppError(thrown), batchId);
      ctx.log.add(failureFields(error));
      return { problem: problem(error, ctx.requestId) };
    }
  };
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(encoder.encode(`${JSON.stringify(await next())}\n`));
      if (ended) controller.close();
    },
    async cancel() {
      await results.return(undefined).catch(() => undefined);
    },
  });
}

/** The same failure, saying how far the batch is to be found. */
const about = (error: AppError, batchId: string): AppError =>
  new AppError(error.code, {
    detail: error.message,
    extra: { ...error.extra, batch_id: batchId },
    cause: error,
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
  });
