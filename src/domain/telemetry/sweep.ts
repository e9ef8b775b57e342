/** Once a minute: seals connections with the current key, so that an old one can go. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { unlessSuspended } from "../organizations/unless-suspended.ts";
import { unlessUnreadable } from "../unless-unreadable.ts";
import { openServer, sealServer } from "./sealed.ts";
import { findConnection, findSealedBefore, reseal } from "./sql.ts";

/** Connections a sweep looks after; the next one comes in a minute. */
const LIMIT = 200;

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweepTelemetry(base: BaseCtx): Promise<{ log_servers_resealed: number }> {
  const [stale] = await systemBatch(base, (db) => [findSealedBefore(db, base.ports.sealer.keyId, LIMIT)]);
  let resealed = 0;
  for (const { org_id: orgId } of stale.rows) {
    const ctx: Ctx = { ...base, actor: { kind: "service", orgId } };
    if (await unlessSuspended(() => sealAgain(ctx))) resealed += 1;
  }
  return { log_servers_resealed: resealed };
}

/** @returns false when nobody has the key any more that it was sealed with, or it is gone: the others go on */
async function sealAgain(ctx: Ctx): Promise<boolean> {
  const { orgId } = ctx.actor;
  const [[row]] = await tenantBatch(ctx, (db) => [findConnection(db, orgId)]);
  if (!row) return false;
  return unlessUnreadable(ctx, async () => {
    const sealed = await sealServer(ctx, await openServer(ctx, row.server));
    await tenantBatch(ctx, (db) => [reseal(db, orgId, row.server, sealed)]);
  });
}
