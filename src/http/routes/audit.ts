/** Who did what in the organization. */
import { Hono } from "hono";
import {
  type AuditEntry,
  AuditFilter,
  AuditInput,
  exportAudit,
  listActions,
  listAudit,
  verifyAudit,
} from "../../domain/audit/read.ts";
import { allow, ctxOf } from "../auth.ts";
import { textStream } from "../text-stream.ts";
import type { HttpEnv } from "../types.ts";
import { valid } from "../validate.ts";

export const audit = new Hono<HttpEnv>()
  .get("/", allow("audit:read"), valid("query", AuditInput), async (c) =>
    c.json(await listAudit(ctxOf(c), c.req.valid("query"))),
  )
  .get("/export", allow("audit:read"), valid("query", AuditFilter), async (c) => {
    const lines = exportAudit(ctxOf(c), c.req.valid("query"));
    // The first page is read before the status is sent, so that a refusal still is one.
    const first = await lines.next();
    return c.body(textStream(ndjson(first, lines)), 200, {
      "content-type": "application/x-ndjson; charset=utf-8",
      "content-disposition": 'attachment; filename="audit.ndjson"',
    });
  })
  .get("/actions", allow("audit:read"), async (c) => c.json({ data: await listActions(ctxOf(c)) }))
  .get("/verify", allow("audit:read"), async (c) => c.json(await verifyAudit(ctxOf(c))));

async function* ndjson(
  first: IteratorResult<AuditEntry, void>,
  rest: AsyncIterable<AuditEntry>,
): AsyncGenerator<string, void, undefined> {
  if (!first.done) yield `${JSON.stringify(first.value)}\n`;
  for await (const entry of rest) yield `${JSON.stringify(entry)}\n`;
}
