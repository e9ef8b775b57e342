/** An upload with an Idempotency-Key: sent again, it is the same document. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { StoredFile } from "../../infra/files/port.ts";
import { sha256 } from "../sha256.ts";
import { findKey, insertKey } from "./key-sql.ts";
import type { UploadLabels } from "./labels.ts";
import { discard, type Uploaded, upload, uploader } from "./upload.ts";
import { view } from "./view.ts";

/**
 * As {@link upload}; a key is known for a week to the caller who used it.
 * @param key null for an upload like any other
 * @throws AppError `idempotency_conflict` when the key came with other bytes or labels before
 */
export async function uploadOnce(
  ctx: Ctx,
  key: string | null,
  stored: StoredFile,
  labels: UploadLabels,
): Promise<Uploaded> {
  const { createdBy, createdByKey } = uploader(ctx.actor);
  const owner = createdBy ?? createdByKey;
  if (key === null || owner === null) return upload(ctx, stored, labels);
  const which = { orgId: ctx.actor.orgId, owner, key };
  const fingerprint = await sha256(JSON.stringify([stored.sha256, Object.entries(labels).sort()]));
  const [[known]] = await tenantBatch(ctx, (db) => [findKey(db, which)]);
  // Its bytes may be another version's by now, or none's.
  if (known) await discard(ctx, stored);
  if (known?.fingerprint === fingerprint) return { document: view(known), outcome: "unchanged" };
  if (known) {
    throw new AppError("idempotency_conflict", {
      detail: "Idempotency-Key: another document came with it before.",
    });
  }
  const uploaded = await upload(ctx, stored, labels);
  await tenantBatch(ctx, (db) => [insertKey(db, which, fingerprint, uploaded.document.id)]);
  return uploaded;
}
