/**
 * One turn of an organization on the bulk lane: a short while of work, then back to the end of the queue. The queue holds
 * as many messages as there are slots, not documents, so organizations alternate whatever one of them has sent.
 */
import type { Ctx } from "../../context.ts";
import { type AppError, toAppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { readPiece } from "./read-piece.ts";
import { sendTurns } from "./start-turns.ts";
import { claimNext, freeSlot, lockSlot, sleepSlot, type Turn, takeSlot } from "./turn-sql.ts";

/** A failed database is asked again by the next turn, not at once. */
const AWAY_SECONDS = 30;
const LONGEST_SLEEP_SECONDS = 3_600;

/**
 * Delivered twice, the second copy does nothing; lost, the sweeper sends it again.
 * @returns what became of the slot, for the log
 * @throws AppError when the turn cannot begin; once it has, failures are noted at the document
 */
export async function takeTurn(ctx: Ctx, turn: Turn): Promise<string> {
  const { orgId } = ctx.actor;
  const { sliceMs, together } = ctx.ports.pace;
  const next = { slot: turn.slot, nonce: crypto.randomUUID() };
  const end = ctx.now().getTime() + sliceMs;
  const [[taken], first] = await tenantBatch(ctx, (db) => [
    takeSlot(db, orgId, turn, next.nonce),
    claimNext(db, orgId, next, together),
  ]);
  if (!taken) return "stale";
  let pieces = 0;
  try {
    for (let claimed = first; claimed.length > 0; ) {
      await all(claimed.map((piece) => readPiece(ctx, { ...piece, orgId })));
      pieces += claimed.length;
      if (ctx.now().getTime() >= end) return await goOn(ctx, next);
      [claimed] = await tenantBatch(ctx, (db) => [claimNext(db, orgId, next, together)]);
    }
    return await rest(ctx, next);
  } catch (thrown) {
    return await breakOff(ctx, next, toAppError(thrown));
  } finally {
    ctx.log.add({ pieces });
  }
}

/** The turn is not over before the last of them is, whatever became of the others. */
async function all(work: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

async function goOn(ctx: Ctx, next: Turn, delaySeconds = 0): Promise<string> {
  await sendTurns(ctx, [next], delaySeconds);
  return delaySeconds === 0 ? "next turn" : `next turn in ${delaySeconds} s`;
}

/** Nothing is due. A document that arrives at this moment either finds the slot free or is found here. */
async function rest(ctx: Ctx, next: Turn): Promise<string> {
  const { orgId } = ctx.actor;
  const [, [freed], [asleep]] = await tenantBatch(ctx, (db) => [
    lockSlot(db, orgId, next),
    freeSlot(db, orgId, next),
    sleepSlot(db, orgId, next),
  ]);
  if (freed) return "nothing to do";
  const seconds = asleep?.seconds ?? 0;
  // A little later than due, so that organizations that an outage put to sleep together do not wake together.
  const jittered = seconds === 0 ? 0 : Math.ceil(seconds * (1 + Math.random() / 10));
  return goOn(ctx, next, Math.min(LONGEST_SLEEP_SECONDS, jittered));
}

/** The document in hand is free again after its lease; the slot is not to wait that long. */
async function breakOff(ctx: Ctx, next: Turn, error: AppError): Promise<string> {
  ctx.log.add({ code: error.code });
  // Suspended: the sweeper starts the turns again when the organization is back.
  if (error.code === "session_revoked") return "organization suspended";
  return goOn(ctx, next, AWAY_SECONDS).catch(() => "left to the sweeper");
}
