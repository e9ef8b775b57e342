/** The keys that sign and verify access tokens; each is bound to one algorithm, whatever a token claims. */
import { importJWK, type JWK } from "jose";
import * as z from "zod";

export type SigningKey = {
  kid: string;
  alg: "HS256" | "EdDSA" | "ES256";
  sign: Promise<CryptoKey>;
  verify: Promise<CryptoKey>;
  /** What others may know of it; secrets have no public part. */
  public: JWK | null;
};

const coordinate = z.string().regex(/^[\w-]{43}$/, "must be 32 bytes, base64url");
const kid = z.string().regex(/^[\w.-]{1,100}$/, "must be 1 to 100 letters, digits, dots or dashes");

/** A private key of ours: Ed25519 (signs EdDSA) or P-256 (signs ES256). */
export const PrivateJwk = z.discriminatedUnion("kty", [
  z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), kid, x: coordinate, d: coordinate }),
  z.object({
    kty: z.literal("EC"),
    crv: z.literal("P-256"),
    kid,
    x: coordinate,
    y: coordinate,
    d: coordinate,
  }),
]);
export type PrivateJwk = z.infer<typeof PrivateJwk>;

/** Signs and verifies with HMAC-SHA-256; nobody else can do either. */
export function secretKey({ kid, secret }: { kid: string; secret: string }): SigningKey {
  const key = crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign", "verify"],
  );
  return { kid, alg: "HS256", sign: key, verify: key, public: null };
}

/** Signs with the private half; the public half is for whoever verifies. */
export function privateKey(jwk: PrivateJwk): SigningKey {
  const alg = jwk.kty === "OKP" ? "EdDSA" : "ES256";
  const { d: _, ...rest } = jwk;
  const shared = { ...rest, alg, use: "sig" };
  return { kid: jwk.kid, alg, sign: imported(jwk, alg), verify: imported(shared, alg), public: shared };
}

async function imported(jwk: JWK, alg: string): Promise<CryptoKey> {
  const key = await importJWK(jwk, alg);
  if (key instanceof Uint8Array) throw new Error("an asymmetric key was expected");
  return key;
}
