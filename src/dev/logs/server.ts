/** An MCP server over the stack's own log, so that searching production logs can be tried on this machine. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  type McpHttpHandler,
  McpServer,
  originValidationResponse,
} from "@modelcontextprotocol/server";
import * as z from "zod";
import { searchLines } from "./lines.ts";

export type LogServer = {
  /** `http://127.0.0.1:PORT/mcp` */
  url: string;
  /** Made anew at each start. */
  bearer: string;
  close(): Promise<void>;
};

const Search = z.object({
  query: z
    .string()
    .describe(
      'Lucene: status:[500 TO 599] AND route:*query* NOT level:info, "exact words"; * for every line.',
    ),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  limit: z.int().min(1).max(1_000).optional(),
  severity: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal"])
    .optional()
    .describe("At least as bad."),
});

/** @param file the Worker's log, one JSON object a line */
export async function startLogServer(file: string): Promise<LogServer> {
  const bearer = randomBytes(32).toString("base64url");
  const handler = createMcpHandler(() => toolsOf(file));
  const server = createServer((request, response) => {
    answer(handler, bearer, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    bearer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toolsOf(file: string): McpServer {
  const server = new McpServer({ name: "kalamna-local-logs", version: "1.0" });
  const description = "Searches the log of this machine's Kalamna, newest lines first.";
  server.registerTool(
    "search_logs",
    { description, inputSchema: Search, annotations: { readOnlyHint: true } },
    (input) => {
      try {
        const lines = searchLines(file, input);
        return { content: [{ type: "text", text: JSON.stringify(lines) }] };
      } catch (thrown) {
        const text = thrown instanceof Error ? thrown.message : String(thrown);
        return { content: [{ type: "text", text }], isError: true };
      }
    },
  );
  return server;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

async function answer(
  { fetch }: McpHttpHandler,
  bearer: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const headers = new Headers(
    Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const asked = new Request(`http://127.0.0.1${request.url}`, {
    method: request.method ?? "GET",
    headers,
    ...(pieces.length > 0 ? { body: Buffer.concat(pieces) } : {}),
  });
  const proved = timingSafeEqual(digest(headers.get("authorization") ?? ""), digest(`Bearer ${bearer}`));
  const given = !proved
    ? new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } })
    : (hostHeaderValidationResponse(asked, localhostAllowedHostnames()) ??
      originValidationResponse(asked, localhostAllowedOrigins()) ??
      (await fetch(asked)));
  response.writeHead(given.status, Object.fromEntries(given.headers));
  for await (const piece of given.body ?? []) response.write(piece);
  response.end();
}
