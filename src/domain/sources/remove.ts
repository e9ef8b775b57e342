/** Deletes a source, and if asked what came of it. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { deleteDocuments } from "../documents/delete-sql.ts";
import { removeClaimed } from "../files/remove.ts";
import { deleteSource, findSource, isGone, listDocumentsOf, pauseSource } from "./sql.ts";

export const RemoveSourceInput = z.object({
  /** What becomes of the documents that were fetched. */
  documents: z.enum(["keep", "delete"]).default("keep"),
});
export type RemoveSourceInput = z.infer<typeof RemoveSourceInput>;

export type RemovedSource = { id: string; url: string; pages: number; documents: number; chunks: number };

/** Documents a transaction; their statistics change once for all of them. */
const SLICE = 100;

/**
 * Nothing is visited for it any more. Its documents stay and lose their source, or are deleted before it is: whoever is
 * interrupted asks again.
 * @throws AppError `not_found` | `forbidden` for a source of somebody else
 */
export async function remove(ctx: Ctx, id: string, input: RemoveSourceInput): Promise<RemovedSource> {
  const { orgId } = ctx.actor;
  const [[visible]] = await tenantBatch(ctx, (db) => [
    findSource(db, orgId, id),
    // Nothing may be fetched while its documents go.
    pauseSource(db, orgId, id),
  ]);
  if (!visible) throw new AppError("not_found");
  const gone =
    input.documents === "delete" ? await removeDocuments(ctx, orgId, id) : { documents: 0, chunks: 0 };
  const [[deleted]] = await tenantBatch(ctx, (db) => [
    deleteSource(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "source.deleted",
      target: { type: "source", id },
      detail: { url: visible.url, documents: gone.documents },
      result: "ok",
      when: isGone(orgId, id),
    }),
  ]);
  if (!deleted) {
    throw new AppError("forbidden", { detail: "Only the source's owner or an admin may delete it." });
  }
  ctx.log.add({ source: id });
  const pages = Object.values(visible.pages ?? {}).reduce((sum, count) => sum + count, 0);
  return { id, url: visible.url, pages, ...gone };
}

/** Those of its documents that the caller may delete. */
async function removeDocuments(ctx: Ctx, orgId: string, id: string) {
  const gone = { documents: 0, chunks: 0 };
  for (;;) {
    const [slice] = await tenantBatch(ctx, (db) => [listDocumentsOf(db, orgId, id, SLICE)]);
    if (slice.length === 0) return gone;
    const [{ rows }] = await tenantBatch(ctx, (db) => [
      deleteDocuments(
        db,
        slice.map((document) => document.id),
      ),
    ]);
    const removed = rows[0]?.removed;
    if (!removed || removed.documents.length === 0) return gone;
    gone.documents += removed.documents.length;
    gone.chunks += removed.chunks;
    await removeClaimed(ctx, orgId, removed.claims);
  }
}
