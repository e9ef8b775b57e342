/** Deletes any organization with everything in it, in two steps, for those who run the platform. */
import type { PlatformCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { violates } from "../../infra/db/client.ts";
import { superadminBatch } from "../../infra/db/tenant.ts";
import { hashBearerSecret } from "../accounts/bearer-secret.ts";
import { audit } from "../audit/record.ts";
import { newConfirmation } from "../organizations/confirmation.ts";
import type { DeletionRequested } from "../organizations/delete.ts";
import { AT_ONCE, type Deleted, finishDeletion } from "../organizations/finish-deletion.ts";
import type { Receipts } from "../organizations/receipt.ts";
import { removeAny, requestRemoval } from "../organizations/sql.ts";
import { findAny, isOrganization } from "./sql.ts";

/** Deletes nothing yet. The confirmation holds for ten minutes, once, for this superadmin. @throws AppError `not_found` */
export async function requestDeletion(ctx: PlatformCtx, orgId: string): Promise<DeletionRequested> {
  const requestedBy = ctx.actor.userId;
  const { secret, hash, expiresAt } = newConfirmation(ctx.now());
  try {
    const [[org]] = await superadminBatch(ctx, (db) => [
      findAny(db, orgId),
      requestRemoval(db, { orgId, requestedBy, tokenHash: hash, expiresAt }),
      audit(db, {
        orgId,
        actor: { kind: "superadmin", id: requestedBy },
        ctx,
        action: "org.deletion_requested",
        target: { type: "org", id: orgId },
        result: "ok",
        when: isOrganization(orgId),
      }),
    ]);
    if (!org) throw new AppError("not_found");
    return { organization: { id: org.id, name: org.name }, confirmation: secret, expires_at: expiresAt };
  } catch (thrown) {
    if (violates(thrown, "deletion_requests_org_id_fkey")) throw new AppError("not_found", { cause: thrown });
    throw thrown;
  }
}

/** A suspended organization can be deleted too. @throws AppError `not_found` | `invalid_confirmation` */
export async function confirmDeletion(
  ctx: PlatformCtx,
  receipts: Receipts,
  orgId: string,
  confirmation: string,
  atOnce = AT_ONCE,
): Promise<Deleted> {
  const [[org], { rows }] = await superadminBatch(ctx, (db) => [
    findAny(db, orgId),
    removeAny(db, orgId, hashBearerSecret(confirmation), atOnce),
  ]);
  if (!org) throw new AppError("not_found");
  const removed = rows[0]?.removed;
  if (!removed) throw new AppError("invalid_confirmation");
  return finishDeletion(ctx, receipts, {
    organization: { id: orgId, name: org.name },
    requested_by: { kind: "superadmin", id: ctx.actor.userId },
    ...removed,
  });
}
