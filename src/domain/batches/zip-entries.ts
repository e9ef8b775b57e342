/** The files of a zip in the order in which they stand in it, without ever seeing the whole. */
import { AppError } from "../../errors.ts";
import { type ByteReader, byteReader } from "./byte-reader.ts";
import { type ZipData, zipData } from "./zip-data.ts";
import { brokenArchive, cutOff, type LocalHeader, readHeader, SIGNATURE } from "./zip-header.ts";

const MAX_ENTRIES = 10_000;
/** Bytes of central directory and comment that are read to see that the archive is whole. */
const MAX_DIRECTORY = 64 * 1024 * 1024;

/** `data` must be read, if at all, before the next entry is asked for. */
export type ZipEntry = { place: number; header: LocalHeader; data: ZipData };

/** @throws AppError `unsupported_type` | `broken_document` | `cut_off` | `too_large`; entries before that were good */
export async function* zipEntries(body: ReadableStream<Uint8Array>): AsyncGenerator<ZipEntry> {
  const reader = byteReader(body);
  try {
    for (let place = 1; ; place++) {
      const signature = await signatureAt(reader);
      if (signature !== SIGNATURE.file) {
        const begun = signature === SIGNATURE.directory || signature === SIGNATURE.end;
        if (place === 1 && !begun) throw new AppError("unsupported_type", { detail: "This is not a zip." });
        return await passDirectory(reader);
      }
      if (place > MAX_ENTRIES) {
        throw new AppError("too_large", { detail: `A zip may hold at most ${MAX_ENTRIES} files.` });
      }
      const header = await readHeader(reader);
      const data = zipData(reader, header);
      yield { place, header, data };
      await data.pass();
    }
  } finally {
    await reader.cancel();
  }
}

async function signatureAt(reader: ByteReader): Promise<number | undefined> {
  const bytes = await reader.peek(4);
  return bytes.byteLength < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** Walks over the directory to the record that ends it: an archive without one is not whole. */
async function passDirectory(reader: ByteReader): Promise<void> {
  for (let read = 0; read < MAX_DIRECTORY; ) {
    const head = await reader.peek(46);
    if (head.byteLength < 22) throw cutOff();
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const signature = view.getUint32(0, true);
    if (signature === SIGNATURE.end) {
      while (await reader.piece(64 * 1024));
      return;
    }
    const size = sizeOf(signature, view);
    if (size === undefined) throw brokenArchive();
    for (let left = size; left > 0; ) {
      const piece = await reader.piece(left);
      if (!piece) throw cutOff();
      left -= piece.byteLength;
    }
    read += size;
  }
  throw brokenArchive();
}

function sizeOf(signature: number, view: DataView): number | undefined {
  switch (signature) {
    case SIGNATURE.directory:
      if (view.byteLength < 46) return undefined;
      return 46 + view.getUint16(28, true) + view.getUint16(30, true) + view.getUint16(32, true);
    case SIGNATURE.end64:
      return 12 + Number(view.getBigUint64(4, true));
    case SIGNATURE.locator64:
      return 20;
    default:
      return undefined;
  }
}
