/** The token between asking for a deletion and confirming it. */
import * as z from "zod";
import { type BearerSecret, newBearerSecret } from "../accounts/bearer-secret.ts";

/** How long a confirmation holds, in milliseconds. */
const LIFETIME_MS = 10 * 60_000;

/** Without a confirmation a deletion is only asked for. */
export const DeletionInput = z.strictObject({ confirmation: z.string().min(1).max(200).optional() });
export type DeletionInput = z.infer<typeof DeletionInput>;

export type Confirmation = BearerSecret & { expiresAt: string };

/** Holds for ten minutes from `now`. */
export function newConfirmation(now: Date): Confirmation {
  const expiresAt = new Date(now.getTime() + LIFETIME_MS).toISOString();
  return { ...newBearerSecret("kal_del_"), expiresAt };
}
