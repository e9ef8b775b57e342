/** Stored files. Owns the key scheme: every key starts with the organization it belongs to. */

/** The part of a key behind the organization, as `kalamna.file_removals` has it. */
export const originalPath = (sha256: string) => `sha256/${sha256}`;

/** A whole key from its path. */
export const keyOf = (orgId: string, path: string) => `org/${orgId}/${path}`;

/** Key of the original bytes, shared by all documents of one organization that have them. */
export const originalKey = (orgId: string, sha256: string) => keyOf(orgId, originalPath(sha256));

/** Key of the canonical text that chunk offsets point into. */
export const textKey = (orgId: string, documentId: string, version: number) =>
  keyOf(orgId, `text/${documentId}/${version}`);

export type StoredFile = {
  /** Lower-case hex of the bytes. */
  sha256: string;
  /** Bytes. */
  size: number;
  /** The first bytes (at most 64 KiB), enough to detect the type. */
  head: Uint8Array;
  /** Stores the bytes once more, should somebody have removed them meanwhile; until `release`. */
  restore(): Promise<void>;
  /** They are registered, or never will be: what was kept for `restore` goes. Never throws. */
  release(): Promise<void>;
};

export type OpenFile = { body: ReadableStream<Uint8Array>; size: number };

export type ListedFile = { key: string; uploaded: Date };

export type Files = {
  /**
   * Streams `body` into storage under {@link originalKey}, holding a few MiB at most.
   * @throws AppError `too_large` past `maxBytes`, `empty_document`, `storage_unavailable`; nothing stays stored then.
   */
  store(orgId: string, body: ReadableStream<Uint8Array>, maxBytes: number): Promise<StoredFile>;
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Null when there is no such file. */
  open(key: string): Promise<OpenFile | null>;
  /** A missing file is not an error. */
  remove(keys: readonly string[]): Promise<void>;
  /** Everything an organization has stored; how many files that was. */
  removeAll(orgId: string): Promise<number>;
  /** Files of all organizations in the order of their keys, `limit` (at most 1,000) after the key `after`. */
  list(after: string | null, limit: number): Promise<ListedFile[]>;
  /** @throws AppError `storage_unavailable` */
  ping(): Promise<void>;
};
