/** Access tokens of superadmins: of another type and for another audience than anybody else's. */
import { errors, jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import type { SuperadminActor } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { SigningKey } from "../accounts/signing-keys.ts";

export const PLATFORM_TOKEN_TYPE = "platform+jwt";

const Claims = z.object({ sub: z.uuid(), ver: z.int().positive() });

export type PlatformTokens = {
  /** A compact JWT, and how many seconds it holds. */
  issue(actor: SuperadminActor, now: Date): Promise<{ token: string; expiresIn: number }>;
  /** @throws AppError `unauthenticated` for every token that is not ours, unexpired and complete */
  verify(token: string, now: Date): Promise<SuperadminActor>;
};

export type PlatformTokenConfig = {
  /** The first signs, all verify; each is bound to its own algorithm. */
  keys: readonly SigningKey[];
  issuer: string;
  audience: string;
  lifetimeSeconds: number;
};

export function platformTokens(config: PlatformTokenConfig): PlatformTokens {
  const ring = new Map(config.keys.map((key) => [key.kid, key]));
  const signer = config.keys[0];
  if (!signer) throw new Error("JWT_KEYS holds no key");
  return {
    async issue(actor, now) {
      const seconds = Math.floor(now.getTime() / 1000);
      const token = await new SignJWT({ role: "superadmin", ver: actor.tokenVersion })
        .setProtectedHeader({ alg: signer.alg, typ: PLATFORM_TOKEN_TYPE, kid: signer.kid })
        .setSubject(actor.userId)
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
            // The key says which algorithm, never the token.
            if (alg !== key.alg) throw new errors.JOSEAlgNotAllowed();
            return key.verify;
          },
          {
            algorithms: ["HS256", "EdDSA", "ES256"],
            issuer: config.issuer,
            audience: config.audience,
            typ: PLATFORM_TOKEN_TYPE,
            currentDate: now,
            requiredClaims: ["exp", "iat", "sub"],
          },
        );
        const { sub, ver } = Claims.parse(payload);
        return { kind: "superadmin", userId: sub, tokenVersion: ver };
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
