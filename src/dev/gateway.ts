/** Neon's SQL-over-HTTP protocol on loopback, in front of any Postgres: what the Worker talks to on this machine. */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, failure, ProtocolError } from "./gateway-answer.ts";
import { type GatewayRequest, parseRequest } from "./gateway-request.ts";
import { type Sessions, startSessions } from "./gateway-sessions.ts";

export type Gateway = {
  /** `http://127.0.0.1:PORT/sql` */
  endpoint: string;
  close(): Promise<void>;
};

export type GatewayOptions = {
  /** Postgres behind the gateway. */
  connectionString: string;
  /** Password that callers must have in their connection string: a web page open on this machine does not know it. */
  secret: string;
  /** 0 for any free port. */
  port: number;
  /** Most connections to Postgres at once. */
  connections: number;
  /** Does the Postgres behind understand CancelRequest? PGlite does not. */
  canCancel: boolean;
};

/** Neon's default limit for a request and for a response, in bytes. */
const MAX_BYTES = 10 * 1024 * 1024;

const digest = (text: string) => createHash("sha256").update(text).digest();

function authorize(request: IncomingMessage, secret: string): void {
  const header = request.headers["neon-connection-string"];
  const url = typeof header === "string" && URL.canParse(header) ? new URL(header) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw new ProtocolError(400, "The Neon-Connection-String header is not a Postgres connection string");
  if (!timingSafeEqual(digest(decodeURIComponent(url.password)), digest(secret)))
    throw new ProtocolError(400, "password authentication failed", "28P01");
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BYTES) throw new ProtocolError(413, `request is too large (max is ${MAX_BYTES} bytes)`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

async function answer(
  request: IncomingMessage,
  sessions: Sessions,
  secret: string,
  gone: AbortSignal,
): Promise<Answer> {
  if (request.url?.split("?")[0] !== "/sql") throw new ProtocolError(404, "There is only /sql here");
  if (request.method !== "POST") throw new ProtocolError(405, "Only POST is answered");
  authorize(request, secret);
  const wanted: GatewayRequest = parseRequest(request.headers, await readBody(request));
  const results = await sessions.run(wanted, gone);
  const body = JSON.stringify(wanted.batch ? { results } : results[0]);
  if (Buffer.byteLength(body) > MAX_BYTES)
    throw new ProtocolError(507, `response is too large (max is ${MAX_BYTES} bytes)`);
  return { status: 200, headers: wanted.echo, body };
}

/**
 * Starts the gateway.
 * @throws Error with one sentence when the port is taken
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const sessions = startSessions({ ...options, maxBytes: MAX_BYTES });
  const server = createServer(async (request, response) => {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    try {
      send(response, await answer(request, sessions, options.secret, gone.signal));
    } catch (thrown) {
      // A body that nobody reads any more would block the connection for the next request.
      if (!request.complete) response.setHeader("connection", "close");
      send(response, failure(thrown));
    }
  });
  // The Worker keeps connections open; closing an idle one races with its next request.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new Error(`Port ${options.port} is in use.`) : error),
    );
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/sql`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await sessions.close();
    },
  };
}
