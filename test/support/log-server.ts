/**
 * Log servers on loopback, built with the official SDKs: `${url}/mcp/<name>`. Tests in workerd script them over HTTP
 * (`POST /control/<name>`), misbehaviour included, and read what they were asked (`GET /control/<name>`).
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer as SessionServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";

export type LogScript = {
  /**
   * `modern`: 2026-07-28 and nothing else; `stream`: the same as server-sent events; `sessions`: SDK 1 with sessions,
   * 2025-11-25 and before. The others misbehave.
   */
  does?: "modern" | "stream" | "sessions" | "hang" | "huge" | "garbage" | "endless";
  /** What it answers to requests of these methods, in place of the SDK: the `result` or `error` of JSON-RPC. */
  answers?: Record<string, { result: object } | { error: object }>;
  /** Answers everything with it. */
  status?: number;
  location?: string;
  /** What a search answers, as text or structured. */
  text?: string;
  structured?: Record<string, unknown>;
  isError?: boolean;
  /** Of the tool that searches. */
  tool?: string;
  /** Of its argument that takes the query. */
  argument?: string;
};

export type LogRequest = { method: string; headers: Record<string, string>; body: string };

type Named = { script: LogScript; seen: LogRequest[]; sessions: Map<string, StreamableHTTPServerTransport> };

export type LogServer = { url: string; close(): Promise<void> };

const inputOf = ({ argument = "query" }: LogScript) => ({
  [argument]: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
  limit: z.number().optional(),
  severity: z.string().optional(),
});
const MEGABYTE = 1024 * 1024;

export async function startLogServer(): Promise<LogServer> {
  const all = new Map<string, Named>();
  const server = createServer((request, response) => {
    handle(request, response, all).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  // A connection that is closed in the moment it is used again looks like a server that is away.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, all: Map<string, Named>) {
  const [, area, name = ""] = (request.url ?? "").split(/[/?]/);
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces).toString("utf8");
  const named: Named = all.get(name) ?? { script: {}, seen: [], sessions: new Map() };
  all.set(name, named);
  if (area === "control") {
    if (request.method === "POST") named.script = JSON.parse(body) as LogScript;
    return void response.writeHead(200).end(JSON.stringify(named.seen));
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([key, value]) => [key, String(value)]),
  );
  named.seen.push({ method: request.method ?? "", headers, body });
  const { script } = named;
  if (script.status !== undefined) {
    const { location } = script;
    return void response.writeHead(script.status, location === undefined ? {} : { location }).end("no");
  }
  const answer = body === "" ? undefined : script.answers?.[JSON.parse(body).method];
  if (answer) {
    response.writeHead(200, { "content-type": "application/json" });
    return void response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...answer }));
  }
  switch (script.does) {
    case "hang":
      return;
    case "garbage":
      return void response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome to nginx!</h1>");
    case "huge":
      response.writeHead(200, { "content-type": "application/json" });
      for (let sent = 0; sent < 6; sent++) response.write(" ".repeat(MEGABYTE));
      return void response.end("{}");
    case "endless":
      response.writeHead(200, { "content-type": "text/event-stream" });
      return void response.write(': hello\n\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n');
    case "sessions":
      return sessions(named, request, response, body);
    default:
      return modern(script, request, response, body, headers);
  }
}

const answerOf = ({ text = "", structured, isError = false }: LogScript) => ({
  content: [{ type: "text" as const, text }],
  ...(structured ? { structuredContent: structured } : {}),
  isError,
});

async function modern(
  script: LogScript,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  headers: Record<string, string>,
): Promise<void> {
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: "logs", version: "1.0" });
      const description = "Searches the logs.";
      server.registerTool(
        script.tool ?? "search_logs",
        { description, inputSchema: z.object(inputOf(script)) },
        () => answerOf(script),
      );
      return server;
    },
    { legacy: "reject", responseMode: script.does === "stream" ? "sse" : "auto" },
  );
  const answer = await handler.fetch(
    new Request(`http://127.0.0.1${request.url}`, { method: request.method ?? "GET", headers }),
    { parsedBody: JSON.parse(body) },
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  for await (const piece of answer.body ?? []) response.write(piece);
  response.end();
}

async function sessions(
  { script, sessions: open }: Named,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const id = String(request.headers["mcp-session-id"] ?? "");
  let transport = open.get(id);
  if (!transport) {
    const fresh = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => void open.set(session, fresh),
      onsessionclosed: (session) => void open.delete(session),
    });
    const server = new SessionServer({ name: "logs", version: "1.0" });
    server.registerTool(script.tool ?? "search_logs", { inputSchema: inputOf(script) }, () =>
      answerOf(script),
    );
    await server.connect(fresh);
    transport = fresh;
  }
  await transport.handleRequest(request, response, body === "" ? undefined : JSON.parse(body));
}
