/** Access tokens of superadmins: of another type and for another audience than anybody else's. */
import * as z from "zod";
import type { SuperadminActor } from "../../context.ts";
import type { SigningKey } from "../accounts/signing-keys.ts";
import { type IssuedToken, refusedToken, tokenRing } from "../accounts/token-ring.ts";

export const PLATFORM_TOKEN_TYPE = "platform+jwt";

const Claims = z.object({ sub: z.uuid(), ver: z.int().positive() });

export type PlatformTokens = {
  issue(actor: SuperadminActor, now: Date): Promise<IssuedToken>;
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

/** Imports each key once; share the result for the life of the isolate. */
export function platformTokens({ keys, ...kind }: PlatformTokenConfig): PlatformTokens {
  const ring = tokenRing(keys, { type: PLATFORM_TOKEN_TYPE, ...kind });
  return {
    issue: (actor, now) => ring.issue(actor.userId, { role: "superadmin", ver: actor.tokenVersion }, now),

    async verify(token, now) {
      try {
        const { sub, ver } = Claims.parse(await ring.read(token, now));
        return { kind: "superadmin", userId: sub, tokenVersion: ver };
      } catch (cause) {
        throw refusedToken("The access token", cause);
      }
    },
  };
}
