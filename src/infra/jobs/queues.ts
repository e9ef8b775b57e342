/** Jobs on Cloudflare Queues. */
import { AppError } from "../../errors.ts";
import type { Job, Jobs, QueueName } from "./port.ts";

/** sendBatch takes at most 100 messages. */
const BATCH = 100;

export function queueJobs(queues: Record<QueueName, Queue>): Jobs {
  return {
    async send(queue, jobs, delaySeconds = 0) {
      try {
        for (let at = 0; at < jobs.length; at += BATCH) {
          await queues[queue].sendBatch(
            jobs.slice(at, at + BATCH).map((body: Job) => ({ body })),
            { delaySeconds },
          );
        }
      } catch (cause) {
        throw new AppError("storage_unavailable", { detail: "The work queue cannot be reached.", cause });
      }
    },
  };
}
