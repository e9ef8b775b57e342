/** The token between asking for a deletion and confirming it. */
import { createHash, randomBytes } from "node:crypto";
import * as z from "zod";

/** How long a confirmation holds, in milliseconds. */
const LIFETIME_MS = 10 * 60_000;

/** Without a confirmation a deletion is only asked for. */
export const DeletionInput = z.strictObject({ confirmation: z.string().min(1).max(200).optional() });
export type DeletionInput = z.infer<typeof DeletionInput>;

export type Confirmation = { secret: string; hash: Uint8Array; expiresAt: string };

export function newConfirmation(now: Date): Confirmation {
  const secret = `kal_del_${randomBytes(32).toString("base64url")}`;
  const expiresAt = new Date(now.getTime() + LIFETIME_MS).toISOString();
  return { secret, hash: hashConfirmation(secret), expiresAt };
}

export function hashConfirmation(secret: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(secret).digest());
}
