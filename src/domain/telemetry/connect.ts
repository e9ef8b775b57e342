/** Connects an organization's log server, or changes how it is searched. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { McpServer } from "../../infra/mcp/port.ts";
import { audit, auditOf } from "../audit/record.ts";
import { invalidField } from "../invalid-fields.ts";
import { argumentsOf, type ConnectionInput, type ConnectionView } from "./connection.ts";
import { open } from "./get.ts";
import { sealServer } from "./sealed.ts";
import { saveConnection } from "./sql.ts";
import { view } from "./view.ts";

/**
 * Asks the server for its tools first, so that a wrong address shows now and not at the first search.
 * @throws AppError what asking a server throws (infra/mcp/port.ts) | `telemetry_tool_missing` naming those that it has
 * @throws AppError `invalid_request` when which argument takes the query is not clear | `telemetry_not_connected` when
 *   nothing is connected and the address is left out
 */
export async function connect(ctx: Ctx<UserActor>, input: ConnectionInput): Promise<ConnectionView> {
  const { orgId } = ctx.actor;
  const server = input.url === undefined ? (await open(ctx)).server : serverOf(input, input.url);
  const tools = await ctx.log.step("telemetry", () => ctx.ports.mcp.listTools(server, ctx));
  const tool = tools.find(({ name }) => name === input.tool);
  if (!tool) {
    const names = tools.map(({ name }) => name).slice(0, 100);
    const has = names.length > 0 ? `It has ${names.slice(0, 10).join(", ")}.` : "It has none.";
    throw new AppError("telemetry_tool_missing", {
      detail: `The log server has no tool ${input.tool}. ${has}`,
      extra: { tools: names },
    });
  }
  const mapping = input.arguments ?? argumentsOf(tool.inputSchema);
  if (!mapping) {
    throw invalidField("arguments.query", `say which argument of ${tool.name} takes the query`);
  }
  const { origin } = new URL(server.url);
  const sealed = await sealServer(ctx, server);
  const [[row]] = await tenantBatch(ctx, (db) => [
    saveConnection(db, orgId, {
      server: sealed,
      origin,
      headerNames: Object.keys(server.headers).sort(),
      tool: tool.name,
      arguments: mapping,
      redaction: input.redaction,
    }),
    audit(db, {
      ...auditOf(ctx),
      action: "telemetry.connected",
      target: { type: "log_server", id: origin },
      detail: {
        tool: tool.name,
        built_in: input.redaction.built_in.join(" "),
        rules: input.redaction.rules.length,
      },
      result: "ok",
    }),
  ]);
  if (!row) throw new AppError("internal", { cause: new Error("the connection was not saved") });
  return view(row);
}

/** Names of headers have no case. */
function serverOf({ headers = {}, bearer }: ConnectionInput, url: string): McpServer {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    url,
    headers: {
      ...Object.fromEntries(given),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
  };
}
