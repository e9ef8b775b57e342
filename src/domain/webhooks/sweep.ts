/** Once a minute: sends what is due and nobody sends, seals with the current key, forgets what is old. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
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
  for (const { org_id } of due.rows) {
    await unlessSuspended(base, org_id, async (ctx) => {
      const [, turns] = await tenantBatch(ctx, (db) => [cancelOfDisabled(db, org_id), takeTurns(db, org_id)]);
      await announce(ctx, turns);
    });
  }
  for (const { org_id, id } of stale.rows) {
    await unlessSuspended(base, org_id, (ctx) => sealAgain(ctx, id));
  }
  return {
    webhooks_due: due.rows.length,
    secrets_resealed: stale.rows.length,
    deliveries_forgotten: Number(forgotten.rows[0]?.gone ?? 0),
  };
}

async function sealAgain(ctx: Ctx, id: string): Promise<void> {
  const { orgId } = ctx.actor;
  const [[row]] = await tenantBatch(ctx, (db) => [secretsOf(db, orgId, id)]);
  if (!row) return;
  const again = async (sealed: string) => sealSecret(ctx, id, await openSecret(ctx, id, sealed));
  const fresh = {
    secret: await again(row.secret),
    previousSecret: row.previousSecret === null ? null : await again(row.previousSecret),
  };
  await tenantBatch(ctx, (db) => [reseal(db, orgId, id, row.secret, fresh)]);
}

async function unlessSuspended(base: BaseCtx, orgId: string, work: (ctx: Ctx) => Promise<void>) {
  try {
    await work({ ...base, actor: { kind: "service", orgId } });
  } catch (thrown) {
    const { code } = toAppError(thrown);
    // Suspended since we looked, or sealed with a key that is gone: the others go on.
    if (code === "secret_unreadable") base.log.add({ secret_unreadable: orgId });
    else if (code !== "session_revoked") throw thrown;
  }
}
