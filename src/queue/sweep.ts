/** Once a minute: finds documents and sources that nobody is working on any more and brings them to an end. */
import { randomUUID } from "node:crypto";
import type { BaseCtx } from "../context.ts";
import { sweepBatches } from "../domain/batches/sweep.ts";
import { sweepDeletions } from "../domain/deletions/sweep.ts";
import { sweepFiles } from "../domain/files/sweep.ts";
import { sweep as sweepDocuments } from "../domain/ingestion/sweep.ts";
import { forgetLogins } from "../domain/limits/forget.ts";
import { sweepChanges } from "../domain/models/sweep.ts";
import { sweepDeleted } from "../domain/organizations/finish-deletion.ts";
import { sweepTerms } from "../domain/retrieval/reanalyze.ts";
import { sweepSources } from "../domain/sources/sweep.ts";
import { sweepWebhooks } from "../domain/webhooks/sweep.ts";
import { toAppError } from "../errors.ts";
import { failureFields, lineLog } from "../log.ts";
import type { Runtime } from "../runtime.ts";
import { deferredCtx } from "./context.ts";

/** Never throws; what went wrong is in the line it writes. */
export async function sweep(runtime: Runtime, waitUntil: BaseCtx["waitUntil"]): Promise<void> {
  const requestId = `sweep-${randomUUID()}`;
  const log = lineLog({ request_id: requestId, job: "sweep" });
  const ctx = deferredCtx(runtime, requestId, log, waitUntil);
  try {
    const found = await sweepDocuments(ctx);
    await forgetLogins(ctx);
    log.add({
      ...found,
      ...(await sweepBatches(ctx)),
      ...(await sweepSources(ctx)),
      ...(await sweepWebhooks(ctx)),
      ...(await sweepChanges(ctx)),
      ...(await sweepDeletions(ctx)),
      ...(await sweepDeleted(ctx)),
      ...(await sweepFiles(ctx)),
      ...(await sweepTerms(ctx)),
    });
    log.write(found.given_up > 0 ? "warn" : "info");
  } catch (thrown) {
    log.add(failureFields(toAppError(thrown)));
    log.write("error");
  }
}
