/** Which models are offered, which one the organization uses, and how far a change is. */
import type { Ctx, UserActor } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { OrgSettings } from "../organizations/settings.ts";
import { findOrganization } from "../organizations/sql.ts";
import { type ChatView, chatView } from "./chat-view.ts";
import { countEmbedded, type Figures, findModel } from "./sql.ts";
import { type ModelsView, view } from "./view.ts";

export async function get(ctx: Ctx<UserActor>): Promise<ModelsView & { chat: ChatView }> {
  const { orgId } = ctx.actor;
  const { embedders, chats } = ctx.ports;
  const [[row], { rows }, [organization]] = await tenantBatch(ctx, (db) => [
    findModel(db, orgId),
    countEmbedded(db),
    findOrganization(db, orgId),
  ]);
  const { chat_models: chosen } = OrgSettings.parse(organization?.settings ?? {});
  return { ...view(embedders, row, rows[0]?.figures ?? NOTHING), chat: chatView(chats, chosen) };
}

export const NOTHING: Figures = { chunks: 0, tokens: 0, embedded: {} };
