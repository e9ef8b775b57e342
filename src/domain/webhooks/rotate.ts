/** Gives a webhook a new secret; for a while every message is signed with both. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import type { CreatedWebhook } from "./create.ts";
import { sealSecret } from "./secrets.ts";
import { newSecret } from "./sign.ts";
import { demandWebhook, replaceSecret } from "./sql.ts";
import { view } from "./view.ts";

const DAY = 86_400;

export const RotateWebhookInput = z.strictObject({
  /** 0 ends the old secret at once, for one that has leaked. */
  overlap_seconds: z
    .int()
    .min(0)
    .max(30 * DAY)
    .default(DAY),
});
export type RotateWebhookInput = z.infer<typeof RotateWebhookInput>;

/** Rotating again within the overlap ends the oldest secret. @throws AppError `not_found` */
export async function rotateWebhook(
  ctx: Ctx,
  id: string,
  { overlap_seconds }: RotateWebhookInput,
): Promise<CreatedWebhook> {
  const { orgId } = ctx.actor;
  const secret = newSecret();
  const sealed = await sealSecret(ctx, id, secret);
  const until = new Date(ctx.now().getTime() + overlap_seconds * 1000).toISOString();
  const [, [row]] = await tenantBatch(ctx, (db) => [
    demandWebhook(db, orgId, id),
    replaceSecret(db, orgId, id, sealed, until),
    audit(db, {
      ...auditOf(ctx),
      action: "webhook.rotated",
      target: { type: "webhook", id },
      detail: { overlap_seconds },
      result: "ok",
    }),
  ]);
  if (!row) throw new AppError("not_found");
  return { webhook: view(row, ctx.now()), secret };
}
