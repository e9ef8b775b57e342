/** Secrets that we must be able to read again, such as a webhook's: the database holds them sealed. */

/** What a sealed value belongs to; copied to another place it does not open. */
export type SealedFor = {
  /** What it is, e.g. `webhook`. */
  kind: string;
  orgId: string;
  /** The row that holds it. */
  id: string;
};

export type Sealer = {
  /** The key that seals now; values of another key are to be sealed again. */
  keyId: string;
  /** `v1:<key id>:<base64url>`. */
  seal(secret: string, about: SealedFor): Promise<string>;
  /** @throws AppError `secret_unreadable` when its key is gone, or it was changed or moved */
  open(sealed: string, about: SealedFor): Promise<string>;
};
