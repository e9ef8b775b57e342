/** The MCP server over a real port: the official clients, and the official conformance suite. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Door, openDoor } from "./support/signed-in.ts";
import { startTestStack, type TestStack } from "./support/stack.ts";

const ROOT = join(import.meta.dirname, "../..");
const QUESTION = "How long does standard delivery take?";
const CONFORMANCE = join(ROOT, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
const PAGE = readFileSync(join(ROOT, "docs/mcp.md"), "utf8");

let stack: TestStack;
let door: Door;
let key: string;
let results: string;
beforeAll(async () => {
  stack = await startTestStack();
  const scopes = ["search", "chat", "documents:read", "documents:write"];
  const made = await stack.api("POST", "/api/v1/api-keys", { name: "MCP", scopes, access: "internal" });
  key = made.key;
  // The suite has no way to be given a credential.
  door = await openDoor(stack.url, key);
  results = mkdtempSync(join(tmpdir(), "kalamna-conformance-"));
});
afterAll(async () => {
  await door?.close();
  await stack?.stop();
  if (results) rmSync(results, { recursive: true, force: true });
});

describe("over a real port", () => {
  const address = () => new URL("/mcp", stack.url);
  const requestInit = () => ({ headers: { authorization: `Bearer ${key}` } });
  const identity = { name: "test", version: "1" };

  test.each<[string, () => Promise<Pick<Client, "listTools" | "callTool" | "listResources" | "close">>]>([
    [
      "@modelcontextprotocol/sdk",
      async () => {
        const client = new Client(identity);
        const transport = new StreamableHTTPClientTransport(address(), { requestInit: requestInit() });
        await client.connect(transport as never);
        return client;
      },
    ],
    [
      "@modelcontextprotocol/client",
      async () => {
        const client = new ModernClient(identity, { versionNegotiation: { mode: "auto" } });
        await client.connect(new ModernTransport(address(), { requestInit: requestInit() }));
        return client as never;
      },
    ],
  ])("%s asks the demo and gets what the API answers", async (_, connect) => {
    const client = await connect();
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("ask");
    const said: any = await client.callTool({ name: "ask", arguments: { query: QUESTION } });
    const same = await stack.api("POST", "/api/v1/query/sync", { query: QUESTION });
    const { answer, citations } = said.structuredContent;
    expect(answer).toBe(same.answer);
    expect(citations.map(({ quote }: any) => quote)).toEqual(same.citations.map(({ quote }: any) => quote));
    expect(citations.length).toBeGreaterThan(0);
    expect((await client.listResources()).resources.length).toBeGreaterThan(0);
    await client.close();
  });
});

describe("the conformance suite", () => {
  /** Checks that call tools or prompts of the suite's own, which a server of documents does not have. */
  const DIAGNOSTIC = [
    "sep-2575-server-rejects-undeclared-capability",
    "sep-2575-missing-capability-http-400",
    "sep-2575-http-server-no-independent-requests-on-stream",
    "sep-2575-server-no-log-without-loglevel",
    "sep-2575-server-no-log-below-loglevel",
  ];

  test.each<[version: string, scenario: string, besides: string[]]>([
    ["2025-11-25", "server-initialize", []],
    ["2025-11-25", "ping", []],
    ["2025-11-25", "tools-list", []],
    ["2025-11-25", "resources-list", []],
    ["2026-07-28", "server-stateless", DIAGNOSTIC],
    ["2026-07-28", "tools-list", []],
    ["2026-07-28", "resources-list", []],
    ["2026-07-28", "sep-2164-resource-not-found", []],
    ["2026-07-28", "http-header-validation", []],
    ["2026-07-28", "input-required-result-unsupported-methods", []],
    ["2026-07-28", "caching", ["sep-2549-prompts-list-caching-hints"]],
  ])("of %s: %s", async (version, scenario, besides) => {
    expect(PAGE).toContain(`\`${scenario}\``);
    const folder = join(results, version, scenario);
    const options = ["--url", `${door.url}/mcp`, "--scenario", scenario, "--spec-version", version];
    // A failed check is its exit code, and looked up below.
    await promisify(execFile)(process.execPath, [
      CONFORMANCE,
      "server",
      ...options,
      ...["--output-dir", folder, "--timeout", "120000"],
    ]).catch(() => undefined);
    const [run = ""] = readdirSync(folder);
    const checks: { id: string; status: string; errorMessage?: string }[] = JSON.parse(
      readFileSync(join(folder, run, "checks.json"), "utf8"),
    );
    const failed = checks.filter(({ id, status }) => status === "FAILURE" && !besides.includes(id));
    expect(failed).toEqual([]);
    expect(checks.filter(({ status }) => status === "SUCCESS").length).toBeGreaterThan(0);
  });
});
