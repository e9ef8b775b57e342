/** Once a night for each organization: do its questions still find what comparing with everything would find? */
import type { BaseCtx, Ctx } from "../../context.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { unlessSuspended } from "../organizations/unless-suspended.ts";
import { findDue, measureRecall } from "./recall-sql.ts";

/** Recent questions that are asked again; fewer where an exact answer takes long. */
const QUESTIONS = 50;
const ORGANIZATIONS = 50;
/** Milliseconds a sweep; the next one, a minute later, goes on. */
const ENOUGH_MS = 15_000;

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweepRecall(base: BaseCtx): Promise<{ recall_measured: number }> {
  const now = base.now();
  const [{ rows }] = await systemBatch(base, (db) => [findDue(db, now, ORGANIZATIONS)]);
  let measured = 0;
  for (const { org_id: orgId } of rows) {
    if (base.now().getTime() - now.getTime() > ENOUGH_MS) break;
    const ctx: Ctx = { ...base, actor: { kind: "service", orgId } };
    await unlessSuspended(() => tenantBatch(ctx, (db) => [measureRecall(db, now, QUESTIONS)]));
    measured += 1;
  }
  return { recall_measured: measured };
}
