/** What follows when a piece of a change of model cannot be done: the reason is kept, and it is tried again. */
import type { Ctx } from "../../context.ts";
import type { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { failPiece, type Piece, postponePiece } from "./sql.ts";

/** The model the organization has keeps answering; only an admin calls a change off. */
export async function fail(ctx: Ctx, piece: Piece, error: AppError): Promise<void> {
  await tenantBatch(ctx, (db) => [failPiece(db, piece, error.code, error.message)]);
}

/** Past the queue's tries, the sweeper makes one now and then. */
export async function postpone(ctx: Ctx, piece: Piece): Promise<void> {
  await tenantBatch(ctx, (db) => [postponePiece(db, piece)]);
}
