/** Sends the message of deletions again that nobody has gone on with. */
import type { BaseCtx } from "../../context.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { enqueueDeletion } from "./proceed.ts";
import { findStalled } from "./sql.ts";

/** Deletions a sweep looks after. */
const LIMIT = 50;

export async function sweepDeletions(base: BaseCtx): Promise<{ deletions_sent_again: number }> {
  const [stalled] = await systemBatch(base, (db) => [findStalled(db, LIMIT)]);
  for (const { orgId, id } of stalled) {
    await enqueueDeletion({ ...base, actor: { kind: "service", orgId } }, id);
  }
  return { deletions_sent_again: stalled.length };
}
