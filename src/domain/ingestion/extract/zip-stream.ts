/** Reads a large part of a zip piece by piece, so that neither it nor its text is ever whole in memory. */
import { AppError } from "../../../errors.ts";
import { packedPart, type Zip } from "./zip.ts";

/** Characters gathered before they are handed on. */
const PIECE = 256 * 1024;
/** One tag or one cell's text cannot be longer; a file that has one is not an office file. */
const MAX_TAG = 4 * 1024 * 1024;

/**
 * XML text of a part in pieces that end behind a tag.
 * @param limit bytes that may come out
 * @throws AppError `document_too_complex` past `limit`, whatever the directory claims; `broken_document`
 */
export async function* streamXml(zip: Zip, name: string, limit: number): AsyncGenerator<string> {
  const part = packedPart(zip, name);
  if (!part) return;
  if (part.size > limit) throw tooComplex();
  const source = new Blob([part.packed as Uint8Array<ArrayBuffer>]).stream();
  const stream = part.method === 0 ? source : source.pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let size = 0;
  let carry = "";
  try {
    while (true) {
      const { done, value } = await read(reader);
      if (done) break;
      size += value.length;
      if (size > limit) throw tooComplex();
      carry += decoder.decode(value, { stream: true });
      if (carry.length < PIECE) continue;
      const end = carry.lastIndexOf(">") + 1;
      if (end > 0) yield carry.slice(0, end);
      carry = carry.slice(end);
      if (carry.length > MAX_TAG) throw tooComplex();
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (carry !== "") yield carry;
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch (cause) {
    throw new AppError("broken_document", {
      detail: "The file is damaged or incomplete; save it again from the program that made it.",
      cause,
    });
  }
}

function tooComplex(): AppError {
  return new AppError("document_too_complex", {
    detail: "The file unpacks to far more than a document needs; split it into parts.",
  });
}
