/** The local log server: its query language, and what it shows of the stack's own log. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { searchLines } from "../../src/dev/logs/lines.ts";
import { type LogServer, startLogServer } from "../../src/dev/logs/server.ts";

const LINES = [
  { at: "2026-11-30T07:00:00.000Z", level: "info", method: "GET", route: "/health", status: 200, ms: 3 },
  {
    at: "2026-11-30T07:01:00.000Z",
    level: "info",
    method: "POST",
    route: "/api/v1/query",
    status: 200,
    ms: 900,
    step_ms: { auth: 4 },
  },
  { level: "info", mailbox: { to: "ada@acme.example", subject: "Your code", text: "493021" } },
  {
    at: "2026-11-30T07:02:00.000Z",
    level: "error",
    method: "POST",
    route: "/api/v1/query",
    status: 503,
    code: "database_unavailable",
    cause: "Error: connection refused",
  },
  { at: "2026-11-30T07:03:00.000Z", level: "warn", job: "sweep", failed: "webhooks" },
];

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kalamna-logs-"));
  file = join(folder, "worker.log");
  writeFileSync(file, `cut off"}\n${LINES.map((line) => JSON.stringify(line)).join("\n")}\nno JSON\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const minutes = (query: string, more: object = {}) =>
  searchLines(file, { query, ...more }).map((line) => Number((line as { time: string }).time.slice(14, 16)));

describe("a query", () => {
  test.each([
    ["*", [3, 2, 1, 0]],
    ["level:error", [2]],
    ["LEVEL", []],
    ["level:ERROR OR job:sweep", [3, 2]],
    ["route:/api/v1/query", [2, 1]],
    ['route:"/api/v1/query" AND status:200', [1]],
    ["route:*query* status:200", [1]],
    ["status:[500 TO 599]", [2]],
    ["status:{200 TO *]", [2]],
    ["status:>=200 AND NOT route:/health", [2, 1]],
    ["-status:200", [3, 2]],
    ["level:(error OR warn)", [3, 2]],
    ['"connection refused"', [2]],
    ["refused", [2]],
    ["step_ms.auth:4", [1]],
    ["(level:info AND ms:<100) OR code:database*", [2, 0]],
    ["code:*", [2]],
    ["493021", []],
  ])("%s", (query, found) => expect(minutes(query)).toEqual(found));

  test.each(["status:[500", '"open', "(level:info"])("that is none says so: %s", (query) => {
    expect(() => searchLines(file, { query })).toThrow("That is no Lucene query");
  });
});

test("time, severity and number of lines are as asked for", () => {
  expect(minutes("*", { from: "2026-11-30T07:01:00.000Z", to: "2026-11-30T07:02:00.000Z" })).toEqual([2, 1]);
  expect(minutes("*", { severity: "warn" })).toEqual([3, 2]);
  expect(minutes("*", { limit: 1 })).toEqual([3]);
});

test("a line says in words what it is about", () => {
  expect(searchLines(file, { query: "level:error" })[0]).toMatchObject({
    message: "POST /api/v1/query 503 database_unavailable: Error: connection refused",
    route: "/api/v1/query",
  });
});

describe("the server", () => {
  let server: LogServer;
  beforeAll(async () => {
    server = await startLogServer(file);
  });
  afterAll(() => server.close());

  const ask = (headers: Record<string, string>) =>
    fetch(server.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    });

  test("answers whoever knows its key", async () => {
    const answer = await ask({ authorization: `Bearer ${server.bearer}` });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("search_logs");
  });

  test("answers nobody else, and no web page", async () => {
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: "Bearer guess" })).status).toBe(401);
    const page = await ask({ authorization: `Bearer ${server.bearer}`, origin: "https://evil.example" });
    expect(page.status).toBe(403);
  });
});
