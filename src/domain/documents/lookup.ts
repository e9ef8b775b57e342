/** Tells an uploader what we have of theirs already, so that nothing is sent twice. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { ExternalId } from "./labels.ts";
import { findByExternalIds } from "./sql.ts";

/** Ids a request; they travel as one statement. */
const MAX_IDS = 1_000;

export const LookupInput = z.strictObject({ external_ids: z.array(ExternalId).min(1).max(MAX_IDS) });
export type LookupInput = z.infer<typeof LookupInput>;

/** The documents the caller may see that have one of these external ids, in no order; others are simply absent. */
export async function lookup(ctx: Ctx, { external_ids }: LookupInput) {
  const [rows] = await tenantBatch(ctx, (db) => [findByExternalIds(db, ctx.actor.orgId, external_ids)]);
  return {
    data: rows.map(({ failureCode, failureDetail, retryable, ...row }) => ({
      ...row,
      failure:
        failureCode === null
          ? null
          : { code: failureCode, detail: failureDetail, retryable: retryable ?? false },
    })),
  };
}
