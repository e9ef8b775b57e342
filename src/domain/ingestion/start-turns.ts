/** Sees to it that an organization with bulk documents has its turns under way. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { loseSlots, startSlots, type Turn } from "./turn-sql.ts";

/** Thousands of documents a second ask for the same. */
const ONCE_IN_MS = 1_000;
const REMEMBERED = 5_000;

/**
 * At once the first time; within a second after it, once more at the end of the second, for whatever came meanwhile.
 * @throws AppError when the database or the queue cannot be reached; the sweeper starts them within a minute
 */
export async function startTurns(ctx: Ctx): Promise<void> {
  const { started } = ctx.ports.pace;
  const { orgId } = ctx.actor;
  const now = ctx.now().getTime();
  const last = started.get(orgId);
  if (last && now < last.at + ONCE_IN_MS) {
    if (!last.again) ctx.waitUntil(startLater(ctx, last));
    return;
  }
  remember(ctx, now);
  await startTurnsNow(ctx);
}

/** @returns how many were not under way. @throws AppError when the database or the queue cannot be reached */
export async function startTurnsNow(ctx: Ctx): Promise<number> {
  const { orgId } = ctx.actor;
  const [{ rows }] = await tenantBatch(ctx, (db) => [startSlots(db, orgId, ctx.ports.pace.slots)]);
  if (rows.length === 0) return 0;
  try {
    await sendTurns(ctx, rows);
  } catch (thrown) {
    const lost = rows.map(({ slot }) => slot);
    await tenantBatch(ctx, (db) => [loseSlots(db, orgId, lost)]);
    throw thrown;
  }
  return rows.length;
}

/** @throws AppError when the queue cannot be reached; the slots' leases run out then */
export const sendTurns = (ctx: Ctx, turns: readonly Turn[], delaySeconds = 0): Promise<void> =>
  ctx.ports.jobs.send(
    "ingest-bulk",
    turns.map(({ slot, nonce }) => ({
      kind: "bulk.turn" as const,
      org_id: ctx.actor.orgId,
      slot,
      nonce,
      request_id: ctx.requestId,
    })),
    delaySeconds,
  );

async function startLater(ctx: Ctx, last: { at: number; again: boolean }): Promise<void> {
  last.again = true;
  try {
    await new Promise((resolve) => setTimeout(resolve, last.at + ONCE_IN_MS - ctx.now().getTime()));
    remember(ctx, ctx.now().getTime());
    await startTurnsNow(ctx);
  } catch {
    // The request has been answered and its line is written; the sweeper starts the turns.
  }
}

function remember(ctx: Ctx, at: number): void {
  const { started } = ctx.ports.pace;
  started.delete(ctx.actor.orgId);
  started.set(ctx.actor.orgId, { at, again: false });
  const oldest = started.keys().next();
  if (started.size > REMEMBERED && !oldest.done) started.delete(oldest.value);
}
