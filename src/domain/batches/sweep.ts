/** Once a minute: closes batches whose sender went away, and forgets old keys. */
import type { BaseCtx } from "../../context.ts";
import { systemBatch } from "../../infra/db/tenant.ts";
import { forgetKeys } from "../documents/key-sql.ts";
import { closeBrokenOff, forgetBatchKeys } from "./sql.ts";

/** @throws AppError when the database fails */
export async function sweepBatches(ctx: BaseCtx): Promise<{ batches_broken_off: number }> {
  // Keys first: whoever deletes a document locks its key, and its batch at the commit.
  const [, closed] = await systemBatch(ctx, (db) => [
    forgetKeys(db),
    closeBrokenOff(db),
    forgetBatchKeys(db),
  ]);
  return { batches_broken_off: closed.length };
}
