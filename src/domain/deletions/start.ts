/** Deletes many documents, a batch or a source: at once if that is quick, otherwise in the background. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import type { Receipts } from "../organizations/receipt.ts";
import { get } from "../sources/list.ts";
import { type Answer, answerOf } from "./answer.ts";
import { enqueueDeletion, proceed } from "./proceed.ts";
import { insertDeletion, isBegun, pauseSources, type What } from "./sql.ts";

export const DeleteDocumentsInput = z.strictObject({
  ids: z
    .array(z.uuid())
    .min(1)
    .max(1_000)
    .transform((ids) => [...new Set(ids)]),
});
export type DeleteDocumentsInput = z.infer<typeof DeleteDocumentsInput>;

/** How long the caller waits for the end, in milliseconds. */
const PATIENCE_MS = 3_000;

/**
 * Deletes those documents that the caller may change; the others stay and are counted. Each is gone, at once and
 * altogether, with its own transaction.
 * @throws AppError `not_found` | `forbidden` for a source of somebody else
 */
export async function startDeletion(ctx: Ctx, receipts: Receipts, what: What): Promise<Answer> {
  const { orgId } = ctx.actor;
  const { actor } = auditOf(ctx);
  const [{ rows }] = await tenantBatch(ctx, (db) => [
    insertDeletion(db, orgId, actor, what),
    pauseSources(db, orgId, what),
    audit(db, {
      ...auditOf(ctx),
      action: `${what.kind}.deleted`,
      ...(what.kind === "documents" ? {} : { target: { type: what.kind, id: what.id } }),
      detail: what.kind === "documents" ? { asked: what.ids.length } : {},
      result: "ok",
      when: isBegun(orgId),
    }),
  ]);
  const id = rows[0]?.id;
  if (id === undefined) throw await refusal(ctx, what);
  const row = await proceed(ctx, id, PATIENCE_MS);
  if (!row) throw new AppError("not_found");
  if (row.status === "running") await enqueueDeletion(ctx, id);
  ctx.log.add({ deletion: id, deleted: row.documents });
  return answerOf(ctx, receipts, row);
}

/** A batch of somebody else is invisible; a source may be seen by whoever may read its documents. */
async function refusal(ctx: Ctx, what: What): Promise<AppError> {
  if (what.kind !== "source") return new AppError("not_found");
  await get(ctx, what.id);
  return new AppError("forbidden", { detail: "Only the source's owner or an admin may delete it." });
}
