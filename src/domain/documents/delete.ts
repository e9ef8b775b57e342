/** Deletes a document: rows, chunks and statistics in one transaction, then its files. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { removeClaimed } from "../files/remove.ts";
import type { Receipts } from "../organizations/receipt.ts";
import { deleteDocuments } from "./delete-sql.ts";
import { findDocument, isGone } from "./sql.ts";

export type Deleted = {
  id: string;
  name: string;
  versions: number;
  chunks: number;
  drafts: number;
  /**
   * Originals that went with it; one that another document has stays, and texts are not counted. Null while storage
   * does not answer: the sweeper removes them.
   */
  files: number | null;
  /** Of those originals. */
  bytes: number;
  deleted_at: string;
};

/** @returns the same as a JWS, in the name of the organization and with who asked */
export async function signed(ctx: Ctx, receipts: Receipts, deleted: Deleted): Promise<string> {
  const { deleted_at, ...document } = deleted;
  const { orgId: id, actor } = auditOf(ctx);
  return receipts.sign({ organization: { id }, requested_by: actor, document, deleted_at });
}

/**
 * Nothing can be retrieved from the document once this returns; who is reading or embedding it writes nothing more.
 * @throws AppError `not_found` | `forbidden` for a document of somebody else
 */
export async function remove(ctx: Ctx, id: string): Promise<Deleted> {
  const { orgId } = ctx.actor;
  const [[visible]] = await tenantBatch(ctx, (db) => [findDocument(db, orgId, id)]);
  if (!visible) throw new AppError("not_found");
  const [{ rows }, [left]] = await tenantBatch(ctx, (db) => [
    deleteDocuments(db, [id]),
    findDocument(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "document.deleted",
      target: { type: "document", id },
      detail: { name: visible.name, bytes: visible.bytes },
      result: "ok",
      when: isGone(orgId, id),
    }),
  ]);
  if (left) {
    throw new AppError("forbidden", { detail: "Only the document's owner or an admin may delete it." });
  }
  const removed = rows[0]?.removed;
  const gone = removed?.documents[0];
  if (!removed || !gone) throw new AppError("not_found");
  const filesGone = await removeClaimed(ctx, orgId, removed.claims);
  ctx.log.add({ document: id });
  const { versions, chunks, drafts, files, bytes } = removed;
  return {
    ...gone,
    versions,
    chunks,
    drafts,
    // As the caller sees it: that a document hidden from them has the same bytes is not theirs to know.
    files: filesGone ? files : null,
    bytes,
    deleted_at: ctx.now().toISOString(),
  };
}
