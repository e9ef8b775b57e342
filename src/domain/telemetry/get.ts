/** The log server an organization has connected. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { McpServer } from "../../infra/mcp/port.ts";
import { Arguments, type ConnectionView } from "./connection.ts";
import { Redaction } from "./redact.ts";
import { openServer } from "./sealed.ts";
import { findConnection } from "./sql.ts";
import { view } from "./view.ts";

/** Null when there is none. */
export async function get(ctx: Ctx<UserActor>): Promise<ConnectionView | null> {
  const [[row]] = await tenantBatch(ctx, (db) => [findConnection(db, ctx.actor.orgId)]);
  return row ? view(row) : null;
}

/** What a search needs to know. */
export type Connection = { server: McpServer; tool: string; arguments: Arguments; redaction: Redaction };

/** @throws AppError `telemetry_not_connected` | `secret_unreadable` */
export async function open(ctx: Ctx): Promise<Connection> {
  const [[row]] = await tenantBatch(ctx, (db) => [findConnection(db, ctx.actor.orgId)]);
  if (!row) throw new AppError("telemetry_not_connected");
  return {
    server: await openServer(ctx, row.server),
    tool: row.tool,
    arguments: Arguments.parse(row.arguments),
    redaction: Redaction.parse(row.redaction),
  };
}
