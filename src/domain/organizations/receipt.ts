/** Deletion receipts: what was deleted, signed by us (a JWS that anyone with our public key can check). */
import { SignJWT } from "jose";
import type { SigningKey } from "../accounts/signing-keys.ts";

export type DeletionReceipt = {
  organization: { id: string; name: string };
  requested_by: { kind: "user" | "superadmin"; id: string };
  /** From then on nobody could get in. */
  deleted_at: string;
  /** When the last row was gone; null while a large organization is still going. */
  completed_at: string | null;
  /** Rows that it had, by table. */
  rows: Record<string, number>;
  /** Stored files that were deleted; null while the last of them wait for the sweeper. */
  files: number | null;
};

/** What any receipt says; members beside these are what was deleted. */
type Signable = { organization: { id: string }; deleted_at: string; [what: string]: unknown };

export type Receipts = { sign(receipt: Signable): Promise<string> };

/** @param signer the key that signs access tokens; the receipt's `typ` keeps the two apart */
export function receipts(signer: SigningKey, issuer: string): Receipts {
  return {
    async sign(receipt) {
      return new SignJWT({ ...receipt })
        .setProtectedHeader({ alg: signer.alg, typ: "deletion-receipt+jwt", kid: signer.kid })
        .setIssuer(issuer)
        .setSubject(receipt.organization.id)
        .setIssuedAt(Math.floor(new Date(receipt.deleted_at).getTime() / 1000))
        .sign(await signer.sign);
    },
  };
}
