import { describe, expect, test } from "vitest";
import { mcpClient } from "../../../src/infra/mcp/streamable-http.ts";
import type { LogScript } from "../../support/log-server.ts";
import { linesOf, newLogs } from "../../support/logs.ts";
import { baseCtx } from "../../support/people.ts";

const call = { signal: new AbortController().signal, waitUntil: () => undefined };
const client = (timeoutMs = 10_000) => mcpClient(baseCtx().ports.web, { timeoutMs, maxBytes: 100_000 });
const search = { name: "search_logs", arguments: { query: "*" } };

describe("patience ends", () => {
  test.each(["hang", "endless"] as const)("with a server that would: %s", async (does) => {
    const { url } = await newLogs({ does });
    const from = performance.now();
    await expect(client(400).callTool({ url, headers: {} }, search, call)).rejects.toMatchObject({
      code: "telemetry_timeout",
    });
    expect(performance.now() - from).toBeLessThan(5_000);
  });

  test("when the caller goes away", async () => {
    const { url } = await newLogs({ does: "hang" });
    const gone = new AbortController();
    const asking = client().callTool({ url, headers: {} }, search, { ...call, signal: gone.signal });
    gone.abort();
    await expect(asking).rejects.toThrow();
  });
});

test("a modern server is asked once", async () => {
  const logs = await newLogs(linesOf({ message: "Hello." }));
  const result = await client().callTool({ url: logs.url, headers: {} }, search, call);
  expect(result).toMatchObject({ isError: false, structured: { lines: [{ message: "Hello." }] } });
  const seen = await logs.seen();
  expect(seen).toHaveLength(1);
  expect(seen[0]?.headers).toMatchObject({
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/call",
    "mcp-name": "search_logs",
    "user-agent": "Kalamna/1.0",
  });
});

test("an older server is greeted first, and told when we leave", async () => {
  const logs = await newLogs({ does: "sessions", ...linesOf({ message: "Hello." }) });
  const after: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void after.push(work);
  await client().callTool({ url: logs.url, headers: {} }, search, { ...call, waitUntil });
  await Promise.all(after);
  const methods = (await logs.seen()).map(({ method, body }) => (body ? JSON.parse(body).method : method));
  expect(methods).toEqual(["tools/call", "initialize", "notifications/initialized", "tools/call", "DELETE"]);
});

test("an answer that is larger than we read is not read", async () => {
  const { url } = await newLogs({ text: "x".repeat(200_000) });
  await expect(client().callTool({ url, headers: {} }, search, call)).rejects.toMatchObject({
    code: "telemetry_too_large",
  });
});

test("a server that nobody runs cannot be reached", async () => {
  const dead = { url: "http://127.0.0.1:9/mcp", headers: {} };
  await expect(client().listTools(dead, call)).rejects.toMatchObject({ code: "telemetry_failed" });
});

describe("what is no answer is said to be none:", () => {
  const supported = (...versions: string[]) => ({
    error: { code: -32022, message: "Unsupported protocol version", data: { supported: versions } },
  });
  const greeting = {
    result: { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "logs" } },
  };

  test.each<[string, NonNullable<LogScript["answers"]>, string]>([
    ["later versions only", { "tools/call": supported("2027-05-01") }, "no version of MCP that we know"],
    [
      "an older version, and then a refusal",
      {
        "tools/call": supported("2025-06-18"),
        initialize: greeting,
        "notifications/initialized": { result: {} },
      },
      "The log server says: Unsupported protocol version",
    ],
    ["a question", { "tools/call": { result: { resultType: "input_required" } } }, "asks back"],
    ["no content", { "tools/call": { result: { content: "none" } } }, "is no result"],
  ])("%s", async (_, answers, message) => {
    const { url } = await newLogs({ answers });
    await expect(client().callTool({ url, headers: {} }, search, call)).rejects.toMatchObject({
      code: "telemetry_failed",
      message: expect.stringContaining(message),
    });
  });

  test("a list of tools that is none", async () => {
    const { url } = await newLogs({ answers: { "tools/list": { result: { tools: "none" } } } });
    await expect(client().listTools({ url, headers: {} }, call)).rejects.toMatchObject({
      code: "telemetry_failed",
      message: expect.stringContaining("list of tools is not one"),
    });
  });
});
