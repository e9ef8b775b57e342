/** Files in R2, content-addressed: the hash is known only after the last byte, so large files land in two steps. */
import { AppError } from "../../errors.ts";
import { type Files, keyOf, originalKey, type StoredFile } from "./port.ts";

/** R2 wants multipart parts of at least 5 MiB, all but the last of one size. */
const PART_BYTES = 5 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
const DELETED_AT_ONCE = 1_000;

export function r2Files(bucket: R2Bucket): Files {
  return {
    store: (orgId, body, maxBytes) => store(bucket, orgId, body, maxBytes),
    put: (key, bytes) => reach(bucket.put(key, bytes)).then(() => undefined),
    async open(key) {
      const object = await reach(bucket.get(key));
      return object && { body: object.body as ReadableStream<Uint8Array>, size: object.size };
    },
    async remove(keys) {
      for (let at = 0; at < keys.length; at += DELETED_AT_ONCE) {
        await reach(bucket.delete(keys.slice(at, at + DELETED_AT_ONCE)));
      }
    },
    async list(after, limit) {
      const page = await reach(
        bucket.list({ prefix: "org/", limit, ...(after === null ? {} : { startAfter: after }) }),
      );
      return page.objects.map(({ key, uploaded }) => ({ key, uploaded }));
    },
    removeAll: (orgId) => removeAll(bucket, `org/${orgId}/`),
    ping: () => reach(bucket.head("ping")).then(() => undefined),
  };
}

async function reach<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new AppError("storage_unavailable", { retryAfter: 5, cause });
  }
}

/** R2 lists and deletes a thousand objects at a time. */
async function removeAll(bucket: R2Bucket, prefix: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const { objects } = await reach(bucket.list({ prefix }));
    if (objects.length === 0) return removed;
    await reach(bucket.delete(objects.map(({ key }) => key)));
    removed += objects.length;
  }
}

const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Gathers a stream into parts of {@link PART_BYTES}; the last may be shorter. The buffer is reused between parts. */
async function* parts(body: ReadableStream<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(Math.min(PART_BYTES, 256 * 1024));
  let filled = 0;
  let total = 0;
  for await (let piece of body) {
    total += piece.byteLength;
    if (total > maxBytes) {
      throw new AppError("too_large", {
        detail: `Files may have at most ${Math.floor(maxBytes / 1024 / 1024)} MB.`,
      });
    }
    while (piece.byteLength > 0) {
      if (filled + piece.byteLength > buffer.byteLength && buffer.byteLength < PART_BYTES) {
        const larger = new Uint8Array(
          Math.min(PART_BYTES, Math.max(buffer.byteLength * 2, filled + piece.byteLength)),
        );
        larger.set(buffer.subarray(0, filled));
        buffer = larger;
      }
      const taken = piece.subarray(0, buffer.byteLength - filled);
      buffer.set(taken, filled);
      filled += taken.byteLength;
      piece = piece.subarray(taken.byteLength);
      if (filled === PART_BYTES) {
        yield buffer;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

async function store(
  bucket: R2Bucket,
  orgId: string,
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<StoredFile> {
  const digest = new crypto.DigestStream("SHA-256");
  const hasher = digest.getWriter();
  const incoming = parts(body, maxBytes);
  // A rejected digest is reported through the upload that failed; unobserved it would be an unhandled rejection.
  digest.digest.catch(() => undefined);
  try {
    const first = await incoming.next();
    if (first.done) throw new AppError("empty_document", { detail: "The file is empty." });
    const bytes = first.value;
    await hasher.write(bytes);
    const head = bytes.slice(0, HEAD_BYTES);
    if (bytes.byteLength === PART_BYTES) {
      return { ...(await storeLarge(bucket, orgId, bytes, incoming, digest, hasher)), head };
    }
    await hasher.close();
    const sha256 = hex(await digest.digest);
    const restore = () => reach(bucket.put(originalKey(orgId, sha256), bytes)).then(() => undefined);
    await restore();
    return { sha256, size: bytes.byteLength, head, restore, release: async () => undefined };
  } catch (error) {
    await hasher.abort(error).catch(() => undefined);
    throw error;
  }
}

/**
 * Multipart upload under a temporary key, then a streamed copy to the key that the hash names. The temporary file stays
 * until `release`. What a killed Worker leaves behind: the sweeper removes the file, and R2 itself ends an upload that was
 * never completed after seven days.
 */
async function storeLarge(
  bucket: R2Bucket,
  orgId: string,
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
  digest: DigestStream,
  hasher: WritableStreamDefaultWriter<ArrayBuffer | ArrayBufferView>,
): Promise<Omit<StoredFile, "head">> {
  const temporary = keyOf(orgId, `upload/${crypto.randomUUID()}`);
  const upload = await reach(bucket.createMultipartUpload(temporary));
  let size = first.byteLength;
  try {
    const uploaded = [await reach(upload.uploadPart(1, first))];
    for await (const part of rest) {
      await hasher.write(part);
      uploaded.push(await reach(upload.uploadPart(uploaded.length + 1, part)));
      size += part.byteLength;
    }
    await hasher.close();
    await reach(upload.complete(uploaded));
  } catch (error) {
    await upload.abort().catch(() => undefined);
    throw error;
  }
  const release = () => bucket.delete(temporary).catch(() => undefined);
  try {
    const sha256 = hex(await digest.digest);
    const restore = async () => {
      const object = await reach(bucket.get(temporary));
      if (!object) throw new AppError("storage_unavailable", { retryAfter: 5 });
      await reach(bucket.put(originalKey(orgId, sha256), object.body));
    };
    await restore();
    return { sha256, size, restore, release };
  } catch (error) {
    await release();
    throw error;
  }
}
