/** The data of one file of a zip while it streams past: unpacked, checked, or passed over to where the next one begins. */
import { crc32, createInflateRaw } from "node:zlib";
import { AppError } from "../../errors.ts";
import type { ByteReader } from "./byte-reader.ts";
import { brokenArchive, cutOff, descriptorAt, type LocalHeader, type Tally } from "./zip-header.ts";

/** Bytes looked at together. */
const SLICE = 64 * 1024;
/** Bytes unpacked together: deflate makes at most a thousand of one. */
const PACKED_SLICE = 4 * 1024;
const DESCRIPTOR = 24;
/** Beyond this many bytes, more than `RATIO` of one is no document. */
const RATIO_FROM = 4 * 1024 * 1024;
const RATIO = 250;
/** Bytes unpacked for nothing but finding out where a refused file ends. */
const MAX_WASTE = 256 * 1024 * 1024;

export type ZipData = {
  /** The unpacked bytes in pieces, then null. @throws AppError `document_too_complex` | `broken_document` | `cut_off` */
  next(): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Passes over what is left. @throws AppError `broken_document` when nobody can tell where the next file begins */
  pass(): Promise<void>;
};

type Source = AsyncGenerator<Uint8Array<ArrayBuffer>>;

export function zipData(reader: ByteReader, header: LocalHeader): ZipData {
  const tally: Tally = { packed: 0, size: 0, crc: 0 };
  let state: "open" | "ended" | "failed" = "open";
  const source = !isReadable(header)
    ? undefined
    : header.method === 8
      ? inflated(reader, header, tally)
      : header.packed === null
        ? scanned(reader, tally, true)
        : copied(reader, header.packed, tally);

  const next = async (from: Source, guarded: boolean) => {
    try {
      const { done, value } = await from.next();
      if (done) {
        await finish(reader, header, tally);
        state = "ended";
        return null;
      }
      tally.size += value.byteLength;
      tally.crc = crc32(value, tally.crc);
      if (guarded && tally.size > RATIO_FROM && tally.size > tally.packed * RATIO) throw bomb();
      return value;
    } catch (thrown) {
      if (!(thrown instanceof AppError && thrown.code === "document_too_complex")) state = "failed";
      throw thrown;
    }
  };

  const passPacked = async (packed: number) => {
    while (tally.packed < packed) {
      const piece = await reader.piece(Math.min(SLICE, packed - tally.packed));
      if (!piece) throw cutOff();
      tally.packed += piece.byteLength;
    }
    if (!header.described) return;
    const after = await reader.peek(DESCRIPTOR);
    reader.skip(descriptorAt(after, tally, { signed: false, crc: false }));
  };

  return {
    async next() {
      if (!source) throw new AppError("internal");
      return state === "ended" ? null : next(source, true);
    },
    async pass() {
      if (state === "ended") return;
      if (header.packed !== null) {
        await source?.return(undefined);
        state = "ended";
        return passPacked(header.packed);
      }
      if (state === "failed") throw brokenArchive();
      const rest = source ?? scanned(reader, tally, false);
      const from = tally.size;
      while ((await next(rest, false)) !== null) if (tally.size - from > MAX_WASTE) throw bomb();
    },
  };
}

const isReadable = ({ encrypted, method }: LocalHeader) => !encrypted && (method === 0 || method === 8);

const bomb = () =>
  new AppError("document_too_complex", { detail: "The file unpacks to far more than a document needs." });

/** The end of the data: does it agree with what the archive says about it? */
async function finish(reader: ByteReader, header: LocalHeader, tally: Tally): Promise<void> {
  const checked = isReadable(header);
  const scanned = header.packed === null && !(checked && header.method === 8);
  if (header.described && !scanned) {
    const size = descriptorAt(await reader.peek(DESCRIPTOR), tally, { signed: false, crc: checked });
    if (size === 0) throw (await reader.peek(DESCRIPTOR)).byteLength < 12 ? cutOff() : brokenArchive();
    reader.skip(size);
  }
  if (!checked) return;
  if (header.crc !== null && header.crc !== tally.crc) throw brokenArchive();
  if (header.size !== null && header.size !== tally.size && !header.described) throw brokenArchive();
}

/** Data that is stored as it is. */
async function* copied(reader: ByteReader, packed: number, tally: Tally): Source {
  while (tally.packed < packed) {
    const piece = await reader.piece(Math.min(SLICE, packed - tally.packed));
    if (!piece) throw cutOff();
    tally.packed += piece.byteLength;
    yield piece;
  }
}

/** Data whose end only the record behind it tells: found by its signature, believed when its figures are right. */
async function* scanned(reader: ByteReader, tally: Tally, crc: boolean): Source {
  for (;;) {
    const window = await reader.peek(SLICE + DESCRIPTOR);
    const at = indexOfDescriptor(window);
    if (at === 0) {
      const size = descriptorAt(window.subarray(0, DESCRIPTOR), tally, { signed: true, crc });
      reader.skip(size);
      if (size > 0) return;
    }
    // A signature that is none, everything before the next one, or all but what may be the beginning of one.
    const sure = at === 0 ? 4 : at > 0 ? at : window.byteLength - 3;
    if (sure <= 0) throw cutOff();
    const piece = window.slice(0, sure);
    reader.skip(sure);
    tally.packed += sure;
    yield piece;
  }
}

function indexOfDescriptor(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(0x50); at >= 0; at = bytes.indexOf(0x50, at + 1)) {
    if (bytes[at + 1] === 0x4b && bytes[at + 2] === 7 && bytes[at + 3] === 8) return at;
  }
  return -1;
}

/** zlib says exactly how many bytes it took: where the data ends needs no guess, also when no header says. */
async function* inflated(reader: ByteReader, { packed }: LocalHeader, tally: Tally): Source {
  const inflate = createInflateRaw();
  // Read by the loop below; without a listener a late error would be nobody's.
  inflate.on("error", () => undefined);
  const abandoned = Promise.withResolvers<"abandoned">();
  const feed = async () => {
    for (;;) {
      const most = packed === null ? PACKED_SLICE : Math.min(PACKED_SLICE, packed - tally.packed);
      const piece = most > 0 ? await reader.piece(most) : null;
      if (!piece && most > 0) throw cutOff();
      if (!piece) return void inflate.end();
      tally.packed += piece.byteLength;
      const written = new Promise<void>((resolve, reject) => {
        inflate.write(piece, (error) => (error ? reject(error) : resolve()));
      });
      // A stream that is destroyed answers no write.
      if ((await Promise.race([written, abandoned.promise])) === "abandoned") return;
      const surplus = tally.packed - inflate.bytesWritten;
      if (surplus === 0) continue;
      reader.giveBack(piece.subarray(piece.byteLength - surplus));
      tally.packed -= surplus;
      return void inflate.end();
    }
  };
  const feeding = feed().catch((cause: unknown) =>
    inflate.destroy(cause instanceof Error ? cause : undefined),
  );
  try {
    for await (const chunk of inflate) yield chunk as Uint8Array<ArrayBuffer>;
    await feeding;
  } catch (cause) {
    throw cause instanceof AppError ? cause : brokenArchive(cause);
  } finally {
    abandoned.resolve("abandoned");
    inflate.destroy();
    await feeding;
  }
  if (packed !== null && tally.packed !== packed) throw brokenArchive();
}
