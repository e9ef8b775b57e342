/** Disconnects an organization's log server: address and credentials are forgotten. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { get } from "./get.ts";
import { deleteConnection, demandConnection } from "./sql.ts";

/** @throws AppError `not_found` when there is none */
export async function disconnect(ctx: Ctx<UserActor>): Promise<void> {
  const { orgId } = ctx.actor;
  const connection = await get(ctx);
  if (!connection) throw new AppError("not_found", { detail: "No log server is connected." });
  await tenantBatch(ctx, (db) => [
    demandConnection(db, orgId),
    deleteConnection(db, orgId),
    audit(db, {
      ...auditOf(ctx),
      action: "telemetry.disconnected",
      target: { type: "log_server", id: connection.origin },
      result: "ok",
    }),
  ]);
}
