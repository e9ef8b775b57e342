/** A loopback provider that speaks the OpenAI protocol and misbehaves on demand, each model name in its own way. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Behaviour =
  /** Streams `text` in `pieces`, each `everyMs` after the one before. */
  | { do: "answer"; text: string; pieces?: "words" | "letters" | "whole"; everyMs?: number; usage?: boolean }
  /** `words` words, each the `performance.now()` of its sending: whoever reads them here knows how long they took. */
  | { do: "clock"; words: number; everyMs: number }
  /** Answers with the last user message. */
  | { do: "echo" }
  /** Writes `reply` when `order` stands where it listens: in the prompt's last paragraph, or outside of its fenced blocks. */
  | { do: "obey"; listens: "last" | "outside"; order: string; reply: string; otherwise: string }
  | { do: "status"; status: number; retryAfter?: string; message?: string; code?: string }
  /** Takes the request and never answers. */
  | { do: "hang" }
  /** Streams `text`, then nothing more. */
  | { do: "stall"; text: string }
  /** Streams `text`, then the connection breaks. */
  | { do: "cut"; text: string }
  /** Streams `text` and ends without saying that it is finished. */
  | { do: "truncate"; text: string }
  /** Streams `text`, then something that is not JSON. */
  | { do: "malformed"; text: string }
  /** Streams `text`, then an error object. */
  | { do: "error"; text: string }
  /** Streams `text` between events of its own, as Cloudflare does. */
  | { do: "named-events"; text: string }
  /** A proper stream without a word in it. */
  | { do: "empty" }
  /** A web page, with 200 unless it says otherwise. */
  | { do: "html"; status?: number }
  | RerankBehaviour
  /** Vectors with another `salt` have nothing to do with each other, as those of two models. */
  | {
      do: "embed";
      length?: number;
      fault?: EmbeddingFault;
      salt?: string;
    };

/** A reranker's reply: `results` as they are given, or those passages first that have the word. */
export type RerankBehaviour = {
  do: "rerank";
  prefer?: string;
  results?: unknown;
  /** Half of the answer, then the connection breaks; or as if it were all. */
  fault?: "cut" | "garbage";
};

export type EmbeddingFault =
  | "fewer"
  | "nulls"
  | "shuffled"
  | "zero"
  | "fixed-length"
  /** Half of the answer, then the connection breaks. */
  | "cut"
  /** Half of the answer as if it were all. */
  | "garbage";

export type SeenRequest = {
  path: string;
  model: string;
  body: Record<string, unknown>;
  /** As it came, in either header. */
  key: string | undefined;
  /** The trace it belongs to. */
  trace: { traceparent?: string; tracestate?: string };
  /** `aborted`: the client closed the connection before the answer was complete. */
  state: "open" | "finished" | "aborted";
};

export type ModelServer = { url: string; close(): Promise<void> };

type Script = { left: Behaviour[] };

const HELLO: Behaviour = { do: "answer", text: "The model server answers." };

/**
 * Starts on a free port of 127.0.0.1. The provider's base URL is `${url}/v1`. Tests that cannot import this module
 * drive it over HTTP: `POST /control {model, behaviours}` (used one request each, the last one stays) and
 * `GET /control/requests?model=`.
 */
export async function startModelServer(port = 0): Promise<ModelServer> {
  const scripts = new Map<string, Script>();
  const seen: SeenRequest[] = [];

  const server = createServer((request, response) => {
    handle(request, response, scripts, seen).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  // A connection that is closed in the moment it is used again looks like a server that is away.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
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
  scripts: Map<string, Script>,
  seen: SeenRequest[],
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const route = `${request.method} ${url.pathname}`;
  const body = request.method === "POST" ? await readJson(request) : {};
  if (route === "POST /control") {
    scripts.set(String(body.model), { left: body.behaviours as Behaviour[] });
    return json(response, 200, { ok: true });
  }
  if (route === "GET /control/requests") {
    const model = url.searchParams.get("model");
    return json(response, 200, { requests: seen.filter((one) => model === null || one.model === model) });
  }
  if (route === "GET /v1/models") {
    const data = [...scripts.keys()].map((id) => ({ id, object: "model", created: 0, owned_by: "test" }));
    return json(response, 200, { object: "list", data });
  }

  const model = String(body.model);
  const { "api-key": apiKey, authorization } = request.headers;
  const key = apiKey === undefined ? authorization : `api-key ${apiKey}`;
  const { traceparent, tracestate } = request.headers as SeenRequest["trace"];
  const trace = { ...(traceparent ? { traceparent } : {}), ...(tracestate ? { tracestate } : {}) };
  const record: SeenRequest = { path: url.pathname + url.search, model, body, key, trace, state: "open" };
  seen.push(record);
  response.once("close", () => {
    record.state = response.writableFinished ? "finished" : "aborted";
  });
  if (/^POST (\/v1|\/openai\/deployments\/[^/]+)\/chat\/completions$/.test(route))
    return chat(response, body, next(scripts, model) ?? HELLO);
  if (route === "POST /v1/embeddings") return embed(response, body, next(scripts, model) ?? { do: "embed" });
  if (route === "POST /v1/rerank") return rerank(response, body, next(scripts, model) ?? { do: "rerank" });
  return fail(response, 404, "unknown path");
}

function next(scripts: Map<string, Script>, model: string): Behaviour | undefined {
  const left = scripts.get(model)?.left;
  return left && left.length > 1 ? left.shift() : left?.[0];
}

/** What both kinds of request share: true when the behaviour is complete. */
function misbehave(response: ServerResponse, behaviour: Behaviour): boolean {
  if (behaviour.do === "hang") return true;
  if (behaviour.do === "html") {
    response.writeHead(behaviour.status ?? 200, { "content-type": "text/html" });
    response.end("<!doctype html><title>Welcome</title><p>Sign in to the network.</p>");
    return true;
  }
  if (behaviour.do === "status") {
    if (behaviour.retryAfter !== undefined) response.setHeader("retry-after", behaviour.retryAfter);
    fail(response, behaviour.status, behaviour.message ?? "scripted failure", behaviour.code);
    return true;
  }
  return false;
}

async function chat(
  response: ServerResponse,
  body: Record<string, unknown>,
  behaviour: Behaviour,
): Promise<void> {
  if (misbehave(response, behaviour)) return;
  const model = String(body.model);
  const messages = body.messages as { role: string; content: string }[];
  const text =
    behaviour.do === "echo"
      ? (messages.findLast(({ role }) => role === "user")?.content ?? "")
      : behaviour.do === "obey"
        ? obedient(messages, behaviour)
        : "text" in behaviour
          ? behaviour.text
          : "";
  const usage = {
    prompt_tokens: Math.ceil(JSON.stringify(messages).length / 4),
    completion_tokens: Math.ceil(text.length / 4),
    total_tokens: 0,
  };
  usage.total_tokens = usage.prompt_tokens + usage.completion_tokens;
  if (body.stream !== true) {
    const message = { role: "assistant", content: text };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    return json(response, 200, {
      id: "chatcmpl-test",
      object: "chat.completion",
      created: 0,
      model,
      choices,
      usage,
    });
  }

  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const chunk = (delta: object, finish: string | null, more: object = {}) =>
    `data: ${JSON.stringify({
      id: "chatcmpl-test",
      object: "chat.completion.chunk",
      created: 0,
      model,
      choices: [{ index: 0, delta, finish_reason: finish }],
      ...more,
    })}\n\n`;
  response.write(chunk({ role: "assistant", content: "" }, null));
  if (behaviour.do === "named-events")
    response.write('event: chunks\ndata: [{"filename":"a.pdf"}]\n\n: keep-alive\n\n');
  if (behaviour.do === "clock") {
    for (let word = 0; word < behaviour.words && !response.destroyed; word++) {
      if (behaviour.everyMs > 0) await new Promise((resolve) => setTimeout(resolve, behaviour.everyMs));
      response.write(chunk({ content: `${performance.now().toFixed(3)} ` }, null));
    }
  }
  const answers = behaviour.do === "answer" ? behaviour : undefined;
  for (const piece of split(text, answers?.pieces ?? "words")) {
    if (response.destroyed) return;
    response.write(chunk({ content: piece }, null));
    if (answers?.everyMs) await new Promise((resolve) => setTimeout(resolve, answers.everyMs));
  }
  switch (behaviour.do) {
    case "stall":
      return;
    case "cut":
      // Let what was written leave first, so that the client sees text and then a broken connection.
      response.write(": last words\n\n", () => response.destroy());
      return;
    case "truncate":
      response.end();
      return;
    case "malformed":
      response.end('data: {"choices":[{"delta":{"content":"br\n\n');
      return;
    case "error":
      response.end(
        'data: {"error":{"message":"overloaded","type":"server_error","code":null,"param":null}}\n\n',
      );
      return;
    default:
      response.write(chunk({}, "stop"));
      if (answers?.usage !== false) response.write(chunk({}, null, { choices: [], usage }));
      response.end("data: [DONE]\n\n");
  }
}

function obedient(
  messages: { content: string }[],
  { listens, order, reply, otherwise }: Extract<Behaviour, { do: "obey" }>,
): string {
  const prompt = messages.map(({ content }) => content).join("\n\n");
  const fence = /begin with (\S+) mark/.exec(prompt)?.[1] ?? "";
  const blocks = new RegExp(`^${fence} (?!end$)[^\\n]*\\n[\\s\\S]*?^${fence} end$`, "gm");
  const heard =
    listens === "last"
      ? (prompt
          .trim()
          .split(/\n\s*\n/)
          .at(-1) ?? "")
      : prompt.replace(blocks, "");
  const plain = (text: string) =>
    text
      .normalize("NFKC")
      .replace(/[\s\p{Cf}]+/gu, " ")
      .trim();
  return plain(heard).includes(plain(order)) ? reply : otherwise;
}

function split(text: string, pieces: "words" | "letters" | "whole"): string[] {
  if (pieces === "whole") return [text];
  return (pieces === "letters" ? Array.from(text) : text.match(/\s*\S+|\s+$/g)) ?? [];
}

function embed(response: ServerResponse, body: Record<string, unknown>, behaviour: Behaviour): void {
  if (misbehave(response, behaviour)) return;
  const { length, fault, salt = "" } = behaviour.do === "embed" ? behaviour : {};
  if (fault === "fixed-length" && body.dimensions !== undefined) {
    fail(response, 400, "This model does not support specifying dimensions.");
    return;
  }
  const inputs = Array.isArray(body.input) ? body.input.map(String) : [String(body.input)];
  const dimensions = length ?? (typeof body.dimensions === "number" ? body.dimensions : 1_536);
  let data = inputs.map((input, index) => ({
    object: "embedding",
    index,
    embedding: fault === "zero" ? new Array<number>(dimensions).fill(0) : vectorOf(input, dimensions, salt),
  }));
  if (fault === "fewer") data = data.slice(1);
  if (fault === "shuffled") data.reverse();
  const text = JSON.stringify({
    object: "list",
    data,
    model: body.model,
    usage: { prompt_tokens: 1, total_tokens: 1 },
  });
  response.writeHead(200, { "content-type": "application/json" });
  if (fault === "cut") {
    response.write(text.slice(0, text.length / 2), () => response.destroy());
    return;
  }
  if (fault === "garbage") {
    response.end(text.slice(0, text.length / 2));
    return;
  }
  response.end(fault === "nulls" ? text.replace(/\[-?[\d.e-]+,/g, "[null,") : text);
}

function rerank(response: ServerResponse, body: Record<string, unknown>, behaviour: Behaviour): void {
  if (misbehave(response, behaviour) || behaviour.do !== "rerank") return;
  const documents = (body.documents as string[]).map((document, index) => ({
    index,
    relevance_score: behaviour.prefer && document.includes(behaviour.prefer) ? 0.9 : 0.1 / (index + 1),
  }));
  const text = JSON.stringify({ results: behaviour.results ?? documents });
  response.writeHead(200, { "content-type": "application/json" });
  const half = text.slice(0, text.length / 2);
  if (behaviour.fault === "cut") response.write(half, () => response.destroy());
  else response.end(behaviour.fault === "garbage" ? half : text);
}

/** Words hashed into a vector of length 2: texts that share words are near each other, and nobody normalized them. */
function vectorOf(text: string, dimensions: number, salt: string): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["∅"]) {
    let hash = 2_166_136_261;
    const salted = salt + word;
    for (let at = 0; at < salted.length; at++) hash = Math.imul(hash ^ salted.charCodeAt(at), 16_777_619);
    const place = (hash >>> 0) % dimensions;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  const norm = Math.hypot(...vector);
  return vector.map((value) => (2 * value) / norm);
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString("utf8")) as Record<string, unknown>;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, message: string, code: string | null = null): void {
  json(response, status, { error: { message, type: "scripted", code, param: null } });
}
