/** Empties a PDF's pictures where they lie: the engine copies every stream that a page names, and we only read text. */
import { Buffer } from "node:buffer";

const IMAGE = "/Image";
const SUBTYPE = /\/Subtype\s*$/;
/** A picture's dictionary has a few hundred bytes; one that goes on for longer stays as it is. */
const DICTIONARY = 2048;
/** Bytes below which emptying saves nothing. */
const WORTH = 4096;
/** Pictures looked at; a file of 49 MB has no more of them that are worth it. */
const MOST = 20_000;
/** What closes a stream (ISO 32000-1, 7.3.8), written where its data would begin. */
const END = "endstream\nendobj\n";

/** @param file the whole file; its length and the places of its objects stay */
export function emptyPictures(file: Uint8Array): void {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  let looked = 0;
  for (let at = bytes.indexOf(IMAGE); at >= 0 && looked < MOST; at = bytes.indexOf(IMAGE, at + 1)) {
    if (!SUBTYPE.test(bytes.toString("latin1", Math.max(0, at - 16), at))) continue;
    looked += 1;
    at = emptyOne(bytes, at) ?? at;
  }
}

/** @returns the end of the data that was emptied; null when there is none, or what it is cannot be told for sure */
function emptyOne(bytes: Buffer, at: number): number | null {
  const before = bytes.toString("latin1", Math.max(0, at - DICTIONARY), at);
  const opened = before.lastIndexOf(" obj");
  if (opened < 0) return null;
  const start = at - before.length + opened;
  const [head] = /^.*?>>\s*stream\r?\n/s.exec(bytes.toString("latin1", start, at + DICTIONARY)) ?? [];
  const length = /\/Length\s+(\d+(?:\s+\d+\s+R)?)/.exec(head ?? "");
  if (!head || !length?.[1] || head.includes("endobj")) return null;
  const data = start + head.length;
  const end = bytes.indexOf("endstream", data);
  if (end - data < WORTH) return null;
  const digits = start + length.index + length[0].length - length[1].length;
  bytes.write("0".padEnd(length[1].length), digits, "latin1");
  bytes.write(END, data, "latin1");
  return end;
}
