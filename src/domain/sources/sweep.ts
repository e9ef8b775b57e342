/** Starts the runs whose time has come, and revives those that nobody works on. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { unlessSuspended } from "../organizations/unless-suspended.ts";
import { enqueueStep } from "./enqueue.ts";
import { refreshDue } from "./refresh.ts";
import { findDue, findStranded, forgetHosts, touch } from "./step-sql.ts";

/** Sources a sweep looks after; the next one comes in a minute. */
const LIMIT = 200;

export type SweptSources = { sources_started: number; sources_revived: number };

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweepSources(base: BaseCtx): Promise<SweptSources> {
  const [due, stranded] = await systemBatch(base, (db) => [
    findDue(db, LIMIT),
    findStranded(db, LIMIT),
    forgetHosts(db),
  ]);
  const swept: SweptSources = { sources_started: 0, sources_revived: 0 };
  const of = (orgId: string): Ctx => ({ ...base, actor: { kind: "service", orgId } });
  for (const { orgId, id } of due) {
    if (await unlessSuspended(() => refreshDue(of(orgId), id))) swept.sources_started += 1;
  }
  for (const source of stranded) {
    const ctx = of(source.orgId);
    const revive = async () => {
      await tenantBatch(ctx, (db) => [touch(db, source)]);
      await enqueueStep(ctx, source);
      return true;
    };
    if (await unlessSuspended(revive)) swept.sources_revived += 1;
  }
  return swept;
}
