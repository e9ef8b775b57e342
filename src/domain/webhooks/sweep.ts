/** Once a minute: sends what is due and nobody sends, seals with the current key, forgets what is old. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { unlessSuspended } from "../organizations/unless-suspended.ts";
import { unlessUnreadable } from "../unless-unreadable.ts";
import { announce } from "./announce.ts";
import { cancelOfDisabled, findDue, forgetOld, takeTurns } from "./delivery-sql.ts";
import { openSecret, sealSecret } from "./secrets.ts";
import { findSealedBefore, reseal, secretsOf } from "./sql.ts";

/** Organizations and secrets a sweep looks after; the next one comes in a minute. */
const LIMIT = 200;

/** Messages a sweep forgets: more than arrive in a minute. */
const FORGET = 10_000;

export type WebhooksSwept = { webhooks_due: number; secrets_resealed: number; deliveries_forgotten: number };

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweepWebhooks(base: BaseCtx): Promise<WebhooksSwept> {
  const [due, stale, forgotten] = await systemBatch(base, (db) => [
    findDue(db, LIMIT),
    findSealedBefore(db, base.ports.sealer.keyId, LIMIT),
    forgetOld(db, FORGET),
  ]);
  const of = (orgId: string): Ctx => ({ ...base, actor: { kind: "service", orgId } });
  for (const { org_id } of due.rows) {
    const ctx = of(org_id);
    await unlessSuspended(async () => {
      const [turns] = await tenantBatch(ctx, (db) => [takeTurns(db, org_id), cancelOfDisabled(db, org_id)]);
      await announce(ctx, turns);
    });
  }
  let resealed = 0;
  for (const { org_id, id } of stale.rows) {
    if (await unlessSuspended(() => sealAgain(of(org_id), id))) resealed += 1;
  }
  return {
    webhooks_due: due.rows.length,
    secrets_resealed: resealed,
    deliveries_forgotten: Number(forgotten.rows[0]?.gone ?? 0),
  };
}

/** @returns false when nobody has the key any more that it was sealed with, or it is gone: the others go on */
async function sealAgain(ctx: Ctx, id: string): Promise<boolean> {
  const { orgId } = ctx.actor;
  const [[row]] = await tenantBatch(ctx, (db) => [secretsOf(db, orgId, id)]);
  if (!row) return false;
  const again = async (sealed: string) => sealSecret(ctx, id, await openSecret(ctx, id, sealed));
  return unlessUnreadable(ctx, async () => {
    const fresh = {
      secret: await again(row.secret),
      previousSecret: row.previousSecret === null ? null : await again(row.previousSecret),
    };
    await tenantBatch(ctx, (db) => [reseal(db, orgId, id, row.secret, fresh)]);
  });
}
