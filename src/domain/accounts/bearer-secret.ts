/** Secrets we hand out once and store as a hash only: refresh tokens, invitations, confirmations. */
import { createHash, randomBytes } from "node:crypto";

export type BearerSecret = {
  /** For the caller, never stored. */
  secret: string;
  /** Its SHA-256: what the database holds. */
  hash: Uint8Array;
};

/**
 * 256 random bits: too many to guess, so a fast hash without a salt protects them.
 * @param prefix tells people and scanners what they have found
 */
export function newBearerSecret(prefix: `kal_${string}_`): BearerSecret {
  const secret = `${prefix}${randomBytes(32).toString("base64url")}`;
  return { secret, hash: hashBearerSecret(secret) };
}

/** What to look a secret up by. */
export function hashBearerSecret(secret: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(secret).digest());
}
