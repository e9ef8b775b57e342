/**
 * Seals with AES-256-GCM. The keys are derived (HKDF-SHA-256) from a ring of secrets: the first seals, all open, so
 * that a key can be replaced while values sealed with the old one still exist.
 */
import { AppError } from "../../errors.ts";
import type { SealedFor, Sealer } from "./port.ts";

export type RingKey = { kid: string; secret: string };

/** NIST SP 800-38D §8.2.2: random 96-bit nonces are good for 2^32 values a key. */
const NONCE_BYTES = 12;
const INFO = "kalamna sealed values v1";

/** @param ring at least one key; two may share an id where one ring stands behind another */
export function aesSealer(ring: readonly RingKey[]): Sealer {
  const [first] = ring;
  if (!first) throw new Error("there is no key to seal with");
  const derived = new Map<RingKey, Promise<CryptoKey>>();
  const keyOf = (key: RingKey) => {
    const known = derived.get(key) ?? derive(key.secret);
    derived.set(key, known);
    return known;
  };

  return {
    keyId: first.kid,
    async seal(secret, about) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const parameters = { name: "AES-GCM", iv, additionalData: context(first.kid, about) };
      const box = await crypto.subtle.encrypt(
        parameters,
        await keyOf(first),
        new TextEncoder().encode(secret),
      );
      return `v1:${first.kid}:${Buffer.concat([iv, new Uint8Array(box)]).toString("base64url")}`;
    },
    async open(sealed, about) {
      const [, kid = "", body = ""] = /^v1:([\w.-]+):([\w-]+)$/.exec(sealed) ?? [];
      const bytes = new Uint8Array(Buffer.from(body, "base64url"));
      const iv = bytes.subarray(0, NONCE_BYTES);
      for (const key of ring.filter((one) => one.kid === kid)) {
        const parameters = { name: "AES-GCM", iv, additionalData: context(kid, about) };
        const opened = await crypto.subtle
          .decrypt(parameters, await keyOf(key), bytes.subarray(NONCE_BYTES))
          .catch(() => null);
        if (opened) return new TextDecoder().decode(opened);
      }
      throw new AppError("secret_unreadable", { cause: new Error(`key ${kid || "(none)"}`) });
    },
  };
}

async function derive(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  const material = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new TextEncoder().encode(INFO) },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** JSON, so that no part can pass for another. */
const context = (kid: string, { kind, orgId, id }: SealedFor) =>
  new TextEncoder().encode(JSON.stringify([kid, kind, orgId, id]));
