/** Gives an API key a new secret while the old one still works, so that software can change over without an outage. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import type { CreatedKey } from "./create.ts";
import { newSecret } from "./key-text.ts";
import { demandApiKey, replaceSecret } from "./sql.ts";
import { viewApiKey } from "./view.ts";

const DAY = 86_400;

export const RotateKeyInput = z.object({
  /** 0 ends the old secret at once, for one that has leaked. */
  overlap_seconds: z
    .int()
    .min(0)
    .max(30 * DAY)
    .default(DAY),
});
export type RotateKeyInput = z.infer<typeof RotateKeyInput>;

/**
 * Id, scopes and expiry stay. Rotating again within the overlap ends the oldest secret.
 * @throws AppError `not_found` for a key that is unknown or revoked
 */
export async function rotateKey(ctx: Ctx, id: string, input: RotateKeyInput): Promise<CreatedKey> {
  const { orgId } = ctx.actor;
  const fresh = newSecret(id);
  const until = new Date(ctx.now().getTime() + input.overlap_seconds * 1000).toISOString();
  const [, [row]] = await tenantBatch(ctx, (db) => [
    demandApiKey(db, orgId, id),
    replaceSecret(db, orgId, fresh, until),
    audit(db, {
      ...auditOf(ctx),
      action: "api_key.rotated",
      target: { type: "api_key", id },
      detail: { overlap_seconds: input.overlap_seconds },
      result: "ok",
    }),
  ]);
  if (!row) throw new AppError("not_found");
  return { api_key: viewApiKey(row, ctx.now()), key: fresh.key };
}
