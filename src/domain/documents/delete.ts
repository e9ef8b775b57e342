/** Deletes a document: row, chunks and statistics in one transaction, then its files. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { originalKey, textKey } from "../../infra/files/port.ts";
import { audit, auditOf } from "../audit/record.ts";
import { bytesInUse, deleteDocument, findBySha256, findDocument, isGone, unindexOwned } from "./sql.ts";

export type Deleted = { id: string; name: string; chunks: number; files: number };

/**
 * Nothing can be retrieved from the document once this returns. The original bytes stay while another document
 * of the organization has the same.
 * @throws AppError `not_found` | `forbidden` for a document of somebody else
 */
export async function remove(ctx: Ctx, id: string): Promise<Deleted> {
  const { orgId } = ctx.actor;
  const [[visible]] = await tenantBatch(ctx, (db) => [findDocument(db, orgId, id)]);
  if (!visible) throw new AppError("not_found");
  const [, [deleted], { rows }, [left], [twin]] = await tenantBatch(ctx, (db) => [
    unindexOwned(db, orgId, id),
    deleteDocument(db, orgId, id),
    bytesInUse(db, visible.sha256),
    findDocument(db, orgId, id),
    findBySha256(db, orgId, visible.sha256),
    audit(db, {
      ...auditOf(ctx),
      action: "document.deleted",
      target: { type: "document", id },
      detail: { name: visible.name, bytes: visible.bytes },
      result: "ok",
      when: isGone(orgId, id),
    }),
  ]);
  if (!deleted && !left) throw new AppError("not_found");
  if (!deleted) {
    throw new AppError("forbidden", { detail: "Only the document's owner or an admin may delete it." });
  }
  const keys = Array.from({ length: deleted.version }, (_, at) => textKey(orgId, id, at + 1));
  if (rows[0]?.used === false) keys.push(originalKey(orgId, visible.sha256));
  await ctx.ports.files.remove(keys);
  ctx.log.add({ document: id });
  // As the caller sees it: that a document hidden from them has the same bytes is not theirs to know.
  return { id, name: deleted.name, chunks: deleted.chunks ?? 0, files: twin ? 0 : 1 };
}
