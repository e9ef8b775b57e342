/** Once a minute: whatever nobody is working on any more is brought to an end, what is due begins, what is old is forgotten. */
import { randomUUID } from "node:crypto";
import type { BaseCtx } from "../context.ts";
import { sweepBatches } from "../domain/batches/sweep.ts";
import { sweepCache } from "../domain/cache/sweep.ts";
import { sweepHistory } from "../domain/chat/sweep.ts";
import { sweepDeletions } from "../domain/deletions/sweep.ts";
import { sweepEvals } from "../domain/evals/sweep.ts";
import { sweepFiles } from "../domain/files/sweep.ts";
import { sweep as sweepDocuments } from "../domain/ingestion/sweep.ts";
import { sweepPhrases } from "../domain/knowledge/reanalyze.ts";
import { forgetLogins } from "../domain/limits/forget.ts";
import { sweepChanges } from "../domain/models/sweep.ts";
import { sweepDeleted } from "../domain/organizations/finish-deletion.ts";
import { sweepRecall } from "../domain/retrieval/measure-recall.ts";
import { sweepTerms } from "../domain/retrieval/reanalyze.ts";
import { sweepSegments } from "../domain/retrieval/settle.ts";
import { sweepSources } from "../domain/sources/sweep.ts";
import { sweepTelemetry } from "../domain/telemetry/sweep.ts";
import { sweepWebhooks } from "../domain/webhooks/sweep.ts";
import { toAppError } from "../errors.ts";
import { failureFields, type LineLog, lineLog } from "../log.ts";
import type { Runtime } from "../runtime.ts";
import { deferredCtx } from "./context.ts";

/** Each gives the figures that the line will say. */
const SWEEPS: Record<string, (ctx: BaseCtx) => Promise<Record<string, number> | undefined>> = {
  documents: sweepDocuments,
  logins: (ctx) => forgetLogins(ctx).then(() => undefined),
  batches: sweepBatches,
  sources: sweepSources,
  webhooks: sweepWebhooks,
  models: sweepChanges,
  deletions: sweepDeletions,
  organizations: sweepDeleted,
  files: sweepFiles,
  terms: sweepTerms,
  phrases: sweepPhrases,
  segments: sweepSegments,
  history: sweepHistory,
  recall: sweepRecall,
  cache: sweepCache,
  evals: sweepEvals,
  telemetry: sweepTelemetry,
};

/** Never throws; what went wrong is in the line it writes, and keeps none of the others from their work. */
export async function sweep(runtime: Runtime, waitUntil: BaseCtx["waitUntil"]): Promise<void> {
  const requestId = `sweep-${randomUUID()}`;
  const trace = runtime.tracing.begin("sweep", { attributes: { "faas.trigger": "timer" }, waitUntil });
  const log = lineLog({ request_id: requestId, job: "sweep" }, trace);
  await trace.within(() => sweepAll(deferredCtx(runtime, requestId, log, trace), log));
  trace.end();
}

async function sweepAll(ctx: BaseCtx, log: LineLog): Promise<void> {
  const failed: string[] = [];
  let givenUp = 0;
  for (const [name, work] of Object.entries(SWEEPS)) {
    try {
      const figures = await log.step(name, () => work(ctx));
      log.add(figures ?? {});
      givenUp += figures?.given_up ?? 0;
    } catch (thrown) {
      const error = toAppError(thrown);
      failed.push(name);
      log.add({ ...failureFields(error), failed: failed.join(" ") });
      // Nor can the others do anything then, but wait for it twenty seconds each.
      if (error.code === "database_unavailable") break;
    }
  }
  if (failed.length > 0) log.write("error");
  else log.write(givenUp > 0 ? "warn" : "info");
}
