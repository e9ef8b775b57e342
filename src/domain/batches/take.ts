/** Takes in one entry of a batch. */
import type { Ctx } from "../../context.ts";
import { AppError, type ErrorCode, toAppError } from "../../errors.ts";
import { failureFields } from "../../log.ts";
import { upload } from "../documents/upload.ts";
import { sha256, toHex } from "../sha256.ts";
import { addPage } from "../sources/add.ts";
import type { Entry, LineResult } from "./entry.ts";
import { type Before, compare } from "./recorded.ts";

/** Nothing more can be taken in after these, whatever the line. */
const FATAL: readonly ErrorCode[] = [
  "cut_off",
  "session_revoked",
  "database_unavailable",
  "storage_unavailable",
];

export type Taken = { result: LineResult; fingerprint: string };

/** @throws AppError what ends the whole batch; everything else is the line's own failure */
export async function take(ctx: Ctx, batchId: string, entry: Entry, maxFileBytes: number): Promise<Taken> {
  const { line, name, externalId, given } = entry;
  const result = { line, name, external_id: externalId, source_id: null, failure: null };
  // The request has one line in the log, and thousands of documents.
  const quiet: Ctx = { ...ctx, log: { ...ctx.log, add: () => undefined } };
  let fingerprint = entry.fingerprint;
  try {
    if (given.kind === "refused") throw given.error;
    if (given.kind === "address") {
      const { url, labels } = given;
      const { source, outcome } = await addPage(quiet, { url, labels, batchId, lane: "ingest-bulk" });
      fingerprint ??= await sha256(url);
      return {
        result: { ...result, outcome, document_id: source.document_id, source_id: source.id },
        fingerprint,
      };
    }
    const body = given.kind === "bytes" ? streamOf(given.bytes) : given.body;
    const stored = await ctx.ports.files.store(ctx.actor.orgId, body, maxFileBytes);
    fingerprint ??= await fileFingerprint(name, stored.sha256);
    const { document, outcome } = await upload(quiet, stored, given.labels, { lane: "ingest-bulk", batchId });
    return { result: { ...result, outcome, document_id: document.id }, fingerprint };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (FATAL.includes(error.code)) throw error;
    if (error.code === "internal") ctx.log.add({ ...failureFields(error), line });
    fingerprint ??= await sha256(`refused ${name}`);
    return { result: { ...result, ...refusal(error) }, fingerprint };
  }
}

/** The same file of an archive has the same fingerprint, however it was packed. */
export const fileFingerprint = (name: string | null, contentSha256: string): Promise<string> =>
  sha256(`${name}\n${contentSha256}`);

export const refusal = (error: AppError): Pick<LineResult, "outcome" | "document_id" | "failure"> => ({
  outcome: "refused",
  document_id: null,
  failure: { code: error.code, detail: error.message },
});

/**
 * What was done with this line before.
 * @throws AppError `idempotency_conflict` when it is not the same line
 */
export async function replay(entry: Entry, before: Before): Promise<LineResult> {
  // Of a file that was refused while it came, nothing is known but its name.
  if (before.result.outcome === "refused" && entry.fingerprint === null) {
    if (entry.name !== before.result.name) compare(entry, "", before);
    return before.result;
  }
  compare(entry, entry.fingerprint ?? (await readFingerprint(entry)), before);
  return before.result;
}

async function readFingerprint({ name, given }: Entry): Promise<string> {
  if (given.kind !== "stream") throw new AppError("internal");
  const digest = new crypto.DigestStream("SHA-256");
  await given.body.pipeTo(digest);
  return fileFingerprint(name, toHex(await digest.digest));
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (bytes.byteLength > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}
