/**
 * A loopback receiver of webhooks: keeps what arrives under each path, byte for byte, and answers as scripted. Tests in
 * workerd drive it over HTTP: `POST /control/<name> {behaviours}` (one a message, the last one stays) and
 * `GET /control/<name>`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Reception =
  | { status: number; body?: string; headers?: Record<string, string> }
  /** Takes the message and never answers. */
  | { hang: true };

export type ReceivedMessage = { method: string; headers: Record<string, string>; body: string };

export type WebhookServer = { url: string; close(): Promise<void> };

/** Starts on a free port of 127.0.0.1; a receiver's address is `${url}/hooks/<name>`. */
export async function startWebhookServer(): Promise<WebhookServer> {
  const scripts = new Map<string, Reception[]>();
  const received = new Map<string, ReceivedMessage[]>();
  const server = createServer((request, response) => {
    handle(request, response, scripts, received).catch((error: unknown) => {
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

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  scripts: Map<string, Reception[]>,
  received: Map<string, ReceivedMessage[]>,
): Promise<void> {
  const [, area, name = ""] = (request.url ?? "").split("/");
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces).toString("utf8");
  if (area === "control") {
    if (request.method === "POST") scripts.set(name, JSON.parse(body) as Reception[]);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(received.get(name) ?? []));
    return;
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([key, value]) => [key, String(value)]),
  );
  received.set(name, [...(received.get(name) ?? []), { method: request.method ?? "", headers, body }]);
  const left = scripts.get(name) ?? [];
  const reception = (left.length > 1 ? left.shift() : left[0]) ?? { status: 200 };
  if ("hang" in reception) return;
  response.writeHead(reception.status, reception.headers ?? {});
  response.end(reception.body ?? "");
}
