/** Disconnects an organization's identity provider: its tokens open nothing from the next request on. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { get } from "./get.ts";
import { deleteIdentity, endSessions } from "./sql.ts";

/** People it created stay; they set a password through "forgot password". @throws AppError `not_found` */
export async function disconnect(ctx: Ctx<UserActor>): Promise<void> {
  const { orgId } = ctx.actor;
  const connected = await get(ctx);
  if (!connected) throw new AppError("not_found", { detail: "No identity provider is connected." });
  await tenantBatch(ctx, (db) => [
    endSessions(db),
    deleteIdentity(db, orgId),
    audit(db, {
      ...auditOf(ctx),
      action: "identity.disconnected",
      target: { type: "identity_provider", id: connected.id },
      result: "ok",
    }),
  ]);
}
