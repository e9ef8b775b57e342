/** Reads a document of any supported format into canonical text. */
import { AppError } from "../../../errors.ts";
import { atOnce, type Incoming, whole } from "./incoming.ts";
import type { Extracted, Format } from "./types.ts";

/** A text is held a few times over while it is cut and indexed, and an isolate has 128 MB. */
const MAX_TEXT_BYTES = 24 * 1024 * 1024;

/** Formats whose files say little about the length of their text; their readers count it. */
const PACKED = new Set<Format>(["pdf", "docx", "pptx", "xlsx", "epub"]);

/**
 * Reads a document.
 * @param file whole or on its way; do not use it afterwards
 * @param name as uploaded; used in messages only
 * @throws AppError `broken_document` | `encrypted_document` | `needs_ocr` | `document_too_complex` | `empty_document`,
 *   with a sentence that tells the person what to do; `storage_unavailable` when the file breaks off
 */
export async function extract(format: Format, file: Uint8Array | Incoming, name: string): Promise<Extracted> {
  const size = file instanceof Uint8Array ? file.length : file.size;
  if (!PACKED.has(format) && size > MAX_TEXT_BYTES) {
    throw new AppError("document_too_complex", {
      detail: `A file of text may have ${MAX_TEXT_BYTES / 1024 / 1024} MB; split this one into parts.`,
    });
  }
  const extracted = await read(format, file);
  if (!/[\p{L}\p{N}]/u.test(extracted.text)) {
    throw new AppError("empty_document", { detail: `There are no words in “${name}”.` });
  }
  return extracted;
}

/** Each reader is loaded with its first document: PDF's engine is larger than everything else together. */
async function read(format: Format, file: Uint8Array | Incoming): Promise<Extracted> {
  if (format === "pdf") {
    return (await import("./pdf.ts")).extractPdf(file instanceof Uint8Array ? atOnce(file) : file);
  }
  const bytes = file instanceof Uint8Array ? file : await whole(file);
  switch (format) {
    case "docx":
      return (await import("./docx.ts")).extractDocx(bytes);
    case "pptx":
      return (await import("./pptx.ts")).extractPptx(bytes);
    case "xlsx":
      return (await import("./xlsx.ts")).extractXlsx(bytes);
    case "epub":
      return (await import("./epub.ts")).extractEpub(bytes);
    case "email":
      return (await import("./email.ts")).extractEmail(bytes, extract);
    case "json":
      return (await import("./json.ts")).extractJson(bytes);
    case "html":
      return (await import("./html.ts")).extractHtml(bytes);
    case "feed":
      return (await import("./feed.ts")).extractFeed(bytes);
    case "csv":
      return (await import("./csv.ts")).extractCsv(bytes);
    case "markdown":
      return (await import("./plain.ts")).extractMarkdown(bytes);
    case "text":
      return (await import("./plain.ts")).extractText(bytes);
  }
}
