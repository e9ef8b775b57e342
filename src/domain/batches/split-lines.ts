/** Cuts a stream of bytes at its line feeds; never holds more than one line and what arrived with it. */

/** `bytes` without its line end; null when the line was longer than allowed and has been passed over. */
export type RawLine = { line: number; bytes: Uint8Array<ArrayBuffer> | null };

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Empty lines are counted and left out, and so is a byte order mark. @param maxBytes of one line */
export async function* splitLines(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<RawLine> {
  let line = 1;
  let size = 0;
  let pieces: Uint8Array[] = [];
  const add = (piece: Uint8Array) => {
    size += piece.byteLength;
    if (size > maxBytes) pieces = [];
    else if (piece.byteLength > 0) pieces.push(piece);
  };
  const end = (): RawLine | undefined => {
    const whole = size > maxBytes ? null : trimmed(joined(pieces, size), line === 1);
    const ended = { line, bytes: whole };
    line += 1;
    size = 0;
    pieces = [];
    return whole?.byteLength === 0 ? undefined : ended;
  };
  for await (const chunk of body) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, at));
      from = at + 1;
      const ended = end();
      if (ended) yield ended;
    }
    // A copy: the rest of the chunk need not stay for the sake of its last line.
    if (from < chunk.byteLength) add(from === 0 ? chunk : chunk.slice(from));
  }
  const last = size > 0 ? end() : undefined;
  if (last) yield last;
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x09 || byte === 0x0d;

function trimmed(bytes: Uint8Array<ArrayBuffer>, first: boolean): Uint8Array<ArrayBuffer> {
  let from = first && BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte) ? 3 : 0;
  let to = bytes.length;
  while (from < to && isSpace(bytes[from])) from += 1;
  while (to > from && isSpace(bytes[to - 1])) to -= 1;
  return bytes.subarray(from, to);
}
