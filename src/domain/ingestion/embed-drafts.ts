/** Second step of ingestion: a vector for every draft of a range. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Database } from "../../infra/db/client.ts";
import { type Statement, tenantBatch } from "../../infra/db/tenant.ts";
import { vectorText } from "../../infra/db/vector.ts";
import { draftsToEmbed, modelInUse, reuseEmbeddings, storeEmbeddings } from "./draft-sql.ts";
import { type DocumentVersion, renewLease } from "./sql.ts";

/** Inputs a call to the embedding model; every provider we know takes this many. */
const BATCH = 100;

/** What is embedded: the text in the light of the headings above it. */
export function embeddingText(heading: readonly string[], content: string): string {
  return heading.length === 0 ? content : `${heading.join(" › ")}\n\n${content}`;
}

export type Embedded = {
  count: number;
  /** Stores the vectors of the last call, on the trip that publishes: it follows anyway, and one less is one less. */
  store(db: Database): Statement;
};

/**
 * Embeds the drafts with `from <= ordinal < to` that have no vector in the organization's model yet, so that a retry
 * goes on where it stopped.
 * @param most stop after about so many; the rest is somebody else's
 * @returns how many were embedded, and what {@link publish} has to store of them
 * @throws AppError `embedder_failed` | `embedder_unavailable` | `embedding_model_gone`
 */
export async function embedDrafts(
  ctx: Ctx,
  document: DocumentVersion,
  from: number,
  to: number,
  most = Number.POSITIVE_INFINITY,
): Promise<Embedded> {
  const { embedders } = ctx.ports;
  let model = embedders.guess(document.orgId);
  let count = 0;
  const keep = (db: Database): Statement => renewLease(db, document);
  // What the last round found out is stored on the trip that asks for the next drafts.
  let store = (db: Database): Statement => reuseEmbeddings(db, document, model);
  for (;;) {
    const [[mine], , drafts, [inUse]] = await tenantBatch(ctx, (db) => [
      renewLease(db, document),
      store(db),
      draftsToEmbed(db, document, model, { from, to, limit: BATCH }),
      modelInUse(db, document.orgId),
    ]);
    store = keep;
    // Replaced, cancelled or deleted meanwhile: what is left need not be paid for.
    if (!mine) break;
    if (inUse && inUse.model !== model) {
      model = inUse.model;
      embedders.saw(document.orgId, model);
      store = (db) => reuseEmbeddings(db, document, model);
      continue;
    }
    if (drafts.length === 0) break;
    const embedder = embedders.of(model);
    if (!embedder) throw gone(model);
    const texts = drafts.map(({ heading, content }) => embeddingText(heading, content));
    const vectors = await ctx.log.step("embed", () => embedder.embed(texts, ctx.signal));
    const ordinals = drafts.map(({ ordinal }) => ordinal);
    const values = vectors.map(vectorText);
    store = (db) => storeEmbeddings(db, document, embedder.model, ordinals, values);
    count += drafts.length;
    if (drafts.length < BATCH || count >= most) break;
  }
  ctx.log.add({ embedded: count });
  return { count, store };
}

function gone(model: string): AppError {
  return new AppError("embedding_model_gone", {
    detail: `The embedding model ${model} is not offered any more. An admin chooses another one; then read the document again.`,
  });
}
