/** A file on its way from storage: its first bytes tell the format, the rest goes where its reader wants it. */
import { AppError } from "../../../errors.ts";

/** Bytes from which on a copy that is not needed any more is given up. */
export const LARGE = 8 * 1024 * 1024;

/** Bytes that are read once, in order. */
export type Incoming = { size: number; pieces: AsyncIterable<Uint8Array> };

/**
 * @returns the first `bytes` of a file, fewer when it is shorter, and the whole file, still to be read
 * @throws AppError `storage_unavailable` when the file breaks off, here or later
 */
export async function peek(
  { size, body }: { size: number; body: ReadableStream<Uint8Array> },
  bytes: number,
): Promise<{ head: Uint8Array; file: Incoming }> {
  const head = new Uint8Array(Math.min(bytes, size));
  const pieces = body[Symbol.asyncIterator]();
  const rest = { next: () => pieces.next().catch(brokenOff) };
  const begun: Uint8Array[] = [];
  for (let known = 0; known < head.length; ) {
    const { value, done } = await rest.next();
    if (done) break;
    begun.push(value);
    head.set(value.subarray(0, head.length - known), known);
    known += value.length;
  }
  return { head, file: { size, pieces: joined(begun, rest) } };
}

function brokenOff(cause: unknown): never {
  throw new AppError("storage_unavailable", { retryAfter: 5, cause });
}

async function* joined(
  begun: Uint8Array[],
  rest: Pick<AsyncIterator<Uint8Array>, "next">,
): AsyncGenerator<Uint8Array> {
  yield* begun.splice(0);
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** A file that is here already; a large one is emptied once it has been read, there is no room for two of them. */
export function atOnce(bytes: Uint8Array): Incoming {
  const { buffer, byteLength: size } = bytes;
  return {
    size,
    pieces: (async function* () {
      yield bytes;
      if (size > LARGE && buffer instanceof ArrayBuffer && buffer.byteLength === size) buffer.transfer(0);
    })(),
  };
}

/** @throws AppError `storage_unavailable` when the file is not of the size that was told */
export async function whole(file: Incoming): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(file.size);
  await readInto(() => bytes, file);
  return bytes;
}

/**
 * Copies a file to the place that `target` names, asked anew for each piece because an engine's memory moves.
 * @throws AppError `storage_unavailable` when the file is not of the size that was told
 */
export async function readInto(target: () => Uint8Array, { size, pieces }: Incoming): Promise<void> {
  let at = 0;
  for await (const piece of pieces) {
    if (at + piece.length <= size) target().set(piece, at);
    at += piece.length;
  }
  if (at !== size) throw new AppError("storage_unavailable", { retryAfter: 5 });
}
