/** Gives taught answers their vectors of the model that an organization moves to, once its chunks have theirs. */
import type { Ctx } from "../../context.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { vectorText } from "../../infra/db/vector.ts";
import type { Embedder } from "../../infra/embedder/port.ts";
import { estimateTokens } from "../../text/tokens.ts";
import { phrasesWithoutVector, stagePhrases } from "./phrase-sql.ts";
import type { Piece } from "./sql.ts";

/** Phrases a round: one call to the model, one transaction. */
const BATCH = 100;

/**
 * @param goOn asked before each round
 * @returns whether none lacks its vector; `over` when the change has ended meanwhile
 * @throws AppError of the embedder
 */
export async function embedTaught(
  ctx: Ctx,
  piece: Piece,
  embedder: Embedder,
  goOn: () => boolean,
): Promise<"done" | "more" | "over"> {
  let [{ rows: lacking }] = await tenantBatch(ctx, (db) => [phrasesWithoutVector(db, piece, BATCH)]);
  while (lacking.length > 0) {
    if (!goOn()) return "more";
    const texts = lacking.map(({ text }) => text);
    const made = await ctx.log.step("embed", () => embedder.embed(texts, ctx.signal));
    const phrases = lacking.map((phrase, at) => ({ ...phrase, vector: vectorText(made[at] ?? []) }));
    const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
    const [{ rows }, next] = await tenantBatch(ctx, (db) => [
      stagePhrases(db, piece, phrases, tokens),
      phrasesWithoutVector(db, piece, BATCH),
    ]);
    if (!rows[0]?.staged) return "over";
    lacking = next.rows;
  }
  return "done";
}
