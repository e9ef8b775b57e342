/** Bytes of an answer: its beginning, all of it up to a limit, or its beginning put back in front of the rest. */

/** @returns at most `limit` bytes; whatever comes after is not fetched */
export async function readUpTo(
  body: ReadableStream<Uint8Array>,
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; more: boolean }> {
  const reader = body.getReader();
  const { pieces, size, ended } = await readPieces(reader, limit + 1);
  if (!ended) await reader.cancel().catch(() => undefined);
  const bytes = joined(pieces, size);
  return { bytes: bytes.subarray(0, limit), more: size > limit };
}

/** The first bytes (at least `enough`, unless there are fewer), and a stream of everything, those included. */
export async function peek(
  body: ReadableStream<Uint8Array>,
  enough: number,
): Promise<{ head: Uint8Array<ArrayBuffer>; whole: ReadableStream<Uint8Array> }> {
  const reader = body.getReader();
  const { pieces, size } = await readPieces(reader, enough);
  const waiting = [...pieces];
  const whole = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const first = waiting.shift();
      if (first) return controller.enqueue(first);
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { head: joined(pieces, size), whole };
}

async function readPieces(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  enough: number,
): Promise<{ pieces: Uint8Array[]; size: number; ended: boolean }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  while (size < enough) {
    const { done, value } = await reader.read();
    if (done) return { pieces, size, ended: true };
    pieces.push(value);
    size += value.byteLength;
  }
  return { pieces, size, ended: false };
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}
