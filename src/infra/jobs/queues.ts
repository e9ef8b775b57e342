/** Jobs on Cloudflare Queues. */
import { AppError } from "../../errors.ts";
import { activeSpan } from "../trace/active.ts";
import { type Job, type Jobs, MESSAGING, type QueueName } from "./port.ts";

const SEND = { ...MESSAGING, "messaging.operation.name": "send", "messaging.operation.type": "send" };

/** As wrangler.toml names it. */
const nameOf = (queue: QueueName) => `kalamna-${queue}`;

const sentTo = (queue: QueueName, count: number) => ({
  "messaging.destination.name": nameOf(queue),
  "messaging.batch.message_count": count,
});

/** sendBatch takes at most 100 messages. */
const BATCH = 100;

export function queueJobs(queues: Record<QueueName, Queue>): Jobs {
  return {
    async send(queue, jobs, delaySeconds = 0) {
      const above = activeSpan();
      const about = { kind: "producer", attributes: { ...SEND, ...sentTo(queue, jobs.length) } } as const;
      await above.run(`send ${nameOf(queue)}`, about, async (span) => {
        const trace = span.carrier() ?? above.carrier();
        try {
          for (let at = 0; at < jobs.length; at += BATCH) {
            await queues[queue].sendBatch(
              jobs.slice(at, at + BATCH).map((job: Job) => ({ body: trace ? { ...job, trace } : job })),
              { delaySeconds },
            );
          }
        } catch (cause) {
          throw new AppError("storage_unavailable", { detail: "The work queue cannot be reached.", cause });
        }
      });
    },
  };
}
