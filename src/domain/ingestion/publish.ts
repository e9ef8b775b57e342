/** Last step of ingestion: one transaction replaces the old version's chunks by the finished drafts. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { publishDrafts } from "./draft-sql.ts";
import { type DocumentVersion, markReady } from "./sql.ts";

/** Does nothing while a draft still lacks its vector; whoever embeds the last one publishes. */
export async function publish(ctx: Ctx, document: DocumentVersion): Promise<boolean> {
  const { segmentThreshold } = ctx.ports.embedders.default;
  const [, [ready]] = await ctx.log.step("publish", () =>
    tenantBatch(ctx, (db) => [
      publishDrafts(db, document, segmentThreshold),
      markReady(db, document, ctx.log.steps()),
    ]),
  );
  ctx.log.add({ published: ready !== undefined });
  return ready !== undefined;
}
