/** Deletes the caller's organization with everything in it, in two steps. */
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { hashBearerSecret } from "../accounts/bearer-secret.ts";
import { audit, auditOf } from "../audit/record.ts";
import { newConfirmation } from "./confirmation.ts";
import { AT_ONCE, type Deleted, finishDeletion } from "./finish-deletion.ts";
import type { Receipts } from "./receipt.ts";
import { findOrganization, removeMine, requestRemoval } from "./sql.ts";

export type DeletionRequested = {
  organization: { id: string; name: string };
  /** Send it back to delete for good. */
  confirmation: string;
  expires_at: string;
};

/** Deletes nothing yet. The confirmation holds for ten minutes, once, for this admin. */
export async function requestDeletion(ctx: Ctx<UserActor>): Promise<DeletionRequested> {
  const { orgId, userId } = ctx.actor;
  const { secret, hash, expiresAt } = newConfirmation(ctx.now());
  const [[org]] = await tenantBatch(ctx, (db) => [
    findOrganization(db, orgId),
    requestRemoval(db, { orgId, requestedBy: userId, tokenHash: hash, expiresAt }),
    audit(db, {
      ...auditOf(ctx),
      action: "org.deletion_requested",
      target: { type: "org", id: orgId },
      result: "ok",
    }),
  ]);
  if (!org) throw new AppError("not_found");
  return { organization: { id: org.id, name: org.name }, confirmation: secret, expires_at: expiresAt };
}

/**
 * @param atOnce chunks up to which it goes in one transaction
 * @throws AppError `invalid_confirmation`
 */
export async function confirmDeletion(
  ctx: Ctx<UserActor>,
  receipts: Receipts,
  confirmation: string,
  atOnce = AT_ONCE,
): Promise<Deleted> {
  const { orgId, userId } = ctx.actor;
  const [[org], { rows }] = await tenantBatch(ctx, (db) => [
    findOrganization(db, orgId),
    removeMine(db, hashBearerSecret(confirmation), atOnce),
  ]);
  const removed = rows[0]?.removed;
  if (!org || !removed) throw new AppError("invalid_confirmation");
  return finishDeletion(ctx, receipts, {
    organization: { id: orgId, name: org.name },
    requested_by: { kind: "user", id: userId },
    ...removed,
  });
}
