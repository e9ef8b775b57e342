/** Brings stranded documents to an end: lost messages and turns are sent again, overdue documents fail with a reason. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
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
    try {
      if (overdue) {
        await giveUp(
          ctx,
          document,
          new AppError("ingestion_timeout", { detail: "Reading this document took too long." }),
        );
        swept.given_up += 1;
        continue;
      }
      await tenantBatch(ctx, (db) => [touch(db, document)]);
      if (status === "embedding" && chunks) await enqueueEmbed(ctx, document, chunks);
      else await enqueueExtract(ctx, { ...document, lane });
      swept.sent_again += 1;
    } catch (thrown) {
      skip(swept, thrown);
    }
  }
  for (const { org_id: orgId } of starved) {
    const ctx: Ctx = { ...base, actor: { kind: "service", orgId } };
    try {
      swept.turns += await startTurnsNow(ctx);
    } catch (thrown) {
      skip(swept, thrown);
    }
  }
  return swept;
}

/** A suspended organization's documents wait; anything else is the database's trouble and ends this sweep. */
function skip(swept: Swept, thrown: unknown): void {
  const error = toAppError(thrown);
  if (error.code !== "session_revoked") throw error;
  swept.skipped += 1;
}
