/**
 * Sends what waits for one webhook, a few messages at a time, until nothing more is due. Only one sender at a time has
 * the webhook's turn: a slow receiver takes up one consumer of the queue, whatever its backlog.
 */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { announce, deliverJob } from "./announce.ts";
import { type Attempted, attempt } from "./attempt.ts";
import {
  cancelOfDisabled,
  claim,
  disableHopeless,
  endTurn,
  type Health,
  type Hook,
  holdTurn,
  holdWebhook,
  justDisabled,
  nextDue,
  noteHealth,
  settle,
  takeTurns,
} from "./delivery-sql.ts";

/** At a time; Cloudflare opens six connections for one invocation. */
const WAVE = 5;

/** Then somebody else goes on, in milliseconds. */
const SHIFT_MS = 30_000;

/** A wait that the queue keeps; the sweeper sees to longer ones. */
const SOON_SECONDS = 60;

/**
 * Each message once in the usual case; again when we die between the receiver's answer and our note of it.
 * @returns `busy` when somebody else has the turn, or the webhook is gone or switched off
 */
export async function drain(ctx: Ctx, hook: Hook, turn: string): Promise<"done" | "busy"> {
  const end = ctx.now().getTime() + SHIFT_MS;
  const sum: Health = { delivered: 0, failed: 0, gone: false };
  let wave: Attempted[] = [];
  for (;;) {
    const health = healthOf(wave);
    const most = ctx.now().getTime() < end ? WAVE : 0;
    const [, held, , , disabled, , { rows: claimed }] = await tenantBatch(ctx, (db) => [
      holdWebhook(db, hook),
      holdTurn(db, hook, turn),
      settle(db, hook.orgId, wave),
      noteHealth(db, hook, health),
      disableHopeless(db, hook, health),
      cancelOfDisabled(db, hook.orgId),
      claim(db, hook, turn, most),
      audit(db, {
        ...auditOf(ctx),
        action: "webhook.disabled",
        target: { type: "webhook", id: hook.id },
        detail: { reason: health.gone ? "gone" : "failing" },
        result: "ok",
        when: justDisabled(hook),
      }),
    ]);
    const [switchedOff] = disabled.rows;
    if (switchedOff) ctx.log.add({ webhook_disabled: switchedOff.disabled_reason });
    sum.delivered += health.delivered;
    sum.failed += health.failed;
    const [receiver] = held.rows;
    if (!receiver || claimed.length === 0) {
      ctx.log.add({ delivered: sum.delivered, not_delivered: sum.failed });
      if (!receiver) return sum.delivered + sum.failed > 0 ? "done" : "busy";
      break;
    }
    wave = await ctx.log.step("deliver", () =>
      Promise.all(claimed.map((message) => attempt(ctx, hook.id, receiver, message))),
    );
  }
  await handOver(ctx, hook, turn);
  return "done";
}

/** What came too late for this shift gets a turn of its own. */
async function handOver(ctx: Ctx, hook: Hook, turn: string): Promise<void> {
  const [, turns, { rows }] = await tenantBatch(ctx, (db) => [
    endTurn(db, hook, turn),
    takeTurns(db, hook.orgId),
    nextDue(db, hook),
  ]);
  await announce(ctx, turns);
  const seconds = rows[0]?.seconds ?? null;
  if (seconds === null || seconds > SOON_SECONDS) return;
  await ctx.ports.jobs.send("webhooks", [deliverJob(ctx, hook.id, crypto.randomUUID())], seconds);
}

const healthOf = (wave: readonly Attempted[]): Health => ({
  delivered: wave.filter(({ status }) => status === "delivered").length,
  failed: wave.filter(({ status }) => status !== "delivered").length,
  gone: wave.some(({ gone }) => gone),
});
