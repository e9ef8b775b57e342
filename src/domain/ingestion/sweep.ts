/** Brings stranded documents to an end: lost messages and turns are sent again, overdue documents fail with a reason. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { unlessSuspended } from "../organizations/unless-suspended.ts";
import { enqueueEmbed, enqueueExtract } from "./enqueue.ts";
import { giveUp } from "./give-up.ts";
import { findStranded, touch } from "./sql.ts";
import { startTurnsNow } from "./start-turns.ts";
import { findStarved } from "./turn-sql.ts";

/** Documents a sweep looks after; the next one comes in a minute. */
const LIMIT = 200;

/** Organizations whose turns a sweep looks after. */
const ORGANIZATIONS = 200;

export type Swept = {
  stranded: number;
  sent_again: number;
  given_up: number;
  skipped: number;
  /** Turns of the bulk lane that were not under way. */
  turns: number;
};

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweep(base: BaseCtx): Promise<Swept> {
  const [stranded, { rows: starved }] = await systemBatch(base, (db) => [
    findStranded(db, LIMIT),
    findStarved(db, base.ports.pace.slots, ORGANIZATIONS),
  ]);
  const swept: Swept = { stranded: stranded.length, sent_again: 0, given_up: 0, skipped: 0, turns: 0 };
  for (const { orgId, id, version, status, chunks, lane, overdue } of stranded) {
    const ctx: Ctx = { ...base, actor: { kind: "service", orgId } };
    const document = { orgId, id, version };
    const done = await unlessSuspended(async () => {
      if (overdue) {
        const detail = "Reading this document took too long.";
        await giveUp(ctx, document, new AppError("ingestion_timeout", { detail }));
        return "given_up" as const;
      }
      await tenantBatch(ctx, (db) => [touch(db, document)]);
      if (status === "embedding" && chunks) await enqueueEmbed(ctx, document, chunks);
      else await enqueueExtract(ctx, { ...document, lane });
      return "sent_again" as const;
    });
    swept[done ?? "skipped"] += 1;
  }
  for (const { org_id: orgId } of starved) {
    const ctx: Ctx = { ...base, actor: { kind: "service", orgId } };
    const started = await unlessSuspended(() => startTurnsNow(ctx));
    if (started === undefined) swept.skipped += 1;
    else swept.turns += started;
  }
  return swept;
}
