/** Visits a source's pages once more: now, because somebody asks, or when its time has come. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { enqueueStep } from "./enqueue.ts";
import { forgetGone, requeuePages, restartDue, restartSource } from "./run-sql.ts";
import { findSource, isTouched } from "./sql.ts";
import { type SourceView, view } from "./view.ts";

/**
 * Starts a run; one that is under way goes on.
 * @throws AppError `not_found` | `forbidden` for a source of somebody else | `not_ready` while it is paused
 */
export async function refresh(ctx: Ctx, id: string): Promise<SourceView> {
  const { orgId } = ctx.actor;
  const [[visible], [started], , , [row]] = await tenantBatch(ctx, (db) => [
    findSource(db, orgId, id),
    restartSource(db, orgId, id),
    forgetGone(db, orgId, id),
    requeuePages(db, orgId, id),
    findSource(db, orgId, id),
    audit(db, {
      ...auditOf(ctx),
      action: "source.refreshed",
      target: { type: "source", id },
      result: "ok",
      when: isTouched(orgId, id),
    }),
  ]);
  if (!visible || !row) throw new AppError("not_found");
  if (!started && visible.status === "paused") {
    throw new AppError("not_ready", { detail: "The source is paused; resume it." });
  }
  if (!started && visible.status !== "running") {
    throw new AppError("forbidden", { detail: "Only the source's owner or an admin may do this." });
  }
  if (started) await enqueueStep(ctx, started);
  return view(row);
}

/** The sweeper's way: does nothing unless the next run is due. */
export async function refreshDue(ctx: Ctx, id: string): Promise<boolean> {
  const { orgId } = ctx.actor;
  const [[started]] = await tenantBatch(ctx, (db) => [
    restartDue(db, orgId, id),
    forgetGone(db, orgId, id),
    requeuePages(db, orgId, id),
  ]);
  if (started) await enqueueStep(ctx, started);
  return started !== undefined;
}
