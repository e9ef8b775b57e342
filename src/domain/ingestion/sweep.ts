/** Brings stranded documents to an end: lost messages are sent again, overdue documents fail with a reason. */
import type { BaseCtx, Ctx } from "../../context.ts";
import { AppError, toAppError } from "../../errors.ts";
import { systemBatch, tenantBatch } from "../../infra/db/tenant.ts";
import { enqueueEmbed, enqueueExtract } from "./enqueue.ts";
import { giveUp } from "./give-up.ts";
import { findStranded, touch } from "./sql.ts";

/** Documents a sweep looks after; the next one comes in a minute. */
const LIMIT = 200;

export type Swept = { stranded: number; sent_again: number; given_up: number; skipped: number };

/** @throws AppError when the database fails; the next sweep goes on from there */
export async function sweep(base: BaseCtx): Promise<Swept> {
  const [stranded] = await systemBatch(base, (db) => [findStranded(db, LIMIT)]);
  const swept: Swept = { stranded: stranded.length, sent_again: 0, given_up: 0, skipped: 0 };
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
      if (status === "embedding" && chunks) await enqueueEmbed(ctx, document, chunks, lane);
      else await enqueueExtract(ctx, { ...document, lane });
      swept.sent_again += 1;
    } catch (thrown) {
      const error = toAppError(thrown);
      // A suspended organization's documents wait; anything else is the database's trouble and ends this sweep.
      if (error.code !== "session_revoked") throw error;
      swept.skipped += 1;
    }
  }
  return swept;
}
