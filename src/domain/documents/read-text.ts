/** A stretch of a document's text, for readers who cannot take all of it at once. */
import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { download } from "./download.ts";

export const ReadInput = z.object({
  /** UTF-16, as citations count. */
  start: z.int().min(0).default(0),
  length: z.int().min(1).max(1_000_000).default(20_000),
});
export type ReadInput = z.infer<typeof ReadInput>;

export type Stretch = {
  text: string;
  start: number;
  end: number;
  /** There is text behind `end`. */
  more: boolean;
};

/**
 * Of the version that answers.
 * @throws AppError `not_found` | `not_ready` when no version answers yet | `file_missing`
 */
export async function readText(ctx: Ctx, id: string, { start, length }: ReadInput): Promise<Stretch> {
  const { body } = await download(ctx, id, { format: "text" });
  let from = 0;
  let text = "";
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const skip = Math.max(0, start - from);
    from += piece.length;
    text += piece.slice(skip, skip + length + 1 - text.length);
    // Leaving the loop ends the download.
    if (text.length > length) break;
  }
  const more = text.length > length;
  // Half a character is none.
  const kept = text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
  return { text: kept, start, end: start + kept.length, more };
}
