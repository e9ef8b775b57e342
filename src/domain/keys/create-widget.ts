/** Makes a widget key for the web pages of an organization. */
import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { SecureOrigin } from "./origin.ts";
import { insertWidgetKey } from "./sql.ts";
import { viewWidgetKey, type WidgetKeyView } from "./view.ts";

export const AllowedOrigins = z
  .array(SecureOrigin)
  .min(1)
  .max(50)
  .transform((origins) => [...new Set(origins)]);

export const CreateWidgetInput = z.object({
  name: z.string().trim().min(1).max(200),
  allowed_origins: AllowedOrigins,
});
export type CreateWidgetInput = z.infer<typeof CreateWidgetInput>;

/** The key is no secret and stays visible; the origins are what confines it. */
export async function createWidget(ctx: Ctx<UserActor>, input: CreateWidgetInput): Promise<WidgetKeyView> {
  const { orgId, userId } = ctx.actor;
  const id = randomUUID();
  const [[row]] = await tenantBatch(ctx, (db) => [
    insertWidgetKey(db, {
      id,
      orgId,
      name: input.name,
      allowedOrigins: input.allowed_origins,
      createdBy: userId,
    }),
    audit(db, {
      ...auditOf(ctx),
      action: "widget_key.created",
      target: { type: "widget_key", id },
      detail: { name: input.name, allowed_origins: input.allowed_origins.join(" ") },
      result: "ok",
    }),
  ]);
  if (!row) throw new AppError("internal");
  return viewWidgetKey(row, ctx.now());
}
