/** What a turn does for one document: a small one is read whole, a large one in pieces. */
import type { Ctx } from "../../context.ts";
import { type AppError, toAppError } from "../../errors.ts";
import { tenantBatch } from "../../infra/db/tenant.ts";
import type { Span } from "../../infra/trace/port.ts";
import { failureFields, lineLog } from "../../log.ts";
import { embedDrafts } from "./embed-drafts.ts";
import {
  type Claimed,
  EMBED_HERE,
  MAX_ATTEMPTS,
  readDocument,
  refuseToTryForEver,
} from "./extract-document.ts";
import { giveUp } from "./give-up.ts";
import { publish } from "./publish.ts";
import type { DocumentVersion } from "./sql.ts";
import { passOn, postponeDocument } from "./turn-sql.ts";

/** Drafts of a large document that are embedded in one turn. */
const PIECE = 500;
const FIRST_DELAY_SECONDS = 30;
const LONGEST_DELAY_SECONDS = 600;

export type Piece = DocumentVersion & Claimed & { status: string; chunks: number | null };

/**
 * Works on a document that the turn has claimed; what fails is noted at it. Writes a log line of its own.
 * @throws AppError `session_revoked` | `database_unavailable`: then nothing could be noted, and its lease runs out
 */
export const readPiece = (ctx: Ctx, piece: Piece): Promise<void> =>
  ctx.trace.run("bulk.document", {}, (span) => readWithin(ctx, piece, span));

async function readWithin(ctx: Ctx, piece: Piece, { set, fail }: Span): Promise<void> {
  const { orgId, id, version } = piece;
  const document = { orgId, id, version };
  const log = lineLog(
    { request_id: ctx.requestId, org: orgId, job: "bulk.document", document: id, version },
    { ...ctx.trace, set, fail },
  );
  const own: Ctx = { ...ctx, log };
  try {
    log.add({ outcome: await read(own, document, piece) });
    log.write("info");
  } catch (thrown) {
    const error = toAppError(thrown);
    log.add(failureFields(error));
    try {
      log.add({ outcome: await note(own, document, piece, error) });
    } finally {
      log.write("warn");
    }
  }
}

async function read(ctx: Ctx, document: DocumentVersion, piece: Piece): Promise<string> {
  refuseToTryForEver(piece.attempt);
  let chunks = piece.chunks ?? 0;
  if (piece.status === "extracting") {
    const drafts = await readDocument(ctx, document, piece);
    if (drafts === null) return "nothing to do";
    chunks = drafts;
    if (drafts > EMBED_HERE) {
      await tenantBatch(ctx, (db) => [passOn(db, document, true)]);
      return "extracted; embedding follows";
    }
  }
  const embedded = await embedDrafts(ctx, document, 0, chunks, PIECE);
  if (await publish(ctx, document, embedded)) return "published";
  await tenantBatch(ctx, (db) => [passOn(db, document, embedded.count > 0)]);
  return "embedded; more follows";
}

/** Later, with the reason visible meanwhile; or failed, when it will not pass or has not passed for long. */
async function note(ctx: Ctx, document: DocumentVersion, { attempt }: Piece, error: AppError) {
  if (error.code === "session_revoked" || error.code === "database_unavailable") throw error;
  if (!error.retryable || attempt >= MAX_ATTEMPTS) {
    await giveUp(ctx, document, error);
    return "failed";
  }
  const seconds = delayOf(attempt, error.retryAfter);
  const { code, message: detail } = error;
  await tenantBatch(ctx, (db) => [postponeDocument(db, document, { code, detail, seconds })]);
  return `again in ${seconds} s`;
}

/** 30, 60, 120 … seconds, give or take a quarter, and no sooner than whoever failed asks for. */
function delayOf(attempt: number, retryAfter = 0): number {
  const backoff = FIRST_DELAY_SECONDS * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
  return Math.round(Math.min(LONGEST_DELAY_SECONDS, Math.max(backoff, retryAfter)));
}
