/** Brings back the bytes of an older version, as a new version of the document. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { enqueueExtract } from "../ingestion/enqueue.ts";
import { findDocument, isRestarted } from "./sql.ts";
import { findVersion, holdDocument, rollBackTo } from "./version-sql.ts";
import { VersionNumber } from "./versions.ts";
import { type DocumentView, view } from "./view.ts";

export const RollbackInput = z.object({ version: VersionNumber });
export type RollbackInput = z.infer<typeof RollbackInput>;

/**
 * The version that answers keeps answering until the one with the old bytes is published; name and type come back with
 * the bytes, labels and readers stay as they are.
 * @throws AppError `not_found` also for a version that is not kept | `forbidden` for a document of somebody else |
 *   `not_ready` while it is being read | `duplicate_document` when another has these bytes by now | `quota_full`
 */
export async function rollback(ctx: Ctx, id: string, { version }: RollbackInput): Promise<DocumentView> {
  const { orgId } = ctx.actor;
  try {
    const [, [visible], [wanted], [row]] = await tenantBatch(ctx, (db) => [
      // Before looking: a version that is forgotten this moment takes its file with it.
      holdDocument(db, orgId, id),
      findDocument(db, orgId, id),
      findVersion(db, orgId, id, version),
      rollBackTo(db, orgId, id, version),
      audit(db, {
        ...auditOf(ctx),
        action: "document.rolled_back",
        target: { type: "document", id },
        detail: { to: version },
        result: "ok",
        when: isRestarted(orgId, id),
      }),
    ]);
    if (!visible) throw new AppError("not_found");
    if (!wanted) throw new AppError("not_found", { detail: "This version is not kept." });
    if (!row && visible.status !== "ready" && visible.status !== "failed") {
      throw new AppError("not_ready", {
        detail: "The document is being read already; wait until that is done, or cancel it.",
      });
    }
    if (!row)
      throw new AppError("forbidden", { detail: "Only the document's owner or an admin may do this." });
    ctx.log.add({ document: id, version: row.version });
    await enqueueExtract(ctx, row);
    return view(row);
  } catch (thrown) {
    if (violates(thrown, "documents_same_bytes")) throw new AppError("duplicate_document", { cause: thrown });
    throw thrown;
  }
}
