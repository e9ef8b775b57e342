/**
 * A client of MCP servers over Streamable HTTP, through the guard against addresses that are not public. It asks as
 * the stateless protocol has it (2026-07-28); a server that does not understand that is greeted as before (`initialize`
 * and a session), which the specification wants on any error that does not come from a modern server.
 */
import * as z from "zod";
import { AppError } from "../../errors.ts";
import type { Web, WebAnswer } from "../net/port.ts";
import { type RpcResponse, responseIn } from "./messages.ts";
import type { Mcp, McpCall, McpServer, McpTool } from "./port.ts";

const MODERN = "2026-07-28";
const LEGACY = ["2025-11-25", "2025-06-18", "2025-03-26"] as const;
const US = { name: "Kalamna", version: "1.0" };
/** JSON-RPC and MCP: what a modern server says, and none of the others. */
const INVALID_PARAMS = -32602;
const UNSUPPORTED_VERSION = -32022;

/** Of a list of tools; who has more will not miss the rest here. */
const MOST_PAGES = 10;

export type McpOptions = {
  /** For everything that one call needs, in milliseconds. */
  timeoutMs: number;
  /** Of one answer. */
  maxBytes: number;
};

const Tools = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      description: z.string().default(""),
      inputSchema: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  nextCursor: z.string().optional(),
});
const Called = z.object({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});
const Greeted = z.object({ protocolVersion: z.enum(LEGACY) });

type Params = Record<string, unknown>;
type Wire = { server: McpServer; call: McpCall; deadline: number };
type Spoken = { status: number; response: RpcResponse | undefined; session: string | null };
/** Sends one request and returns its result. */
type Say = (method: string, params: Params) => Promise<Record<string, unknown>>;

const failed = (detail: string, cause?: unknown) => new AppError("telemetry_failed", { detail, cause });

export function mcpClient(web: Web, { timeoutMs, maxBytes }: McpOptions): Mcp {
  async function post(wire: Wire, message: object, headers: Record<string, string>): Promise<WebAnswer> {
    return web.post(wire.server.url, {
      httpsOnly: true,
      timeoutMs: Math.max(1, wire.deadline - performance.now()),
      maxBytes,
      signal: wire.call.signal,
      headers: {
        ...wire.server.headers,
        ...headers,
        accept: "application/json, text/event-stream",
        "content-type": "application/json",
      },
      body: new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", ...message })),
    });
  }

  /** @throws AppError for an answer that no server of either kind gives */
  async function speak(
    wire: Wire,
    method: string,
    params: Params,
    headers: Record<string, string>,
  ): Promise<Spoken> {
    try {
      const { status, headers: said, body } = await post(wire, { id: 1, method, params }, headers);
      if ([401, 403].includes(status) || (status >= 300 && status < 400) || status >= 500)
        await body.cancel();
      if (status === 401 || status === 403) {
        throw new AppError("telemetry_refused", {
          detail: `The log server answers ${status}: check its credentials.`,
        });
      }
      if (status >= 300 && status < 400) {
        throw failed("The log server redirects elsewhere. Give the address where it really is.");
      }
      if (status >= 500) throw failed(`The log server answers ${status}.`);
      const type = (said.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
      return { status, response: await responseIn(type, body, 1), session: said.get("mcp-session-id") };
    } catch (thrown) {
      throw named(thrown);
    }
  }

  /** @returns null when the server is of the older kind */
  async function modern(wire: Wire, method: string, params: Params) {
    const { response } = await speak(
      wire,
      method,
      {
        ...params,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": MODERN,
          "io.modelcontextprotocol/clientInfo": US,
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
      {
        "mcp-protocol-version": MODERN,
        "mcp-method": method,
        ...(typeof params.name === "string" ? { "mcp-name": headerValue(params.name) } : {}),
      },
    );
    if (response && "result" in response) return finished(response.result);
    if (response?.error.code === INVALID_PARAMS) throw refusal(response.error);
    if (response?.error.code === UNSUPPORTED_VERSION && !offersLegacy(response.error.data)) {
      throw failed("The log server speaks no version of MCP that we know.");
    }
    return null;
  }

  /** Greets, works, says goodbye. */
  async function legacy<T>(wire: Wire, work: (say: Say) => Promise<T>): Promise<T> {
    const hello = { protocolVersion: LEGACY[0], capabilities: {}, clientInfo: US };
    const { status, response, session } = await speak(wire, "initialize", hello, {});
    const greeted = response && "result" in response ? Greeted.safeParse(response.result) : undefined;
    if (!greeted?.success)
      throw failed(`What answers there is no MCP server that we understand (${status}).`);
    const headers = {
      "mcp-protocol-version": greeted.data.protocolVersion,
      ...(session ? { "mcp-session-id": session } : {}),
    };
    try {
      const told = await post(wire, { method: "notifications/initialized" }, headers);
      await told.body.cancel();
      return await work(async (method, params) => {
        const { status: came, response: answer } = await speak(wire, method, params, headers);
        if (!answer) throw failed(`The log server answers ${came} and nothing that is MCP.`);
        if ("error" in answer) throw refusal(answer.error);
        return answer.result;
      });
    } catch (thrown) {
      throw named(thrown);
    } finally {
      if (session) wire.call.waitUntil(end(wire, headers));
    }
  }

  /** A courtesy: servers forget sessions by themselves. */
  async function end({ server }: Wire, headers: Record<string, string>): Promise<void> {
    await web
      .post(server.url, {
        method: "DELETE",
        httpsOnly: true,
        timeoutMs,
        maxBytes,
        headers: { ...server.headers, ...headers },
      })
      .then(({ body }) => body.cancel())
      .catch(() => undefined);
  }

  const wireTo = (server: McpServer, call: McpCall): Wire => ({
    server,
    call,
    deadline: performance.now() + timeoutMs,
  });

  async function allTools(say: Say, first?: Record<string, unknown>): Promise<McpTool[]> {
    const tools: McpTool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const result = page === 0 && first ? first : await say("tools/list", cursor ? { cursor } : {});
      const { data } = Tools.safeParse(result);
      if (!data) throw failed("The log server's list of tools is not one.");
      tools.push(...data.tools);
      cursor = data.nextCursor;
      if (!cursor) break;
    }
    return tools;
  }

  return {
    async listTools(server, call) {
      const wire = wireTo(server, call);
      const first = await modern(wire, "tools/list", {});
      if (!first) return legacy(wire, (say) => allTools(say));
      return allTools(async (method, params) => (await modern(wire, method, params)) ?? {}, first);
    },
    async callTool(server, { name, arguments: given }, call) {
      const wire = wireTo(server, call);
      const params = { name, arguments: given };
      const result =
        (await modern(wire, "tools/call", params)) ??
        (await legacy(wire, (say) => say("tools/call", params)));
      const { data } = Called.safeParse(result);
      if (!data) throw failed("What the log server's tool answers is no result.");
      return {
        structured: data.structuredContent ?? null,
        texts: data.content.flatMap(({ type, text }) =>
          type === "text" && text !== undefined ? [text] : [],
        ),
        isError: data.isError,
      };
    },
  };
}

/** Header values are ASCII; others travel as the specification encodes them. */
const headerValue = (name: string) =>
  /^[\x21-\x7e]+$/.test(name) ? name : `=?base64?${Buffer.from(name).toString("base64")}?=`;

const Supported = z.object({ supported: z.array(z.string()) });
const offersLegacy = (data: unknown) =>
  Supported.safeParse(data).data?.supported.some((version) =>
    (LEGACY as readonly string[]).includes(version),
  ) ?? true;

/** A server may want something of us first, which we do not offer. */
function finished(result: Record<string, unknown>): Record<string, unknown> {
  if (result.resultType === undefined || result.resultType === "complete") return result;
  throw failed("The log server's tool asks back instead of answering.");
}

/** @param error an unknown tool is a wrong parameter, in both kinds of protocol */
function refusal({ code, message }: { code: number; message: string }): AppError {
  const detail = `The log server says: ${message.slice(0, 300)}`;
  return code === INVALID_PARAMS && /tool/i.test(message)
    ? new AppError("telemetry_tool_missing", { detail })
    : failed(detail);
}

function named(thrown: unknown): unknown {
  if (!(thrown instanceof AppError)) return thrown;
  if (thrown.code === "too_large") return new AppError("telemetry_too_large", { cause: thrown });
  if (thrown.code !== "fetch_failed") return thrown;
  const late = thrown.cause instanceof Error && thrown.cause.name === "TimeoutError";
  return late
    ? new AppError("telemetry_timeout", { cause: thrown })
    : failed(`The log server cannot be reached: ${thrown.message}`, thrown);
}
