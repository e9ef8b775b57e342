/** Renames a widget key or changes the origins it works on; a page taken off the list is out at its next request. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { AllowedOrigins } from "./create-widget.ts";
import { demandWidgetKey, updateWidgetKey } from "./sql.ts";
import { viewWidgetKey, type WidgetKeyView } from "./view.ts";

export const UpdateWidgetInput = z
  .object({ name: z.string().trim().min(1).max(200).optional(), allowed_origins: AllowedOrigins.optional() })
  .refine(({ name, allowed_origins }) => name !== undefined || allowed_origins !== undefined, {
    message: "give a name or allowed_origins",
  });
export type UpdateWidgetInput = z.infer<typeof UpdateWidgetInput>;

/** @throws AppError `not_found` for a key that is unknown or revoked */
export async function updateWidget(ctx: Ctx, id: string, input: UpdateWidgetInput): Promise<WidgetKeyView> {
  const { orgId } = ctx.actor;
  const [, [row]] = await tenantBatch(ctx, (db) => [
    demandWidgetKey(db, orgId, id),
    updateWidgetKey(db, orgId, id, { name: input.name, allowedOrigins: input.allowed_origins }),
    audit(db, {
      ...auditOf(ctx),
      action: "widget_key.changed",
      target: { type: "widget_key", id },
      detail: {
        ...(input.name === undefined ? {} : { name: input.name }),
        ...(input.allowed_origins === undefined ? {} : { allowed_origins: input.allowed_origins.join(" ") }),
      },
      result: "ok",
    }),
  ]);
  if (!row) throw new AppError("not_found");
  return viewWidgetKey(row, ctx.now());
}
