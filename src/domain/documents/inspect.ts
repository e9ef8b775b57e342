/** Reads a file without keeping it: what it would become, and what that would cost. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { estimateTokens } from "../../text/tokens.ts";
import { chunk } from "../ingestion/chunk.ts";
import { contentHash } from "../ingestion/content-hash.ts";
import { embeddedAlready, modelInUse } from "../ingestion/draft-sql.ts";
import { SUPPORTED } from "../ingestion/extract/detect.ts";
import { extract } from "../ingestion/extract/extract.ts";
import { sha256 } from "../sha256.ts";
import { formatOf } from "./format.ts";
import { findBySha256 } from "./sql.ts";

export type Inspection = {
  name: string;
  format: string;
  content_type: string;
  bytes: number;
  sha256: string;
  /** The document that has these bytes already. */
  duplicate_of: { id: string; name: string; status: string } | null;
  title: string | null;
  /** Null for a format without pages. */
  pages: number | null;
  characters: number;
  chunks: number;
  /** Estimated, within 8 % of cl100k (facts/parsing.md). */
  tokens: number;
  /** What would still have to be embedded. */
  embedding: { model: string; chunks: number; tokens: number };
};

/**
 * @param bytes the whole file; do not use it afterwards
 * @throws AppError what an upload of it would fail with, sooner or later: `unsupported_type` | `broken_document` | …
 */
export async function inspect(ctx: Ctx, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Inspection> {
  const { orgId } = ctx.actor;
  const size = bytes.byteLength;
  const hash = await sha256(bytes);
  const format = formatOf(bytes.subarray(0, 64 * 1024), name);
  const text = await ctx.log.step("extract", () => extract(format, bytes, name));
  const pieces = await ctx.log.step("chunk", async () =>
    chunk(text).map((piece) => ({ hash: contentHash(piece), tokens: estimateTokens(piece.text) })),
  );
  if (pieces.length === 0) throw new AppError("empty_document");
  const guess = ctx.ports.embedders.guess(orgId);
  const distinct = new Map(pieces.map((piece) => [piece.hash, piece]));
  const [[same], known, [inUse]] = await tenantBatch(ctx, (db) => [
    findBySha256(db, orgId, hash),
    embeddedAlready(db, orgId, guess, [...distinct.keys()]),
    modelInUse(db, orgId),
  ]);
  const model = inUse?.model ?? guess;
  for (const passage of known) distinct.delete(passage.hash);
  const sum = (all: Iterable<{ tokens: number }>) => {
    let total = 0;
    for (const { tokens } of all) total += tokens;
    return total;
  };
  return {
    name,
    format,
    content_type: SUPPORTED[format].mime,
    bytes: size,
    sha256: hash,
    duplicate_of: same ? { id: same.id, name: same.name, status: same.status } : null,
    title: text.title,
    pages: text.pages.length || null,
    characters: text.text.length,
    chunks: pieces.length,
    tokens: sum(pieces),
    embedding: { model, chunks: distinct.size, tokens: sum(distinct.values()) },
  };
}
