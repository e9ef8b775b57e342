/** Second step of ingestion: a vector for every draft of a range. */
import type { Ctx } from "../../context.ts";
import type { Database } from "../../infra/db/client.ts";
import { type Statement, tenantBatch } from "../../infra/db/tenant.ts";
import { vectorText } from "../../infra/db/vector.ts";
import { draftsToEmbed, reuseEmbeddings, storeEmbeddings } from "./draft-sql.ts";
import { type DocumentVersion, renewLease } from "./sql.ts";

/** Inputs a call to the embedding model; every provider we know takes this many. */
const BATCH = 100;

/** What is embedded: the text in the light of the headings above it. */
export function embeddingText(heading: readonly string[], content: string): string {
  return heading.length === 0 ? content : `${heading.join(" › ")}\n\n${content}`;
}

/**
 * Embeds the drafts with `from <= ordinal < to` that have no vector yet, so that a retry goes on where it stopped.
 * @throws AppError `embedder_failed` | `embedder_unavailable`
 */
export async function embedDrafts(
  ctx: Ctx,
  document: DocumentVersion,
  from: number,
  to: number,
): Promise<void> {
  const embedder = ctx.ports.embedders.default;
  let embedded = 0;
  // What the last round found out is stored on the trip that asks for the next drafts.
  let settle = (db: Database): Statement => reuseEmbeddings(db, document, embedder.model);
  for (;;) {
    const [[mine], , drafts] = await tenantBatch(ctx, (db) => [
      renewLease(db, document),
      settle(db),
      draftsToEmbed(db, document, embedder.model, { from, to, limit: BATCH }),
    ]);
    // Replaced, cancelled or deleted meanwhile: what is left need not be paid for.
    if (!mine || drafts.length === 0) break;
    const texts = drafts.map(({ heading, content }) => embeddingText(heading, content));
    const vectors = await ctx.log.step("embed", () => embedder.embed(texts, ctx.signal));
    const ordinals = drafts.map(({ ordinal }) => ordinal);
    const values = vectors.map(vectorText);
    settle = (db) => storeEmbeddings(db, document, embedder.model, ordinals, values);
    embedded += drafts.length;
  }
  ctx.log.add({ embedded });
}
