/** One kind of JWT: signed with the first key of a ring and verified with any, without a database. */
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { AppError } from "../../errors.ts";
import type { SigningKey } from "./signing-keys.ts";

export type TokenKind = {
  /** The header's `typ`: no kind of token passes for another. */
  type: string;
  issuer: string;
  audience: string;
  lifetimeSeconds: number;
};

/** A compact JWT, and how many seconds it holds. */
export type IssuedToken = { token: string; expiresIn: number };

export type TokenRing = {
  issue(subject: string, claims: JWTPayload, now: Date): Promise<IssuedToken>;
  /**
   * The claims of a token that is ours and of this kind.
   * @param tolerance seconds after its end for which the token is read all the same
   * @throws JOSEError for every other token
   */
  read(token: string, now: Date, tolerance?: number): Promise<JWTPayload>;
};

/** @param keys the first signs, all verify, so a key can be replaced without logging anyone out */
export function tokenRing(
  keys: readonly SigningKey[],
  { type, issuer, audience, lifetimeSeconds }: TokenKind,
): TokenRing {
  const ring = new Map(keys.map((key) => [key.kid, key]));
  const signer = keys[0];
  if (!signer) throw new Error("JWT_KEYS holds no key");
  return {
    async issue(subject, claims, now) {
      const seconds = Math.floor(now.getTime() / 1000);
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: signer.alg, typ: type, kid: signer.kid })
        .setSubject(subject)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + lifetimeSeconds)
        .sign(await signer.sign);
      return { token, expiresIn: lifetimeSeconds };
    },

    async read(token, now, tolerance = 0) {
      const { payload } = await jwtVerify(
        token,
        async ({ kid, alg }) => {
          const key = kid ? ring.get(kid) : undefined;
          if (!key) throw new errors.JWKSNoMatchingKey();
          // The key says which algorithm, never the token: a public key must not become an HMAC secret.
          if (alg !== key.alg) throw new errors.JOSEAlgNotAllowed();
          return key.verify;
        },
        {
          algorithms: ["HS256", "EdDSA", "ES256"],
          issuer,
          audience,
          typ: type,
          currentDate: now,
          clockTolerance: tolerance,
          requiredClaims: ["exp", "iat", "sub"],
        },
      );
      return payload;
    },
  };
}

/** Why a token was not read, for whoever sent it. @param name begins the sentence: `The access token` */
export function refusedToken(name: string, cause: unknown, advice = ""): AppError {
  const expired = cause instanceof errors.JWTExpired;
  return new AppError("unauthenticated", {
    detail: expired ? `${name} has expired${advice}.` : `${name} is not valid.`,
    cause,
  });
}
