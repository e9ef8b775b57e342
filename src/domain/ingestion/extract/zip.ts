/** Reads parts of a zip container by its central directory, which also tells what would be too large. */
import { inflateRawSync } from "node:zlib";
import { AppError } from "../../../errors.ts";

type Entry = { method: number; flags: number; packed: number; size: number; offset: number };

export type Zip = { bytes: Uint8Array; entries: Map<string, Entry> };

/** No part larger than this is unpacked. Bytes. */
const MAX_PART = 32 * 1024 * 1024;
const MAX_ENTRIES = 20_000;

const broken = (cause?: unknown) =>
  new AppError("broken_document", {
    detail: "The file is damaged or incomplete; save it again from the program that made it.",
    cause,
  });

/** @throws AppError `broken_document` when there is no central directory */
export function openZip(bytes: Uint8Array): Zip {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  const floor = Math.max(0, end - 65_535);
  while (end >= floor && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < floor || end < 0) throw broken();
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count > MAX_ENTRIES || at === 0xffffffff) throw broken();
  const entries = new Map<string, Entry>();
  const decoder = new TextDecoder();
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw broken();
    const nameLength = view.getUint16(at + 28, true);
    const name = decoder.decode(bytes.subarray(at + 46, at + 46 + nameLength)).replace(/^\//, "");
    entries.set(name, {
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return { bytes, entries };
}

/**
 * The bytes of a part, or null when there is none of that name.
 * @throws AppError `document_too_complex` past 32 MiB, `encrypted_document`, `broken_document`
 */
export function readPart(zip: Zip, name: string): Uint8Array | null {
  if ((zip.entries.get(name)?.size ?? 0) > MAX_PART) throw tooLarge();
  const part = packedPart(zip, name);
  if (!part) return null;
  return part.method === 0 ? part.packed : inflate(part.packed, part.size);
}

/**
 * A part as it is stored (`method` 0) or deflated (8); `size` is what it claims to unpack to, in bytes.
 * @throws AppError `encrypted_document` | `broken_document`
 */
export function packedPart(
  zip: Zip,
  name: string,
): { packed: Uint8Array; method: 0 | 8; size: number } | null {
  const entry = zip.entries.get(name);
  if (!entry) return null;
  if (entry.flags & 1) {
    throw new AppError("encrypted_document", {
      detail: "The file asks for a password; upload a copy without one.",
    });
  }
  const { bytes } = zip;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.offset + 30 > bytes.length || view.getUint32(entry.offset, true) !== 0x04034b50) throw broken();
  const start =
    entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  const packed = bytes.subarray(start, start + entry.packed);
  if (packed.length < entry.packed || (entry.method !== 0 && entry.method !== 8)) throw broken();
  return { packed, method: entry.method, size: entry.size };
}

function inflate(packed: Uint8Array, size: number): Uint8Array {
  let unpacked: Uint8Array;
  try {
    // workerd fails at some sizes when the limit is tight (docs/decisions.md); the length is checked below instead.
    unpacked = inflateRawSync(packed, { maxOutputLength: 2 * size + 64 * 1024 });
  } catch (error) {
    throw broken(error);
  }
  if (unpacked.length !== size) throw unpacked.length > size ? tooLarge() : broken();
  return unpacked;
}

function tooLarge(): AppError {
  return new AppError("document_too_complex", {
    detail: "The file unpacks to far more than a document needs; save it again, or split it into parts.",
  });
}
