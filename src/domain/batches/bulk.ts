/** Takes in many documents: opens the batch, reads what is sent, and gives a result for each line. */
import type { Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { LineResult } from "./entry.ts";
import { type BulkDefaults, linesOf } from "./line.ts";
import { type OpenBatch, open } from "./open.ts";
import { takeIn } from "./take-in.ts";
import { filesOf } from "./zip-files.ts";

export type Format = "ndjson" | "zip";

export type BulkInput = {
  format: Format;
  body: ReadableStream<Uint8Array>;
  /** What holds where a line says nothing. */
  defaults: BulkDefaults;
  /** Of a zip: a file's path is its external id. */
  pathIsId: boolean;
  /** The same key goes on with the same batch. */
  idempotencyKey: string | null;
  /** Of a file in a zip. */
  maxFileBytes: number;
};

/**
 * Nothing is read before the first result is asked for.
 * @throws AppError `idempotency_conflict` | `invalid_request`
 */
export async function bulk(
  ctx: Ctx,
  { format, body, defaults, pathIsId, idempotencyKey, maxFileBytes }: BulkInput,
): Promise<{ batch: OpenBatch; results: AsyncGenerator<LineResult> }> {
  if (pathIsId && format !== "zip") {
    throw new AppError("invalid_request", { detail: "external_id: only the files of a zip have a path." });
  }
  const batch = await open(ctx, format, idempotencyKey);
  const entries = format === "zip" ? filesOf(body, { defaults, pathIsId }) : linesOf(body, defaults);
  return { batch, results: takeIn(ctx, batch, entries, maxFileBytes) };
}
