/** Last step of ingestion: one transaction replaces the old version's chunks by the finished drafts. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { announce } from "../webhooks/announce.ts";
import { endBatches, takeTurns } from "../webhooks/delivery-sql.ts";
import { holdDocument, holdStatistics, isOutdated, publishDrafts } from "./draft-sql.ts";
import { type Embedded, embedDrafts } from "./embed-drafts.ts";
import { type DocumentVersion, markReady, renewLease } from "./sql.ts";

/** An organization's model changes this often while one document waits to be published, and then the sweeper tries. */
const MOST_CHANGES = 3;

/**
 * Stores what was embedded last, and publishes. Does nothing more while a draft still lacks its vector; whoever embeds the
 * last one publishes. When the organization's model changed on the way, the drafts are embedded once more.
 * @throws AppError what {@link embedDrafts} throws
 */
export async function publish(ctx: Ctx, document: DocumentVersion, embedded: Embedded): Promise<boolean> {
  const { embedders } = ctx.ports;
  let { store } = embedded;
  for (let changes = 0; ; changes++) {
    const { segmentThreshold } = embedders.of(embedders.guess(document.orgId)) ?? embedders.default;
    const [, , , , , [ready], { rows }, , turns] = await ctx.log.step("publish", () =>
      tenantBatch(ctx, (db) => [
        holdStatistics(db),
        holdDocument(db, document),
        renewLease(db, document),
        store(db),
        publishDrafts(db, document, segmentThreshold),
        markReady(db, document, ctx.log.steps()),
        isOutdated(db, document),
        endBatches(db),
        takeTurns(db, document.orgId),
      ]),
    );
    await announce(ctx, turns);
    ctx.log.add({ published: ready !== undefined });
    if (ready || !rows[0]?.outdated || changes === MOST_CHANGES) return ready !== undefined;
    ({ store } = await embedDrafts(ctx, document, 0, 2 ** 31 - 1));
  }
}
