/** Ends or postpones the reading of a document that failed, with a reason its owner understands. */
import type { Ctx } from "../../context.ts";
import type { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { announce } from "../webhooks/announce.ts";
import { endBatches, takeTurns } from "../webhooks/delivery-sql.ts";
import { type DocumentVersion, fail, failWithLastReason, release } from "./sql.ts";

/** The document is `failed`; what it published before keeps answering, its drafts go (migrations/0012_delta.sql). */
export async function giveUp(ctx: Ctx, document: DocumentVersion, error: AppError): Promise<void> {
  const [, , turns] = await tenantBatch(ctx, (db) => [
    fail(db, document, error.code, error.message, error.retryable),
    endBatches(db),
    takeTurns(db, document.orgId),
  ]);
  await announce(ctx, turns);
}

/** The message will come again; the row says why it is taking longer. */
export async function postpone(ctx: Ctx, document: DocumentVersion, error: AppError): Promise<void> {
  await tenantBatch(ctx, (db) => [release(db, document, error.code, error.message)]);
}

/** Past its tries: the document fails with the reason of its last try. */
export async function abandon(ctx: Ctx, document: DocumentVersion): Promise<void> {
  const [, , turns] = await tenantBatch(ctx, (db) => [
    failWithLastReason(db, document),
    endBatches(db),
    takeTurns(db, document.orgId),
  ]);
  await announce(ctx, turns);
}
