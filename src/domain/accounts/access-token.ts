/** Access tokens: JWTs signed with the newest key of the ring and verified with any, without a database. */
import type { JWK } from "jose";
import * as z from "zod";
import { ACCESS_LEVELS, ROLES, type UserActor } from "../../context.ts";
import { type PrivateJwk, privateKey, type SigningKey, secretKey } from "./signing-keys.ts";
import { type IssuedToken, refusedToken, tokenRing } from "./token-ring.ts";

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
  issue(user: UserActor, now: Date): Promise<IssuedToken>;
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
  const { issuer, audience, lifetimeSeconds } = config;
  const ring = tokenRing(keys, { type: "at+jwt", issuer, audience, lifetimeSeconds });

  return {
    issue: (user, now) =>
      ring.issue(
        user.userId,
        {
          org_id: user.orgId,
          role: user.role,
          access: user.access,
          ver: user.tokenVersion,
          ...(user.sessionId ? { sid: user.sessionId } : {}),
          ...(user.unverified ? { unverified: true } : {}),
        },
        now,
      ),

    async verify(token, now) {
      try {
        const claims = Claims.parse(await ring.read(token, now));
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
        throw refusedToken("The access token", cause);
      }
    },

    jwks: () => ({ keys: keys.flatMap((key) => (key.public ? [key.public] : [])) }),
  };
}
