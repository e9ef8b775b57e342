/** The header in front of each file of a zip (APPNOTE 6.3.10, 4.3.7), and the record that may follow its data (4.3.9). */
import { AppError } from "../../errors.ts";
import type { ByteReader } from "./byte-reader.ts";

export type LocalHeader = {
  path: string;
  method: number;
  encrypted: boolean;
  /** Bytes of data in the archive; null when only the record behind them says. */
  packed: number | null;
  /** Of the unpacked bytes; null when the record behind the data says. */
  crc: number | null;
  size: number | null;
  /** A record follows the data. */
  described: boolean;
};

/** What was counted while the data was read. */
export type Tally = { packed: number; size: number; crc: number };

export const SIGNATURE = {
  file: 0x04034b50,
  directory: 0x02014b50,
  descriptor: 0x08074b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  end: 0x06054b50,
} as const;

const UNKNOWN = 0xffffffff;
const FIXED = 30;

export const brokenArchive = (cause?: unknown) =>
  new AppError("broken_document", { detail: "The archive is damaged.", cause });

/** Sent again, it may be whole. */
export const cutOff = () => new AppError("cut_off", { detail: "The archive ends early." });

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Reads and takes the header that `reader` stands at. @throws AppError `cut_off` */
export async function readHeader(reader: ByteReader): Promise<LocalHeader> {
  const fixed = await reader.peek(FIXED);
  if (fixed.byteLength < FIXED) throw cutOff();
  const view = viewOf(fixed);
  const flags = view.getUint16(6, true);
  const nameLength = view.getUint16(26, true);
  const extraLength = view.getUint16(28, true);
  const given = {
    method: view.getUint16(8, true),
    crc: view.getUint32(14, true),
    packed: view.getUint32(18, true),
    size: view.getUint32(22, true),
  };
  const whole = await reader.peek(FIXED + nameLength + extraLength);
  if (whole.byteLength < FIXED + nameLength + extraLength) throw cutOff();
  const extra = fieldsOf(whole.subarray(FIXED + nameLength));
  const name = whole.slice(FIXED, FIXED + nameLength);
  reader.skip(whole.byteLength);
  const { packed, size } = large(given, extra.get(0x0001));
  const described = (flags & 8) !== 0;
  const said = !described || packed > 0;
  return {
    path: pathOf(name, (flags & 0x800) !== 0, extra.get(0x7075)),
    method: given.method,
    encrypted: (flags & 1) !== 0,
    packed: said ? packed : null,
    size: said ? size : null,
    crc: said && !(described && given.crc === 0) ? given.crc : null,
    described,
  };
}

function fieldsOf(extra: Uint8Array): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const length = view.getUint16(at + 2, true);
    fields.set(view.getUint16(at, true), extra.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

/** Sizes beyond four bytes stand in an extra field, the unpacked one first, each only if its own place is full. */
function large({ packed, size }: { packed: number; size: number }, field: Uint8Array | undefined) {
  const view = field && viewOf(field);
  let at = 0;
  const next = (small: number): number => {
    if (small !== UNKNOWN || !view || at + 8 > view.byteLength) return small;
    at += 8;
    return Number(view.getBigUint64(at - 8, true));
  };
  const unpacked = next(size);
  return { size: unpacked, packed: next(packed) };
}

/** The upper half of code page 437, which names are in that do not say UTF-8. */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** Many programs write UTF-8 without saying so; what is not UTF-8 is what the format was made for. */
function pathOf(name: Uint8Array, utf8: boolean, unicode: Uint8Array | undefined): string {
  const bytes = unicode && unicode.byteLength > 5 ? unicode.subarray(5) : name;
  if (utf8 || unicode) return new TextDecoder().decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80])).join(
      "",
    );
  }
}

/**
 * Bytes of the record at the start of `bytes` that says what was counted: with a signature or without, with sizes of four
 * or of eight bytes; 0 when there is none. @param crc false when it cannot be compared
 */
export function descriptorAt(
  bytes: Uint8Array,
  tally: Tally,
  { signed, crc }: { signed: boolean; crc: boolean },
) {
  const view = viewOf(bytes);
  const at = bytes.byteLength >= 4 && view.getUint32(0, true) === SIGNATURE.descriptor ? 4 : 0;
  if (signed && at === 0) return 0;
  if (bytes.byteLength < at + 12 || (crc && view.getUint32(at, true) !== tally.crc)) return 0;
  if (bytes.byteLength >= at + 20) {
    const packed = Number(view.getBigUint64(at + 4, true));
    const size = Number(view.getBigUint64(at + 12, true));
    if (packed === tally.packed && (!crc || size === tally.size)) return at + 20;
  }
  const [packed, size] = [view.getUint32(at + 4, true), view.getUint32(at + 8, true)];
  return packed === tally.packed && (!crc || size === tally.size) ? at + 12 : 0;
}
