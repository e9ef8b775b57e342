/** Deletes a source and keeps what came of it; domain/deletions/start.ts deletes it with its documents. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { deleteSource, findSource, isGone } from "./sql.ts";

export const RemoveSourceInput = z.object({
  /** What becomes of the documents that were fetched. */
  documents: z.enum(["keep", "delete"]).default("keep"),
});
export type RemoveSourceInput = z.infer<typeof RemoveSourceInput>;

export type RemovedSource = { id: string; url: string; pages: number };

/**
 * Nothing is visited for it any more. Its documents stay and lose their source.
 * @throws AppError `not_found` | `forbidden` for a source of somebody else
 */
export async function remove(ctx: Ctx, id: string): Promise<RemovedSource> {
  const { orgId } = ctx.actor;
  // Before anything is recorded: what never was there has not been deleted.
  const [[visible]] = await tenantBatch(ctx, (db) => [findSource(db, orgId, id)]);
  if (!visible) throw new AppError("not_found");
  const [[deleted]] = await tenantBatch(ctx, (db) => [
    deleteSource(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "source.deleted",
      target: { type: "source", id },
      result: "ok",
      when: isGone(orgId, id),
    }),
  ]);
  if (!deleted) {
    throw new AppError("forbidden", { detail: "Only the source's owner or an admin may delete it." });
  }
  ctx.log.add({ source: id });
  const pages = Object.values(visible.pages ?? {}).reduce((sum, count) => sum + count, 0);
  return { id, url: visible.url, pages };
}
