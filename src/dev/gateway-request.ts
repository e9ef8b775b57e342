/** A request of the Neon driver as statements and transaction settings. */
import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";
import { ProtocolError } from "./gateway-answer.ts";

export type GatewayStatement = {
  text: string;
  /** Postgres text or null. */
  values: (string | null)[];
  /** Rows as arrays instead of objects. */
  arrayMode: boolean;
};

export type GatewayRequest = {
  statements: GatewayStatement[];
  /** One transaction around all statements; else a single statement on its own. */
  batch: boolean;
  /** What to put behind BEGIN. */
  begin: string;
  /** Cells as Postgres text; else numbers, booleans and JSON as such. */
  rawText: boolean;
  /** Transaction headers to repeat on the answer. */
  echo: Record<string, string>;
};

const ISOLATION: Record<string, string> = {
  ReadUncommitted: "read uncommitted",
  ReadCommitted: "read committed",
  RepeatableRead: "repeatable read",
  Serializable: "serializable",
};

const Query = z.object({
  query: z.string(),
  params: z.array(z.json()).default([]),
  arrayMode: z.boolean().optional(),
});
const Body = z.union([z.object({ queries: z.array(Query) }), Query]);

type Json = z.infer<ReturnType<typeof z.json>>;

/** An element of a Postgres array literal. */
function element(value: Json): string {
  if (value === null) return "NULL";
  if (Array.isArray(value)) return `{${value.map(element).join(",")}}`;
  return typeof value === "object" ? JSON.stringify(JSON.stringify(value)) : JSON.stringify(value);
}

/** A parameter as Postgres text; the driver sends text already, other clients may send JSON. */
function parameterText(value: Json): string | null {
  if (value === null || typeof value === "string") return value;
  return Array.isArray(value) ? element(value) : JSON.stringify(value);
}

function parseBody(body: string): z.infer<typeof Body> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new ProtocolError(400, "The body is not JSON");
  }
  const parsed = Body.safeParse(json);
  if (!parsed.success) throw new ProtocolError(400, "The body is neither {query, params} nor {queries: […]}");
  return parsed.data;
}

/**
 * @param body JSON, whatever its content type says
 * @throws ProtocolError 400 when the body or the isolation level is not of the protocol
 */
export function parseRequest(headers: IncomingHttpHeaders, body: string): GatewayRequest {
  const level = headers["neon-batch-isolation-level"];
  const isolation = typeof level === "string" ? ISOLATION[level] : undefined;
  if (level !== undefined && isolation === undefined) throw new ProtocolError(400, "invalid isolation level");
  const readOnly = headers["neon-batch-read-only"] === "true";
  const deferrable = headers["neon-batch-deferrable"] === "true";
  const parsed = parseBody(body);
  const batch = "queries" in parsed;
  const defaultArrayMode = headers["neon-array-mode"] === "true";
  return {
    statements: (batch ? parsed.queries : [parsed]).map(({ query, params, arrayMode }) => ({
      text: query,
      values: params.map(parameterText),
      arrayMode: arrayMode ?? defaultArrayMode,
    })),
    batch,
    begin: [
      "begin",
      ...(isolation ? [`isolation level ${isolation}`] : []),
      ...(readOnly ? ["read only"] : []),
      ...(deferrable ? ["deferrable"] : []),
    ].join(" "),
    rawText: headers["neon-raw-text-output"] === "true",
    echo: batch
      ? {
          ...(typeof level === "string" ? { "neon-batch-isolation-level": level } : {}),
          ...(readOnly ? { "neon-batch-read-only": "true" } : {}),
          ...(deferrable ? { "neon-batch-deferrable": "true" } : {}),
        }
      : {},
  };
}
