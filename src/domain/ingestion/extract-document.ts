/** First step of ingestion: bytes to canonical text to drafts. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import { originalKey, originalPath, textKey } from "../../infra/files/port.ts";
import { estimateTokens } from "../../text/tokens.ts";
import { languageOfPassage } from "../../text/words.ts";
import { formatOf } from "../documents/format.ts";
import { fileRemoved } from "../files/sql.ts";
import { indexTerms } from "../retrieval/lexicon.ts";
import { type Chunk, chunk } from "./chunk.ts";
import { contentHash } from "./content-hash.ts";
import { type Draft, insertDrafts, trimDrafts } from "./draft-sql.ts";
import { embedDrafts } from "./embed-drafts.ts";
import { enqueueEmbed } from "./enqueue.ts";
import { extract } from "./extract/extract.ts";
import { peek } from "./extract/incoming.ts";
import { publish } from "./publish.ts";
import { claim, type DocumentVersion, type Extent, extracted, isKept, renewLease, state } from "./sql.ts";

/** Drafts a statement: about 5 KB each, far below the 8 MB a request may have. */
const DRAFTS_PER_STATEMENT = 200;

/** Up to this many drafts are embedded in the same message; more are fanned out. */
export const EMBED_HERE = 300;

/** A document that takes more claims than this kills its consumer; it must not do so forever. */
export const MAX_ATTEMPTS = 6;

export type Outcome = "done" | "nothing to do" | "busy";

/**
 * Reads one version of a document. Run twice, it does nothing the second time.
 * @returns `busy` when another consumer holds the document: come back later
 * @throws AppError of the extractor, the embedder or the database; queue/consume.ts decides what follows
 */
export async function extractDocument(ctx: Ctx, document: DocumentVersion): Promise<Outcome> {
  const [[claimed], [current]] = await tenantBatch(ctx, (db) => [claim(db, document), state(db, document)]);
  if (!claimed)
    return current && current.status !== "ready" && current.status !== "failed" ? "busy" : "nothing to do";
  const drafts = await readDocument(ctx, document, claimed);
  if (drafts === null) return "nothing to do";
  if (drafts > EMBED_HERE) {
    await enqueueEmbed(ctx, document, drafts);
    return "done";
  }
  await publish(ctx, document, await embedDrafts(ctx, document, 0, drafts));
  return "done";
}

/** What whoever claims a document learns of it. */
export type Claimed = { name: string; sha256: string; bytes: number; attempt: number };

/**
 * Makes the drafts of a document that the caller has claimed.
 * @returns how many; null when the version ended meanwhile
 * @throws AppError of the extractor, the storage or the database; `ingestion_timeout` after too many claims
 */
export async function readDocument(
  ctx: Ctx,
  document: DocumentVersion,
  claimed: Claimed,
): Promise<number | null> {
  ctx.log.add({ attempt: claimed.attempt, bytes: claimed.bytes });
  refuseToTryForEver(claimed.attempt);
  const text = await ctx.log.step("extract", () => readText(ctx, document, claimed));
  const pieces = await ctx.log.step("chunk", async () => chunk(text));
  if (pieces.length === 0) throw new AppError("empty_document");
  await ctx.ports.files.put(
    textKey(document.orgId, document.id, document.version),
    new TextEncoder().encode(text.text),
  );
  const extent = {
    title: text.title,
    pages: text.pages.length || null,
    characters: text.text.length,
    chunks: pieces.length,
  };
  const title = text.title ?? claimed.name.replace(/\.[a-z0-9]{1,8}$/i, "");
  if (!(await saveDrafts(ctx, document, title, pieces, extent))) return forget(ctx, document);
  ctx.log.add({ pages: extent.pages, characters: extent.characters, chunks: extent.chunks });
  return pieces.length;
}

/** @throws AppError `ingestion_timeout` after too many claims */
export function refuseToTryForEver(attempt: number): void {
  if (attempt <= MAX_ATTEMPTS) return;
  throw new AppError("ingestion_timeout", {
    detail: `Reading this document was given up after ${MAX_ATTEMPTS} tries.`,
  });
}

async function readText(
  ctx: Ctx,
  document: DocumentVersion,
  claimed: { name: string; sha256: string; attempt: number },
) {
  const stored = await ctx.ports.files.open(originalKey(document.orgId, claimed.sha256));
  if (!stored) throw await missing(ctx, claimed);
  const { head, file } = await peek(stored, 64 * 1024);
  return extract(formatOf(head, claimed.name), file, claimed.name);
}

/** Its uploader may be about to store it again, after another document with the same bytes was deleted (files/keep.ts). */
async function missing(ctx: Ctx, { sha256, attempt }: { sha256: string; attempt: number }) {
  const [{ rows }] = await tenantBatch(ctx, (db) => [fileRemoved(db, originalPath(sha256))]);
  const soon = rows[0]?.removed != null && attempt < 3;
  return new AppError(soon ? "storage_unavailable" : "file_missing");
}

function drafter(orgId: string, title: string, pieces: readonly Chunk[]): (piece: Chunk) => Draft {
  const firsts = new Map<string, number>();
  const language = languageOfPassage(pieces.map(({ text }) => text.slice(0, 200)).join("\n"));
  return (piece) => {
    const hash = contentHash(piece);
    const first = firsts.get(hash);
    if (first === undefined) firsts.set(hash, piece.ordinal);
    return {
      ordinal: piece.ordinal,
      start_offset: piece.start,
      end_offset: piece.end,
      page: piece.page,
      heading: piece.heading,
      content: piece.text,
      content_hash: hash,
      same_as: first ?? null,
      tokens: estimateTokens(piece.text),
      ...indexTerms(orgId, { title: [title, ...piece.heading].join(" "), content: piece.text, language }),
    };
  };
}

/**
 * A statement's worth of drafts at a time, since those of a book are too much to hold; the last ones take along that
 * extraction is done.
 * @returns false when the document was deleted, replaced or cancelled meanwhile
 */
async function saveDrafts(
  ctx: Ctx,
  document: DocumentVersion,
  title: string,
  pieces: readonly Chunk[],
  extent: Omit<Extent, "tokens">,
): Promise<boolean> {
  const draftOf = drafter(document.orgId, title, pieces);
  let tokens = 0;
  for (let from = 0; from < pieces.length; from += DRAFTS_PER_STATEMENT) {
    const to = from + DRAFTS_PER_STATEMENT;
    const drafts = await ctx.log.step("analyze", async () => pieces.slice(from, to).map(draftOf));
    for (const draft of drafts) tokens += draft.tokens;
    const [[mine]] = await ctx.log.step("drafts", () =>
      tenantBatch(ctx, (db) => [
        renewLease(db, document),
        insertDrafts(db, document, drafts),
        ...(from === 0 ? [trimDrafts(db, document, pieces.length)] : []),
        ...(to >= pieces.length ? [extracted(db, document, { ...extent, tokens }, ctx.log.steps())] : []),
      ]),
    );
    if (!mine) return false;
  }
  return true;
}

/** The version ended while we read it: the text we stored goes too, unless another consumer brought it to an end. */
async function forget(ctx: Ctx, document: DocumentVersion): Promise<null> {
  const [[kept]] = await tenantBatch(ctx, (db) => [isKept(db, document)]);
  if (!kept) await ctx.ports.files.remove([textKey(document.orgId, document.id, document.version)]);
  return null;
}
