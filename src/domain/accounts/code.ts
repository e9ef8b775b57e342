/** One-time codes: six digits that somebody must read from their e-mail. */
import { createHmac, randomInt } from "node:crypto";
import * as z from "zod";
import type { CodePurpose } from "../../infra/db/schema.ts";

/** How long a code holds. */
export const CODE_MINUTES = 10;

/** Between two codes to one address; migrations/0003_accounts.sql also limits them per hour and day. */
export const RESEND_SECONDS = 60;

export const Code = z
  .string()
  .trim()
  .regex(/^\d{6}$/, "must be six digits");

/** A code as the database knows it, under the address that may use it. */
export type SealedCode = { purpose: CodePurpose; address: Uint8Array; hash: Uint8Array };

/** Six digits, each as likely as the others; leading zeros count. */
export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, "0");
}

/** The key for {@link seal}, from the newest secret of the ring: a rotation voids the codes of its ten minutes. */
export function codeKey([newest]: readonly { secret: string }[]): Uint8Array {
  if (!newest) throw new Error("JWT_KEYS holds no key");
  return hmac(new TextEncoder().encode(newest.secret), "kalamna one-time codes");
}

/**
 * HMAC-SHA-256 of address and code. A million codes are hashed in a second, salted or not: only a key that is not in
 * the database makes a copy of the database useless, and unlike scrypt it costs nothing when somebody guesses.
 */
export function seal(key: Uint8Array, purpose: CodePurpose, email: string, code: string): SealedCode {
  return {
    purpose,
    address: hmac(key, `address ${email}`),
    hash: hmac(key, `code ${purpose} ${code} ${email}`),
  };
}

function hmac(key: Uint8Array, text: string): Uint8Array {
  return new Uint8Array(createHmac("sha256", key).update(text).digest());
}
