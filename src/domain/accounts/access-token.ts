/** Access tokens: JWTs signed with the newest key of the ring and verified with any, without a database. */
import { errors, type JWK, jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import { ACCESS_LEVELS, ROLES, type UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { type PrivateJwk, privateKey, type SigningKey, secretKey } from "./signing-keys.ts";

const Claims = z.object({
  sub: z.uuid(),
  org_id: z.uuid(),
  role: z.enum(ROLES),
  access: z.enum(ACCESS_LEVELS),
  ver: z.int().positive(),
  /** The session; absent for people who have none here. */
  sid: z.uuid().optional(),
  /** The e-mail must be verified before anything else. */
  unverified: z.literal(true).optional(),
});

export type AccessTokens = {
  /** A compact JWT for `user`, and how many seconds it holds. */
  issue(user: UserActor, now: Date): Promise<{ token: string; expiresIn: number }>;
  /** @throws AppError `unauthenticated` for every token that is not ours, unexpired and complete */
  verify(token: string, now: Date): Promise<UserActor>;
  /** The public keys others may verify with (RFC 7517); none when only secrets sign. */
  jwks(): { keys: JWK[] };
};

export type TokenConfig = {
  /** The first signs; all verify, so a key can be replaced without logging anyone out. */
  keys: readonly { kid: string; secret: string }[];
  /** With these, the first of them signs, and others can verify our tokens. */
  privateKeys?: readonly PrivateJwk[];
  issuer: string;
  audience: string;
  lifetimeSeconds: number;
};

/** Imports each key once; share the result for the life of the isolate. */
export function accessTokens(config: TokenConfig): AccessTokens {
  const keys: SigningKey[] = [...(config.privateKeys ?? []).map(privateKey), ...config.keys.map(secretKey)];
  const ring = new Map(keys.map((key) => [key.kid, key]));
  const signer = keys[0];
  if (!signer) throw new Error("JWT_KEYS holds no key");

  return {
    async issue(user, now) {
      const seconds = Math.floor(now.getTime() / 1000);
      const token = await new SignJWT({
        org_id: user.orgId,
        role: user.role,
        access: user.access,
        ver: user.tokenVersion,
        ...(user.sessionId ? { sid: user.sessionId } : {}),
        ...(user.unverified ? { unverified: true } : {}),
      })
        .setProtectedHeader({ alg: signer.alg, typ: "at+jwt", kid: signer.kid })
        .setSubject(user.userId)
        .setIssuer(config.issuer)
        .setAudience(config.audience)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + config.lifetimeSeconds)
        .sign(await signer.sign);
      return { token, expiresIn: config.lifetimeSeconds };
    },

    async verify(token, now) {
      try {
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
            issuer: config.issuer,
            audience: config.audience,
            typ: "at+jwt",
            currentDate: now,
            requiredClaims: ["exp", "iat", "sub"],
          },
        );
        const claims = Claims.parse(payload);
        return {
          kind: "user",
          userId: claims.sub,
          orgId: claims.org_id,
          role: claims.role,
          access: claims.access,
          tokenVersion: claims.ver,
          ...(claims.sid ? { sessionId: claims.sid } : {}),
          ...(claims.unverified ? { unverified: true } : {}),
        };
      } catch (cause) {
        const detail =
          cause instanceof errors.JWTExpired
            ? "The access token has expired."
            : "The access token is not valid.";
        throw new AppError("unauthenticated", { detail, cause });
      }
    },

    jwks: () => ({ keys: keys.flatMap((key) => (key.public ? [key.public] : [])) }),
  };
}
