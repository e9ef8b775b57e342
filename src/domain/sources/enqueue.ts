/** Asks the queue to go on with a source. */
import type { Ctx } from "../../context.ts";
import type { Lane } from "../../infra/jobs/port.ts";

/** Queues hide a message for at most half a day; the step then waits again. */
const MAX_DELAY_SECONDS = 43_200;

/** A message that cannot be sent is not the caller's problem: the row says `running` and the sweeper will find it. */
export async function enqueueStep(
  ctx: Ctx,
  source: { id: string; run: number; lane: Lane },
  delaySeconds = 0,
): Promise<void> {
  try {
    await ctx.ports.jobs.send(
      source.lane,
      [
        {
          kind: "source.step",
          org_id: ctx.actor.orgId,
          source_id: source.id,
          run: source.run,
          request_id: ctx.requestId,
        },
      ],
      Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil(delaySeconds))),
    );
  } catch {
    ctx.log.add({ enqueue_failed: true });
  }
}
