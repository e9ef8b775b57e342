/** Once a night for each organization: do its questions still find what comparing with everything would find? */
import type { BaseCtx, Ctx } from "../../context.ts";
import { toAppError } from "../../errors.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { unlessSuspended } from "../organizations/unless-suspended.ts";
import { beginRecall, findDue, measureRecall } from "./recall-sql.ts";

/** Recent questions that are asked again; fewer where an exact answer takes long. */
const QUESTIONS = 50;
const ORGANIZATIONS = 50;
/** Milliseconds a sweep; the next one, a minute later, goes on. */
const ENOUGH_MS = 15_000;

/**
 * One organization that cannot be measured holds up none of the others.
 * @throws AppError when the database fails; the next sweep goes on from there
 */
export async function sweepRecall(
  base: BaseCtx,
): Promise<{ recall_measured: number; recall_failed: number }> {
  const now = base.now();
  const [{ rows }] = await systemBatch(base, (db) => [findDue(db, now, ORGANIZATIONS)]);
  const swept = { recall_measured: 0, recall_failed: 0 };
  for (const { org_id: orgId } of rows) {
    if (base.now().getTime() - now.getTime() > ENOUGH_MS) break;
    const ctx: Ctx = { ...base, actor: { kind: "service", orgId } };
    await unlessSuspended(async () => {
      await tenantBatch(ctx, (db) => [beginRecall(db, now)]);
      try {
        await tenantBatch(ctx, (db) => [measureRecall(db, now, QUESTIONS)]);
        swept.recall_measured += 1;
      } catch (thrown) {
        swept.recall_failed += 1;
        base.log.add({ recall_failed_of: orgId, recall_failed_code: toAppError(thrown).code });
      }
    });
  }
  return swept;
}
