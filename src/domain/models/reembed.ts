/** One piece of a change of model: some chunks and taught answers embedded, the flip once none is left, old vectors removed. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { vectorText } from "../../infra/db/vector.ts";
import type { Embedder } from "../../infra/embedder/port.ts";
import { estimateTokens } from "../../text/tokens.ts";
import { audit, auditOf } from "../audit/record.ts";
import { embeddingText } from "../ingestion/embed-drafts.ts";
import { enqueuePiece } from "./enqueue.ts";
import { embedTaught } from "./reembed-taught.ts";
import {
  chunksWithoutVector,
  claimPiece,
  endPiece,
  flip,
  isTurned,
  type Lacking,
  type Piece,
  removeOthers,
  stageVectors,
} from "./sql.ts";

/** Chunks a round: one call to the model, one transaction. */
const BATCH = 100;
/** Rounds a message, so that others get their turn. */
const ROUNDS = 5;
/** No further round after this; a slow model must not outlast the lease. */
const ENOUGH_MS = 20_000;
/** Rows of other models a transaction. */
const REMOVED_AT_ONCE = 2_000;

export type Outcome = "went on" | "changed" | "done" | "nothing to do";

/**
 * Delivered twice, late or after its change is over, it does nothing.
 * @throws AppError of the embedder, or `embedding_model_gone` when nobody offers the target any more
 */
export async function reembed(ctx: Ctx, piece: Piece): Promise<Outcome> {
  const [[claimed], { rows: lacking }] = await tenantBatch(ctx, (db) => [
    claimPiece(db, piece),
    chunksWithoutVector(db, piece, BATCH),
  ]);
  if (!claimed) return "nothing to do";
  if (claimed.phase === "removing") return remove(ctx, piece);
  const embedder = ctx.ports.embedders.of(claimed.target ?? "");
  if (!embedder) {
    throw new AppError("embedding_model_gone", {
      detail: `The embedding model ${claimed.target} is not offered any more. Call the change off, or choose another.`,
    });
  }
  return embed(ctx, piece, embedder, lacking);
}

async function embed(ctx: Ctx, piece: Piece, embedder: Embedder, first: Lacking[]): Promise<Outcome> {
  const started = ctx.now().getTime();
  const sum = { staged: 0, embedded: 0, tokens: 0 };
  let lacking = first;
  let rounds = ROUNDS;
  const goOn = () => rounds-- > 0 && ctx.now().getTime() - started <= ENOUGH_MS;
  while (lacking.length > 0 && goOn()) {
    const made = await vectorsOf(ctx, embedder, lacking);
    const ids = lacking.map(({ id }) => id);
    const vectors = lacking.map(({ content_hash: hash }) => made.vectors.get(hash) ?? null);
    const [{ rows }, next] = await tenantBatch(ctx, (db) => [
      stageVectors(db, piece, ids, vectors, embedder.segmentThreshold, made.tokens),
      chunksWithoutVector(db, piece, BATCH),
    ]);
    if (rows[0]?.staged == null) return "nothing to do";
    sum.staged += rows[0].staged;
    sum.embedded += made.vectors.size;
    sum.tokens += made.tokens;
    lacking = next.rows;
  }
  ctx.log.add(sum);
  const taught = lacking.length === 0 ? await embedTaught(ctx, piece, embedder, goOn) : "more";
  if (taught === "over") return "nothing to do";
  const [{ rows }, [next]] = await tenantBatch(ctx, (db) => [
    flip(db, piece, taught === "done"),
    endPiece(db, piece),
    audit(db, {
      ...auditOf(ctx),
      action: "models.embedding_changed",
      target: { type: "org", id: piece.orgId },
      detail: { model: embedder.model },
      result: "ok",
      when: isTurned(piece.orgId),
    }),
  ]);
  if (next) await enqueuePiece(ctx, { ...piece, piece: next.piece });
  return rows[0]?.flipped ? "changed" : "went on";
}

/** Equal texts are embedded once; what the organization has a vector of already is not sent. */
async function vectorsOf(ctx: Ctx, embedder: Embedder, lacking: readonly Lacking[]) {
  const texts = new Map<string, string>();
  for (const { content_hash: hash, heading, content } of lacking) {
    if (content !== null) texts.set(hash, embeddingText(heading, content));
  }
  const asked = [...texts.values()];
  const made = asked.length > 0 ? await ctx.log.step("embed", () => embedder.embed(asked, ctx.signal)) : [];
  return {
    vectors: new Map([...texts.keys()].map((hash, at) => [hash, vectorText(made[at] ?? [])])),
    tokens: asked.reduce((sum, text) => sum + estimateTokens(text), 0),
  };
}

async function remove(ctx: Ctx, piece: Piece): Promise<Outcome> {
  const [{ rows }, [next]] = await tenantBatch(ctx, (db) => [
    removeOthers(db, piece, REMOVED_AT_ONCE),
    endPiece(db, piece),
  ]);
  const removed = rows[0]?.removed ?? 0;
  ctx.log.add({ removed });
  if (next) await enqueuePiece(ctx, { ...piece, piece: next.piece });
  return next ? "went on" : "done";
}
