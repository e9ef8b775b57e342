/** Stops the reading of a document. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { findDocument } from "./sql.ts";
import { cancelReading, isCancelled } from "./version-sql.ts";
import { type DocumentView, view } from "./view.ts";

/**
 * The document is `failed` with the reason `cancelled` and can be started again; a version that answered before goes on
 * answering. A consumer that is at work notices at its next statement.
 * @throws AppError `not_found` | `forbidden` for a document of somebody else | `not_in_progress`
 */
export async function cancel(ctx: Ctx, id: string): Promise<DocumentView> {
  const { orgId } = ctx.actor;
  const [[visible], [row]] = await tenantBatch(ctx, (db) => [
    findDocument(db, orgId, id),
    cancelReading(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "document.cancelled",
      target: { type: "document", id },
      result: "ok",
      when: isCancelled(orgId, id),
    }),
  ]);
  if (!visible) throw new AppError("not_found");
  if (!row && (visible.status === "ready" || visible.status === "failed")) {
    throw new AppError("not_in_progress", { detail: "The document is not being read." });
  }
  if (!row) throw new AppError("forbidden", { detail: "Only the document's owner or an admin may do this." });
  ctx.log.add({ document: id, version: row.version });
  return view(row);
}
