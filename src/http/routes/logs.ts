/** Production logs: the connected log server, its tools, and a search in it. */
import { Hono } from "hono";
import { connect } from "../../domain/telemetry/connect.ts";
import { ConnectionInput } from "../../domain/telemetry/connection.ts";
import { disconnect } from "../../domain/telemetry/disconnect.ts";
import { get } from "../../domain/telemetry/get.ts";
import type { LogLine } from "../../domain/telemetry/lines.ts";
import { SearchLogsInput, searchLogs } from "../../domain/telemetry/search.ts";
import { listTools } from "../../domain/telemetry/tools.ts";
import { allow, ctxOf } from "../auth.ts";
import { textStream } from "../text-stream.ts";
import type { HttpEnv } from "../types.ts";
import { jsonBody, valid } from "../validate.ts";

export const logs = new Hono<HttpEnv>()
  .get("/connection", allow("telemetry:read"), async (c) => c.json({ connection: await get(ctxOf(c)) }))
  .put("/connection", allow("telemetry:write"), jsonBody(), valid("json", ConnectionInput), async (c) =>
    c.json({ connection: await connect(ctxOf(c), c.req.valid("json")) }),
  )
  .delete("/connection", allow("telemetry:write"), async (c) => {
    await disconnect(ctxOf(c));
    return c.json({ deleted: true });
  })
  .get("/tools", allow("telemetry:read"), async (c) => c.json({ data: await listTools(ctxOf(c)) }))
  .post("/search", allow("telemetry:read"), jsonBody(), valid("json", SearchLogsInput), async (c) => {
    const lines = await searchLogs(ctxOf(c), c.req.valid("json"));
    return c.body(textStream(ndjson(lines)), 200, { "content-type": "application/x-ndjson; charset=utf-8" });
  });

async function* ndjson(lines: readonly LogLine[]): AsyncGenerator<string> {
  for (const line of lines) yield `${JSON.stringify(line)}\n`;
}
