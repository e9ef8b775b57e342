/** Stored files. Owns the key scheme: every key starts with the organization it belongs to. */

export type StoredFile = {
  /** Lower-case hex of the bytes. */
  sha256: string;
  /** Bytes. */
  size: number;
  /** The first bytes (at most 64 KiB), enough to detect the type. */
  head: Uint8Array;
};

export type Files = {
  /**
   * Streams `body` into storage under its own hash, never holding the file in memory.
   * @throws AppError `too_large` past `maxBytes`, `storage_unavailable`; nothing stays stored then.
   */
  store(orgId: string, body: ReadableStream<Uint8Array>, maxBytes: number): Promise<StoredFile>;
  /** The original bytes, or null when there is no such file. */
  open(orgId: string, sha256: string): Promise<{ body: ReadableStream<Uint8Array>; size: number } | null>;
  /** Deletes the original bytes; a missing file is not an error. */
  remove(orgId: string, sha256: string): Promise<void>;
  /** Is storage reachable? */
  ping(): Promise<void>;
};
