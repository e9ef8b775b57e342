/** Texts as vectors of the organization's embedding model, for software that compares them itself. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { estimateTokens } from "../../text/tokens.ts";
import { settle, tokensReserved } from "../limits/question.ts";
import { reserveTokens } from "../limits/sql.ts";
import { OrgSettings } from "../organizations/settings.ts";
import { findOrganization } from "../organizations/sql.ts";
import { findModel } from "./sql.ts";

export type EmbeddedTexts = { model: string; vectors: number[][]; tokens: number };

/**
 * The tokens are set aside before and settled after, like those of a question.
 * @param texts at most 100
 * @throws AppError `forbidden` unless the organization's settings allow it | `quota_exceeded` | `embedder_unavailable` | `embedder_failed`
 */
export async function embedTexts(ctx: Ctx, texts: readonly string[]): Promise<EmbeddedTexts> {
  const { orgId } = ctx.actor;
  const { embedders } = ctx.ports;
  const tokens = estimateTokens(texts.join("\n"));
  const [[organization], [row], reserved] = await tenantBatch(ctx, (db) => [
    findOrganization(db, orgId),
    findModel(db, orgId),
    reserveTokens(db, tokens),
  ]);
  const held = tokensReserved(reserved);
  const { embeddings_api: allowed } = OrgSettings.parse(organization?.settings ?? {});
  const model = row?.model ?? embedders.default.model;
  const embedder = embedders.of(model);
  let spent = 0;
  try {
    if (!allowed) {
      throw new AppError("forbidden", { detail: "An admin can allow this: settings.embeddings_api." });
    }
    if (!embedder) {
      throw new AppError("embedder_unavailable", { detail: `Nobody offers ${model} at the moment.` });
    }
    const vectors = await ctx.log.step("embed", () => embedder.embed(texts, ctx.signal));
    if (embedder.mode !== "offline") spent = tokens;
    return { model, vectors, tokens };
  } finally {
    ctx.waitUntil(settle(ctx, held, { spent, answered: true }));
  }
}
