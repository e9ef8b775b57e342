/** What the connected log server can do. */
import type { Ctx, UserActor } from "../../context.ts";
import type { McpTool } from "../../infra/mcp/port.ts";
import { open } from "./get.ts";

export type ToolView = {
  name: string;
  description: string;
  /** JSON Schema of its arguments. */
  input_schema: McpTool["inputSchema"];
  /** Searches use this one. */
  in_use: boolean;
};

/** @throws AppError `telemetry_not_connected` | what asking the server throws */
export async function listTools(ctx: Ctx<UserActor>): Promise<ToolView[]> {
  const { server, tool } = await open(ctx);
  const tools = await ctx.log.step("telemetry", () => ctx.ports.mcp.listTools(server, ctx));
  return tools.map(({ name, description, inputSchema }) => ({
    name,
    description: description.slice(0, 2_000),
    input_schema: inputSchema,
    in_use: name === tool,
  }));
}
