/** How far the deletion of an organization is, for whoever confirmed it: their account is gone, the confirmation remains. */
import type { BaseCtx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { accountBatch } from "../../infra/db/tenant.ts";
import { hashBearerSecret } from "../accounts/bearer-secret.ts";
import { iso } from "../moment.ts";
import type { Receipts } from "./receipt.ts";
import { findEnding } from "./sql.ts";

/** The receipt comes once rows and files are gone. @throws AppError `not_found`, also thirty days later */
export async function endingOf(ctx: BaseCtx, receipts: Receipts, confirmation: string) {
  const [{ rows }] = await accountBatch(ctx, (db) => [findEnding(db, hashBearerSecret(confirmation))]);
  const [row] = rows;
  if (!row) throw new AppError("not_found");
  const done = row.finished_at !== null && row.files_removed_at !== null;
  const deleted = {
    organization: { id: row.id },
    requested_by: { kind: row.requested_by_kind, id: row.requested_by },
    deleted_at: iso(row.deleted_at),
    completed_at: done ? iso(row.finished_at) : null,
    rows: row.rows,
    files: done ? Number(row.files) : null,
  };
  return {
    status: done ? ("deleted" as const) : ("deleting" as const),
    deleted,
    ...(done ? { receipt: await receipts.sign(deleted) } : {}),
  };
}
