/** How deferred work calls us: parses each message, does it, and decides what a failure means. */
import type { BaseCtx, Ctx, ServiceActor } from "../context.ts";
import { embedDrafts } from "../domain/ingestion/embed-drafts.ts";
import { extractDocument } from "../domain/ingestion/extract-document.ts";
import { abandon, giveUp, postpone } from "../domain/ingestion/give-up.ts";
import { publish } from "../domain/ingestion/publish.ts";
import { type AppError, toAppError } from "../errors.ts";
import { Job, type Lane } from "../infra/jobs/port.ts";
import { failureFields, lineLog } from "../log.ts";
import type { Runtime } from "../runtime.ts";
import { deferredCtx } from "./context.ts";

const DEAD_LETTERS = "kalamna-dead-letters";
const BULK = "kalamna-ingest-bulk";
const MAX_DELAY_SECONDS = 600;

/** One message after the other, each acknowledged or retried for itself. Never throws. */
export async function consume(
  batch: MessageBatch,
  runtime: Runtime,
  waitUntil: BaseCtx["waitUntil"],
): Promise<void> {
  for (const message of batch.messages) await consumeOne(batch.queue, message, runtime, waitUntil);
}

async function consumeOne(
  queue: string,
  message: Message,
  runtime: Runtime,
  waitUntil: BaseCtx["waitUntil"],
) {
  const log = lineLog({ queue, message: message.id, delivery: message.attempts });
  const job = Job.safeParse(message.body);
  if (!job.success) {
    // Nobody can ever do this job, and nothing says whose it was.
    log.add({ code: "unreadable_message" });
    message.ack();
    return log.write("error");
  }
  const { kind, org_id: orgId, document_id: id, version, request_id: requestId } = job.data;
  log.add({ request_id: requestId, org: orgId, document: id, version, job: kind });
  const ctx: Ctx<ServiceActor> = {
    ...deferredCtx(runtime, requestId, log, waitUntil),
    actor: { kind: "service", orgId },
  };
  const document = { orgId, id, version };
  try {
    if (queue === DEAD_LETTERS) await abandon(ctx, document);
    else log.add({ outcome: await perform(ctx, job.data, queue === BULK ? "ingest-bulk" : "ingest") });
    message.ack();
    log.write(queue === DEAD_LETTERS ? "error" : "info");
  } catch (thrown) {
    const error = toAppError(thrown);
    log.add(failureFields(error));
    await decide(ctx, document, error, message).catch((again: unknown) => {
      // The database is away too. The message comes back, and past its tries the sweeper finds the document.
      log.add({ undecided: toAppError(again).code });
      message.retry({ delaySeconds: backoff(message.attempts) });
    });
    // Whoever runs this can do nothing about a scan without text or a suspended organization.
    log.write("warn");
  }
}

async function perform(ctx: Ctx, job: Job, lane: Lane): Promise<string> {
  const document = { orgId: job.org_id, id: job.document_id, version: job.version };
  switch (job.kind) {
    case "document.extract":
      return extractDocument(ctx, document, lane);
    case "document.embed":
      await embedDrafts(ctx, document, job.from, job.to);
      return (await publish(ctx, document)) ? "published" : "embedded";
  }
}

/** Retry what may pass, fail what will not, drop what no longer concerns anyone. */
async function decide(ctx: Ctx, document: Parameters<typeof giveUp>[1], error: AppError, message: Message) {
  if (error.code === "session_revoked") {
    // The organization is suspended or gone; if it resumes, the sweeper sends the message again.
    return message.ack();
  }
  if (!error.retryable) {
    await giveUp(ctx, document, error);
    return message.ack();
  }
  await postpone(ctx, document, error);
  message.retry({ delaySeconds: backoff(message.attempts) });
}

/** 2, 4, 8 … seconds, give or take a quarter so that a herd spreads out. */
function backoff(attempts: number): number {
  return Math.min(MAX_DELAY_SECONDS, Math.round(2 ** attempts * (0.75 + Math.random() / 2)));
}
