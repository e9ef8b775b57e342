/** Tools of MCP servers that organizations named: what there is, and calling one. */
import type { BaseCtx } from "../../context.ts";

export type McpServer = {
  url: string;
  /** Sent with every request, e.g. `authorization`. */
  headers: Readonly<Record<string, string>>;
};

export type McpTool = {
  name: string;
  description: string;
  /** JSON Schema of its arguments. */
  inputSchema: Record<string, unknown>;
};

export type McpResult = {
  /** Of a tool that describes its results; null otherwise. */
  structured: unknown;
  /** The text parts of its answer. */
  texts: string[];
  /** The tool ran and says that it failed; `texts` then say why. */
  isError: boolean;
};

export type McpCall = Pick<BaseCtx, "signal" | "waitUntil">;

/**
 * Both throw AppError `url_refused` for an address that is not public | `telemetry_timeout` | `telemetry_too_large` |
 * `telemetry_refused` when the credentials do not open it | `telemetry_failed` for everything else that is no answer.
 */
export type Mcp = {
  listTools(server: McpServer, call: McpCall): Promise<McpTool[]>;
  /** @throws AppError as above | `telemetry_tool_missing` */
  callTool(
    server: McpServer,
    tool: { name: string; arguments: Record<string, unknown> },
    call: McpCall,
  ): Promise<McpResult>;
};
