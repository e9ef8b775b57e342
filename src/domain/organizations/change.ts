/** Changes an organization's name and settings. */
import * as z from "zod";
import type { Ctx, UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { audit, auditOf } from "../audit/record.ts";
import { demandOffered } from "../models/choose-chat.ts";
import { SettingsPatch } from "./settings.ts";
import { changeOrganization, deriveAccess } from "./sql.ts";
import { type OrganizationView, view } from "./view.ts";

export const ChangeOrganizationInput = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^\P{Cc}+$/u, "may not contain control characters")
      .optional(),
    settings: SettingsPatch.optional(),
  })
  .refine((input) => input.name !== undefined || input.settings !== undefined, {
    message: "say what to change: name or settings",
  });
export type ChangeOrganizationInput = z.infer<typeof ChangeOrganizationInput>;

/**
 * New internal domains count at once: whoever's access changes signs in again.
 * @throws AppError `invalid_request` for a language model that nobody offers
 */
export async function change(
  ctx: Ctx<UserActor>,
  input: ChangeOrganizationInput,
): Promise<OrganizationView & { access_changed: number }> {
  const { orgId, role } = ctx.actor;
  demandOffered(ctx.ports.chats, input.settings?.chat_models ?? []);
  const [[row], { rowCount }] = await tenantBatch(ctx, (db) => [
    changeOrganization(db, orgId, input),
    deriveAccess(db, orgId),
    audit(db, {
      ...auditOf(ctx),
      action: "org.changed",
      target: { type: "org", id: orgId },
      detail: {
        ...(input.name === undefined ? {} : { name: input.name }),
        ...(input.settings === undefined ? {} : { settings: JSON.stringify(input.settings) }),
      },
      result: "ok",
    }),
  ]);
  if (!row) throw new AppError("not_found");
  return { ...view(row, role), access_changed: rowCount };
}
