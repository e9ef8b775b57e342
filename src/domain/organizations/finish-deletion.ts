/** Second half of a deletion, once nobody gets in any more: what is left of the rows, the stored files, the receipt. */
import type { BaseCtx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { failureFields } from "../../log.ts";
import type { DeletionReceipt, Receipts } from "./receipt.ts";
import { clearNext, filesRemoved, findEndings, findRecentlyDeleted } from "./sql.ts";

/** Chunks of an organization that is deleted in one transaction; a larger one goes in pieces. */
export const AT_ONCE = 50_000;

/** Rows of each table a piece, and how long one sweep goes on, in milliseconds. */
const PIECE = 5_000;
const BUDGET_MS = 20_000;

export type Deleted = {
  deleted: DeletionReceipt;
  /** The same as a JWS. */
  receipt: string;
  /** `deleting`: rows and files are still going; the confirmation now opens `GET /api/v1/org/deletion`. */
  status: "deleted" | "deleting";
};

/** Nothing of the organization can be reached any more, whether or not storage answers: the sweeper comes back for it. */
export async function finishDeletion(
  ctx: BaseCtx,
  receipts: Receipts,
  { done, ...gone }: Omit<DeletionReceipt, "files" | "deleted_at" | "completed_at"> & { done: boolean },
): Promise<Deleted> {
  const now = ctx.now().toISOString();
  const deleted: DeletionReceipt = { ...gone, deleted_at: now, completed_at: done ? now : null, files: null };
  const { id } = gone.organization;
  if (done) {
    try {
      deleted.files = await removeFiles(ctx, id);
    } catch (thrown) {
      ctx.log.add({ ...failureFields(toAppError(thrown)), files_left: true });
    }
  } else ctx.waitUntil(clear(ctx, id, ctx.now().getTime() + BUDGET_MS).catch(() => undefined));
  return { deleted, receipt: await receipts.sign(deleted), status: done ? "deleted" : "deleting" };
}

/** @returns whether nothing is left */
async function clear(ctx: BaseCtx, orgId: string, until: number): Promise<boolean> {
  for (;;) {
    const [{ rows }] = await systemBatch(ctx, (db) => [clearNext(db, orgId, PIECE)]);
    if (rows[0]?.done) return true;
    if (ctx.now().getTime() >= until) return false;
  }
}

async function removeFiles(ctx: BaseCtx, orgId: string): Promise<number> {
  const files = await ctx.ports.files.removeAll(orgId);
  await systemBatch(ctx, (db) => [filesRemoved(db, orgId, ctx.now().toISOString(), files)]);
  return files;
}

/** An upload that was under way during a deletion stores its file afterwards: how long to look for those. */
const STRAGGLERS_MS = 60 * 60_000;

/**
 * Rows of organizations that end; files of those that ended, which an interrupted deletion left or a late upload brought.
 * How many files it removed, and how many organizations are still going.
 */
export async function sweepDeleted(
  ctx: BaseCtx,
): Promise<{ files_of_deleted: number; organizations_ending: number }> {
  const since = new Date(ctx.now().getTime() - STRAGGLERS_MS).toISOString();
  const [ending] = await systemBatch(ctx, (db) => [findEndings(db)]);
  const until = ctx.now().getTime() + BUDGET_MS;
  let going = 0;
  for (const { id } of ending) if (!(await clear(ctx, id, until))) going += 1;
  const [recent] = await systemBatch(ctx, (db) => [findRecentlyDeleted(db, since)]);
  let removed = 0;
  for (const { id } of recent) removed += await removeFiles(ctx, id);
  return { files_of_deleted: removed, organizations_ending: going };
}
