/** Access tokens: JWTs signed with the newest key of the ring and verified with any, without a database. */
import { errors, jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import { ACCESS_LEVELS, ROLES, type UserActor } from "../../context.ts";
import { AppError } from "../../errors.ts";

const ALGORITHM = "HS256";

const Claims = z.object({
  sub: z.uuid(),
  org_id: z.uuid(),
  role: z.enum(ROLES),
  access: z.enum(ACCESS_LEVELS),
  ver: z.int().positive(),
});

export type AccessTokens = {
  /** A compact JWT for `user`, and how many seconds it holds. */
  issue(user: UserActor, now: Date): Promise<{ token: string; expiresIn: number }>;
  /** @throws AppError `unauthenticated` for every token that is not ours, unexpired and complete */
  verify(token: string, now: Date): Promise<UserActor>;
};

export type TokenConfig = {
  /** The first signs; all verify, so a key can be replaced without logging anyone out. */
  keys: readonly { kid: string; secret: string }[];
  issuer: string;
  audience: string;
  lifetimeSeconds: number;
};

/** Imports each key once; share the result for the life of the isolate. */
export function accessTokens(config: TokenConfig): AccessTokens {
  const ring = new Map(config.keys.map(({ kid, secret }) => [kid, importKey(secret)]));
  const signer = config.keys[0];
  if (!signer) throw new Error("JWT_KEYS holds no key");

  return {
    async issue(user, now) {
      const seconds = Math.floor(now.getTime() / 1000);
      const key = await (ring.get(signer.kid) ?? importKey(signer.secret));
      const token = await new SignJWT({
        org_id: user.orgId,
        role: user.role,
        access: user.access,
        ver: user.tokenVersion,
      })
        .setProtectedHeader({ alg: ALGORITHM, typ: "at+jwt", kid: signer.kid })
        .setSubject(user.userId)
        .setIssuer(config.issuer)
        .setAudience(config.audience)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + config.lifetimeSeconds)
        .sign(key);
      return { token, expiresIn: config.lifetimeSeconds };
    },

    async verify(token, now) {
      try {
        const { payload } = await jwtVerify(
          token,
          async ({ kid }) => {
            const key = kid ? ring.get(kid) : undefined;
            if (!key) throw new errors.JWKSNoMatchingKey();
            return key;
          },
          {
            algorithms: [ALGORITHM],
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
        };
      } catch (cause) {
        const detail =
          cause instanceof errors.JWTExpired
            ? "The access token has expired."
            : "The access token is not valid.";
        throw new AppError("unauthenticated", { detail, cause });
      }
    },
  };
}

function importKey(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign", "verify"],
  );
}
