/** Reference: production logs, where the organization's own log server keeps them. */
import * as z from "zod";
import { Arguments, type ConnectionView } from "../../../domain/telemetry/connection.ts";
import type { LogLine } from "../../../domain/telemetry/lines.ts";
import { BUILT_IN } from "../../../domain/telemetry/redact.ts";
import { SEVERITIES } from "../../../domain/telemetry/severity.ts";
import type { ToolView } from "../../../domain/telemetry/tools.ts";
import { exactly, group, moment } from "../entry.ts";
import { A } from "../examples.ts";

const Connection = exactly<ConnectionView>()(
  z.strictObject({
    origin: z.string().describe("Where it is. The rest of its address is never shown."),
    headers: z.array(z.string()).describe("Names of the headers that it is sent; never their values."),
    tool: z.string().describe("The tool that searches."),
    arguments: z
      .strictObject({
        query: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        limit: z.string().nullable(),
        severity: z.string().nullable(),
        times: Arguments.shape.times.unwrap(),
        constants: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      })
      .describe("Which of the tool's arguments takes what."),
    redaction: z
      .strictObject({
        built_in: z.array(z.enum(BUILT_IN)),
        rules: z.array(z.strictObject({ name: z.string(), pattern: z.string() })),
      })
      .describe("What is taken out of every line before anybody reads it."),
    created_at: moment,
    updated_at: moment,
  }),
).meta({ id: "LogConnection" });

const Line = exactly<LogLine>()(
  z.strictObject({
    time: z.string().nullable(),
    severity: z.enum(SEVERITIES).nullable().describe("Null when the line does not say."),
    message: z.string(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
).meta({ id: "LogLine" });

const Tool = exactly<ToolView>()(
  z.strictObject({
    name: z.string(),
    description: z.string(),
    input_schema: z.record(z.string(), z.unknown()).describe("JSON Schema."),
    in_use: z.boolean(),
  }),
);

/** What asking a log server may fail with. */
export const TELEMETRY = [
  "telemetry_not_connected",
  "telemetry_tool_missing",
  "telemetry_refused",
  "telemetry_failed",
  "telemetry_too_large",
  "telemetry_timeout",
  "url_refused",
] as const;

export const telemetry = group(
  "Telemetry",
  "Production logs, searched where they are: an MCP server that the organization names. For internal administrators only.",
  {
    "GET /api/v1/logs/connection": {
      id: "getLogConnection",
      summary: "The organization's log server",
      answers: { 200: z.strictObject({ connection: Connection.nullable() }) },
    },
    "PUT /api/v1/logs/connection": {
      id: "connectLogs",
      summary: "Connect a log server",
      description:
        "An MCP server over Streamable HTTP, of any version since 2025-03-26. It is asked for its tools first. Address and credentials are sealed and in no answer; without `url` they stay as they are. Patterns are RE2's.",
      answers: { 200: z.strictObject({ connection: Connection }) },
      errors: TELEMETRY,
      example: {
        body: {
          url: A.logs,
          bearer: "lgs_8Jx2wQ",
          tool: "search_logs",
          redaction: { rules: [{ name: "customer", pattern: "cus_[0-9a-z]+" }] },
        },
      },
    },
    "DELETE /api/v1/logs/connection": {
      id: "disconnectLogs",
      summary: "Disconnect the log server",
      answers: { 200: z.strictObject({ deleted: z.literal(true) }) },
      errors: ["not_found"],
    },
    "GET /api/v1/logs/tools": {
      id: "listLogTools",
      summary: "What the log server can do",
      answers: { 200: z.strictObject({ data: z.array(Tool) }) },
      errors: TELEMETRY,
    },
    "POST /api/v1/logs/search": {
      id: "searchLogs",
      summary: "Search the logs",
      description:
        "The last hour unless said otherwise, newest first. The query is Lucene's, as far as the log server understands it.",
      answers: { 200: { type: "application/x-ndjson", each: Line, description: "A line of the log each." } },
      errors: [...TELEMETRY, "telemetry_tool_failed"],
      example: { body: { query: "status:500 AND route:*search*", severity: "error", limit: 50 } },
    },
  },
);
