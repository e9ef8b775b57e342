/** Goes on with a deletion, piece by piece; what is left is for the next message. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { removeClaimed } from "../files/remove.ts";
import { deleteNext, findDeletion } from "./sql.ts";
import type { DeletionRow } from "./view.ts";

/** Documents a transaction, and chunks: a second or two, while which nothing of the organization can be published. */
const DOCUMENTS = 100;
const CHUNKS = 5_000;

/**
 * @param budgetMs no piece is begun after this long
 * @returns the deletion as it then is; undefined when there is none
 */
export async function proceed(ctx: Ctx, id: string, budgetMs: number): Promise<DeletionRow | undefined> {
  const { orgId } = ctx.actor;
  const until = ctx.now().getTime() + budgetMs;
  for (;;) {
    const [{ rows }, [row]] = await tenantBatch(ctx, (db) => [
      deleteNext(db, id, DOCUMENTS, CHUNKS),
      findDeletion(db, orgId, id),
    ]);
    await removeClaimed(ctx, orgId, rows[0]?.removed?.claims ?? []);
    if (row?.status !== "running" || ctx.now().getTime() >= until) return row;
  }
}

/** For the queue: what is left after a while goes into another message. */
export async function proceedLater(ctx: Ctx, id: string, budgetMs = 15_000): Promise<string> {
  const row = await proceed(ctx, id, budgetMs);
  ctx.log.add({ deleted: row?.documents ?? 0 });
  if (row?.status === "running") await enqueueDeletion(ctx, id);
  return row?.status ?? "nothing to do";
}

/** A message that cannot be sent is not the caller's problem: the sweeper finds the deletion. */
export async function enqueueDeletion(ctx: Ctx, id: string): Promise<void> {
  try {
    await ctx.ports.jobs.send("ingest-bulk", [
      { kind: "documents.delete", org_id: ctx.actor.orgId, deletion_id: id, request_id: ctx.requestId },
    ]);
  } catch {
    ctx.log.add({ enqueue_failed: true });
  }
}
