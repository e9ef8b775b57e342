/** Stops a source's visits, and takes them up again where they stopped. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { AuditAction } from "../audit/actions.ts";
import { audit, auditOf } from "../audit/record.ts";
import { enqueueStep } from "./enqueue.ts";
import { findSource, isTouched, pauseSource, resumeSource } from "./sql.ts";
import { type SourceView, view } from "./view.ts";

/**
 * A step that is under way ends with its page; nothing is visited after it, scheduled or not. Twice is once.
 * @throws AppError `not_found` | `forbidden` for a source of somebody else
 */
export async function pause(ctx: Ctx, id: string): Promise<SourceView> {
  return change(ctx, id, "source.paused", (db, orgId) => pauseSource(db, orgId, id));
}

/** Goes on with the pages that were still in line; without any, waits for the next run. Failures as of `pause`. */
export async function resume(ctx: Ctx, id: string): Promise<SourceView> {
  return change(ctx, id, "source.resumed", (db, orgId) => resumeSource(db, orgId, id));
}

async function change(
  ctx: Ctx,
  id: string,
  action: AuditAction,
  statement: (db: Ctx["ports"]["db"], orgId: string) => ReturnType<typeof pauseSource>,
): Promise<SourceView> {
  const { orgId } = ctx.actor;
  const [[visible], [changed]] = await tenantBatch(ctx, (db) => [
    findSource(db, orgId, id),
    statement(db, orgId),
    audit(db, {
      ...auditOf(ctx),
      action,
      target: { type: "source", id },
      result: "ok",
      when: isTouched(orgId, id),
    }),
  ]);
  if (!visible) throw new AppError("not_found");
  if (changed?.status === "running") await enqueueStep(ctx, changed);
  if (changed) return view(changed);
  const wanted = action === "source.paused" ? visible.status === "paused" : visible.status !== "paused";
  if (wanted) return view(visible);
  throw new AppError("forbidden", { detail: "Only the source's owner or an admin may do this." });
}
