/** An embedding model on this machine that answers as OpenAI does, after a while. Runs as a process of its own. */
import { fork } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DIMENSIONS, dot, generator } from "./vectors.ts";

export const LATENCY_MS = 50;
/** Directions that texts' words point to; looked up, so that the server costs little beside those who ask it. */
const DIRECTIONS = 512;

export type EmbeddingServer = { baseUrl: string; close(): void };

/** @throws Error when it ends instead of saying where it listens */
export function startEmbeddingServer(): Promise<EmbeddingServer> {
  const child = fork(import.meta.filename, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`The embedding server ended with ${code}.`)));
    child.once("message", (baseUrl: string) => resolve({ baseUrl, close: () => void child.kill() }));
  });
}

type Request = { input: string | string[]; model: string; encoding_format?: string };

function serve(): void {
  const random = generator(11);
  const directions = Array.from({ length: DIRECTIONS }, () =>
    Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5),
  );
  const server = createServer(async (request, response) => {
    const from = performance.now();
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { input, model, encoding_format } = JSON.parse(Buffer.concat(pieces).toString()) as Request;
    const data = [input].flat().map((text, index) => {
      const vector = vectorOf(text, directions);
      const embedding =
        encoding_format === "base64"
          ? Buffer.from(vector.buffer).toString("base64")
          : Array.from(vector, (value) => Math.round(value * 1e7) / 1e7);
      return { object: "embedding", index, embedding };
    });
    const body = JSON.stringify({
      object: "list",
      model,
      data,
      usage: { prompt_tokens: 1, total_tokens: 1 },
    });
    setTimeout(
      () => response.writeHead(200, { "content-type": "application/json" }).end(body),
      Math.max(0, LATENCY_MS - (performance.now() - from)),
    );
  });
  server.keepAliveTimeout = 600_000;
  server.listen(0, "127.0.0.1", () =>
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`),
  );
  process.once("disconnect", () => process.exit());
}

/** Texts that share words are near each other. */
function vectorOf(text: string, directions: readonly Float32Array[]): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  for (let from = 0, nth = 0; from >= 0 && nth < 40; nth++, from = text.indexOf(" ", from + 1)) {
    const place = text.charCodeAt(from + 1) * 31 + text.charCodeAt(from + 2) * 7 + text.charCodeAt(from + 3);
    const direction = directions[place % DIRECTIONS];
    if (direction)
      for (let at = 0; at < DIMENSIONS; at++) vector[at] = (vector[at] ?? 0) + (direction[at] ?? 0);
  }
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

if (process.argv[1] === import.meta.filename) serve();
