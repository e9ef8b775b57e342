/** Reads a document again: after a failure, or because reading has become better. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { enqueueExtract } from "../ingestion/enqueue.ts";
import { findDocument, isRestarted, restart } from "./sql.ts";
import { type DocumentView, view } from "./view.ts";

/**
 * A ready document keeps answering from its old version until the new one is published.
 * @throws AppError `not_found` | `forbidden` for a document of somebody else | `not_ready` while it is being read
 */
export async function reindex(ctx: Ctx, id: string): Promise<DocumentView> {
  const { orgId } = ctx.actor;
  const [[visible], [row]] = await tenantBatch(ctx, (db) => [
    findDocument(db, orgId, id),
    restart(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "document.reindexed",
      target: { type: "document", id },
      result: "ok",
      when: isRestarted(orgId, id),
    }),
  ]);
  if (!visible) throw new AppError("not_found");
  if (!row && visible.status !== "ready" && visible.status !== "failed") {
    throw new AppError("not_ready", {
      detail: "The document is being read already; wait until that is done.",
    });
  }
  if (!row) throw new AppError("forbidden", { detail: "Only the document's owner or an admin may do this." });
  await enqueueExtract(ctx, row);
  return view(row);
}
