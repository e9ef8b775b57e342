/** Begins a batch, or goes on with the one that the same caller began with the same key. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { BATCH_KINDS } from "../../infra/db/schema.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { uploader } from "../documents/upload.ts";
import { findOpened, insertBatch, isBatch, type NewBatch } from "./sql.ts";

export type OpenBatch = { id: string; resumed: boolean; cancelled: boolean };

/** @throws AppError `idempotency_conflict` when the key was used for another kind of body */
export async function open(
  ctx: Ctx,
  kind: (typeof BATCH_KINDS)[number],
  idempotencyKey: string | null,
): Promise<OpenBatch> {
  const { orgId } = ctx.actor;
  const { createdBy, createdByKey } = uploader(ctx.actor);
  const row: NewBatch = { id: crypto.randomUUID(), orgId, createdBy, createdByKey, kind, idempotencyKey };
  const [, [batch]] = await tenantBatch(ctx, (db) => [
    insertBatch(db, row),
    findOpened(db, row),
    audit(db, {
      ...auditOf(ctx),
      action: "batch.created",
      target: { type: "batch", id: row.id },
      detail: { kind },
      result: "ok",
      when: isBatch(orgId, row.id),
    }),
  ]);
  if (!batch) throw new AppError("internal", { cause: new Error("the new batch is gone") });
  if (batch.kind !== kind) {
    throw new AppError("idempotency_conflict", {
      detail: `Idempotency-Key: it was used for a batch of ${batch.kind}.`,
    });
  }
  ctx.log.add({ batch: batch.id });
  return { id: batch.id, resumed: batch.id !== row.id, cancelled: batch.status === "cancelled" };
}
