/** Asks the queue to send what waits for webhooks. */
import type { Ctx } from "../../context.ts";

/**
 * Sends one message for each turn that `takeTurns` gave out, in the batch in which something happened.
 * One that cannot be sent is nobody's failure: the turn runs out after a minute and the sweeper takes it up.
 */
export async function announce(
  ctx: Ctx,
  { rows }: { rows: readonly { id: string; turn: string }[] },
): Promise<void> {
  try {
    if (rows.length > 0) {
      await ctx.ports.jobs.send(
        "webhooks",
        rows.map(({ id, turn }) => deliverJob(ctx, id, turn)),
      );
    }
  } catch {
    ctx.log.add({ announce_failed: true });
  }
}

export const deliverJob = (ctx: Ctx, id: string, turn: string) =>
  ({
    kind: "webhook.deliver",
    org_id: ctx.actor.orgId,
    webhook_id: id,
    turn,
    request_id: ctx.requestId,
  }) as const;
