/** How keys are written: `kal_live_<id>_<secret>` is a secret, `kal_pub_<id>` stands in a web page. */
import { createHash, randomBytes, randomUUID } from "node:crypto";

/** 16 bytes of id and 32 of secret in base64url; that alphabet has `_` too, so lengths tell the parts apart. */
const API_KEY = /^kal_live_([\w-]{22})_([\w-]{43})$/;
const WIDGET_KEY = /^kal_pub_([\w-]{22})$/;

export type KeyProof = {
  id: string;
  /** Lower-case hex SHA-256 of the secret: what the database holds. */
  secretHash: string;
};

/** A new secret for key `id`: the whole key, shown once, and what to store of it. */
export function newSecret(id: string = randomUUID()): KeyProof & { key: string } {
  const secret = randomBytes(32).toString("base64url");
  return { id, key: `${keyPrefix(id)}_${secret}`, secretHash: sha256(secret) };
}

/** The part of a key that is no secret and finds it again in lists, logs and scanners. */
export function keyPrefix(id: string): string {
  return `kal_live_${encodeId(id)}`;
}

/** Null for whatever is not written like an API key. */
export function readApiKey(text: string): KeyProof | null {
  const [, encoded, secret] = API_KEY.exec(text) ?? [];
  const id = encoded && decodeId(encoded);
  return id && secret ? { id, secretHash: sha256(secret) } : null;
}

/** The whole key, as it stands in a page. */
export function widgetKey(id: string): string {
  return `kal_pub_${encodeId(id)}`;
}

/** The id of a widget key; null for whatever is not written like one. */
export function readWidgetKey(text: string): string | null {
  const encoded = WIDGET_KEY.exec(text)?.[1];
  return encoded ? decodeId(encoded) : null;
}

function encodeId(id: string): string {
  return Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url");
}

function decodeId(encoded: string): string | null {
  const id = Buffer.from(encoded, "base64url")
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  // Base64 has spare bits: one id, one spelling.
  return encodeId(id) === encoded ? id : null;
}

function sha256(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
