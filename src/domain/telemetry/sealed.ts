/** A log server's address and credentials on their way into and out of the database, where they are sealed. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import type { McpServer } from "../../infra/mcp/port.ts";

const Server = z.object({ url: z.string(), headers: z.record(z.string(), z.string()) });

const about = ({ actor: { orgId } }: Ctx) => ({ kind: "telemetry", orgId, id: orgId });

export const sealServer = (ctx: Ctx, { url, headers }: McpServer): Promise<string> =>
  ctx.ports.sealer.seal(JSON.stringify({ url, headers }), about(ctx));

/** @throws AppError `secret_unreadable` */
export const openServer = async (ctx: Ctx, sealed: string): Promise<McpServer> =>
  Server.parse(JSON.parse(await ctx.ports.sealer.open(sealed, about(ctx))));
