/** Second half of a deletion, once the rows are gone: the stored files, and the receipt. */
import type { BaseCtx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { failureFields } from "../../log.ts";
import type { DeletionReceipt, Receipts } from "./receipt.ts";
import { filesRemoved, findRecentlyDeleted } from "./sql.ts";

export type Deleted = {
  deleted: DeletionReceipt;
  /** The same as a JWS. */
  receipt: string;
};

/** Nothing of the organization can be reached any more, whether or not storage answers: the sweeper comes back for it. */
export async function finishDeletion(
  ctx: BaseCtx,
  receipts: Receipts,
  gone: Omit<DeletionReceipt, "files" | "deleted_at">,
): Promise<Deleted> {
  const deleted: DeletionReceipt = { ...gone, deleted_at: ctx.now().toISOString(), files: null };
  try {
    deleted.files = await removeFiles(ctx, gone.organization.id);
  } catch (thrown) {
    ctx.log.add({ ...failureFields(toAppError(thrown)), files_left: true });
  }
  return { deleted, receipt: await receipts.sign(deleted) };
}

async function removeFiles(ctx: BaseCtx, orgId: string): Promise<number> {
  const files = await ctx.ports.files.removeAll(orgId);
  await systemBatch(ctx, (db) => [filesRemoved(db, orgId, ctx.now().toISOString())]);
  return files;
}

/** An upload that was under way during a deletion stores its file afterwards: how long to look for those. */
const STRAGGLERS_MS = 60 * 60_000;

/** Files of deleted organizations that an interrupted deletion left, or a late upload brought; how many it removed. */
export async function sweepDeleted(ctx: BaseCtx): Promise<{ files_of_deleted: number }> {
  const since = new Date(ctx.now().getTime() - STRAGGLERS_MS).toISOString();
  const [recent] = await systemBatch(ctx, (db) => [findRecentlyDeleted(db, since)]);
  let removed = 0;
  for (const { id } of recent) removed += await removeFiles(ctx, id);
  return { files_of_deleted: removed };
}
