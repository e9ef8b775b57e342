/** How deferred work calls us: parses each message, does it, and decides what a failure means. */
import type { BaseCtx, Ctx, ServiceActor } from "../context.ts";
import { type AppError, toAppError } from "../errors.ts";
import { Job, MESSAGING, traceOf } from "../infra/jobs/port.ts";
import type { Trace } from "../infra/trace/port.ts";
import { failureFields, lineLog } from "../log.ts";
import type { Runtime } from "../runtime.ts";
import { deferredCtx } from "./context.ts";
import { handlerOf } from "./handlers.ts";

const DEAD_LETTERS = "kalamna-dead-letters";
const BULK = "kalamna-ingest-bulk";
const MAX_DELAY_SECONDS = 600;

/** One message after the other, each acknowledged or retried for itself. Never throws. */
export async function consume(
  batch: MessageBatch,
  runtime: Runtime,
  waitUntil: BaseCtx["waitUntil"],
): Promise<void> {
  for (const message of batch.messages) {
    const trace = runtime.tracing.begin(`process ${batch.queue}`, {
      kind: "consumer",
      attributes: {
        ...MESSAGING,
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": batch.queue,
        "messaging.message.id": message.id,
        "kalamna.delivery": message.attempts,
      },
      from: traceOf(message.body),
      waitUntil,
    });
    await trace.within(() => consumeOne(batch.queue, message, runtime, trace));
    trace.end();
  }
}

async function consumeOne(queue: string, message: Message, runtime: Runtime, trace: Trace) {
  const log = lineLog({ queue, message: message.id, delivery: message.attempts }, trace);
  const job = Job.safeParse(message.body);
  if (!job.success) {
    // Nobody can ever do this job, and nothing says whose it was.
    log.add({ code: "unreadable_message" });
    message.ack();
    return log.write("error");
  }
  const { kind, org_id: orgId, request_id: requestId } = job.data;
  const handler = handlerOf(job.data);
  log.add({ request_id: requestId, org: orgId, job: kind, ...handler.fields(job.data) });
  const ctx: Ctx<ServiceActor> = {
    ...deferredCtx(runtime, requestId, log, trace),
    actor: { kind: "service", orgId },
  };
  let outcome: string | undefined;
  try {
    if (queue === DEAD_LETTERS) await handler.abandon(ctx, job.data);
    else outcome = await handler.perform(ctx, job.data, queue === BULK ? "ingest-bulk" : "ingest");
    log.add({ outcome });
    message.ack();
    log.write(queue === DEAD_LETTERS ? "error" : outcome === "failed" ? "warn" : "info");
  } catch (thrown) {
    const error = toAppError(thrown);
    log.add(failureFields(error));
    await decide(ctx, job.data, error, message).catch((again: unknown) => {
      // The database is away too. The message comes back, and past its tries the sweeper finds the document.
      log.add({ undecided: toAppError(again).code });
      message.retry({ delaySeconds: backoff(message.attempts) });
    });
    // Whoever runs this can do nothing about a scan without text or a suspended organization.
    log.write("warn");
  }
}

/** Retry what may pass, fail what will not, drop what no longer concerns anyone. */
async function decide(ctx: Ctx, job: Job, error: AppError, message: Message) {
  if (error.code === "session_revoked") {
    // The organization is suspended or gone; if it resumes, the sweeper sends the message again.
    return message.ack();
  }
  if (!error.retryable) {
    await handlerOf(job).giveUp(ctx, job, error);
    return message.ack();
  }
  await handlerOf(job).postpone(ctx, job, error);
  message.retry({ delaySeconds: backoff(message.attempts) });
}

/** 2, 4, 8 … seconds, give or take a quarter so that a herd spreads out. */
function backoff(attempts: number): number {
  return Math.min(MAX_DELAY_SECONDS, Math.round(2 ** attempts * (0.75 + Math.random() / 2)));
}
