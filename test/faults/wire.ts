/** The line between the Worker and the database's gateway: it delays, breaks and loses answers when told to. */
import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** `lost`: Postgres has done it and nobody hears. `cut`: half of the answer. `broken`: nothing arrives at all. */
export const WIRE_FAULTS = ["late", "error", "broken", "lost", "cut"] as const;
export type WireFault = (typeof WIRE_FAULTS)[number];

export type Wire = {
  /** Stays the same while gateways come and go. */
  endpoint: string;
  /** Port of the gateway; 0 while there is none. */
  gateway: number;
  /** Asked about every request. */
  fault: () => WireFault | undefined;
  close(): Promise<void>;
};

type Answer = { status: number; headers: IncomingMessage["headers"]; body: Buffer };

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function forward(request: IncomingMessage, body: Buffer, port: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, url, headers } = request;
    const { "transfer-encoding": _, ...others } = headers;
    const passed = send(
      {
        host: "127.0.0.1",
        port,
        method,
        path: url,
        headers: { ...others, "content-length": body.length },
        agent: false,
      },
      (answer) =>
        bodyOf(answer).then(
          (answered) =>
            resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answered }),
          reject,
        ),
    );
    passed.once("error", reject);
    passed.end(body);
  });
}

async function carry(request: IncomingMessage, response: ServerResponse, wire: Wire): Promise<void> {
  const body = await bodyOf(request);
  const fault = wire.fault();
  if (fault === "broken" || wire.gateway === 0) {
    response.destroy();
    return;
  }
  if (fault === "error") {
    response.writeHead(500, { "content-type": "text/html" }).end("<h1>Internal Server Error</h1>");
    return;
  }
  if (fault === "late") await pause(700);
  const answer = await forward(request, body, wire.gateway);
  if (fault === "lost") {
    response.destroy();
    return;
  }
  const { connection: _, "transfer-encoding": __, ...headers } = answer.headers;
  response.writeHead(answer.status, { ...headers, "content-length": answer.body.length });
  if (fault !== "cut") response.end(answer.body);
  else response.write(answer.body.subarray(0, answer.body.length / 2), () => response.destroy());
}

export async function startWire(): Promise<Wire> {
  const server = createServer((request, response) => {
    carry(request, response, wire).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const wire: Wire = {
    endpoint: `http://127.0.0.1:${port}/sql`,
    gateway: 0,
    fault: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return wire;
}
