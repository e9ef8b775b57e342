/** Reads a stream by bytes: look ahead, take, give back. A stream that fails is `cut_off`. */
import { AppError } from "../../errors.ts";

export type ByteReader = {
  /** The next `size` bytes, fewer at the end; they stay. */
  peek(size: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Takes bytes that were looked at. */
  skip(size: number): void;
  /** At most `size` bytes as they came; null at the end. */
  piece(size: number): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Puts bytes that were read too far back in front. */
  giveBack(bytes: Uint8Array<ArrayBuffer>): void;
  cancel(): Promise<void>;
};

const NOTHING = new Uint8Array(0);

export function byteReader(body: ReadableStream<Uint8Array>): ByteReader {
  const reader = body.getReader();
  let held: Uint8Array<ArrayBuffer> = NOTHING;
  let ended = false;

  const more = async (): Promise<boolean> => {
    if (ended) return false;
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new AppError("cut_off", { cause });
    });
    ended = done;
    if (value) held = held.byteLength === 0 ? (value as Uint8Array<ArrayBuffer>) : joined(held, value);
    return !done;
  };

  return {
    async peek(size) {
      while (held.byteLength < size && (await more()));
      return held.subarray(0, size);
    },
    skip(size) {
      held = held.subarray(size);
    },
    async piece(size) {
      while (held.byteLength === 0) if (!(await more())) return null;
      const taken = held.subarray(0, size);
      held = held.subarray(taken.byteLength);
      return taken;
    },
    giveBack(bytes) {
      if (bytes.byteLength > 0) held = joined(bytes, held);
    },
    cancel: () => reader.cancel().catch(() => undefined),
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.byteLength + second.byteLength);
  whole.set(first);
  whole.set(second, first.byteLength);
  return whole;
}
