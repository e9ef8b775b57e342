/** The names of the language models that may answer for the caller's organization. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { OrgSettings } from "../organizations/settings.ts";
import { findOrganization } from "../organizations/sql.ts";
import { usable } from "./choose-chat.ts";

/** In the order in which they are asked. */
export async function usableModels(ctx: Ctx): Promise<string[]> {
  const [[organization]] = await tenantBatch(ctx, (db) => [findOrganization(db, ctx.actor.orgId)]);
  return usable(ctx.ports.chats, OrgSettings.parse(organization?.settings ?? {}).chat_models);
}
