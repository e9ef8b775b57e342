/** Widget tokens: JWTs for visitors of a web page, good for one organization, one widget key and one origin. */
import { errors, jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import type { WidgetActor } from "../../context.ts";
import { AppError } from "../../errors.ts";

const ALGORITHM = "HS256";
const TYPE = "widget+jwt";
/** How long after its end a token still says who the visitor was. */
const RENEW_SECONDS = 30 * 86_400;

const Claims = z.object({ sub: z.uuid(), org_id: z.uuid(), key_id: z.uuid(), origin: z.string() });

export type WidgetTokens = {
  issue(actor: WidgetActor, now: Date): Promise<{ token: string; expiresIn: number }>;
  /** @throws AppError `unauthenticated` for every token that is not ours, unexpired and complete */
  verify(token: string, now: Date): Promise<WidgetActor>;
  /** Whose token this was, also when it has ended; null when it was never ours. */
  recall(token: string, now: Date): Promise<WidgetActor | null>;
};

export type WidgetTokenConfig = {
  /** The first signs; all verify. */
  keys: readonly { kid: string; secret: string }[];
  issuer: string;
  /** Another one than the API's: neither kind of token passes for the other. */
  audience: string;
  lifetimeSeconds: number;
};

/** Imports each key once; share the result for the life of the isolate. */
export function widgetTokens(config: WidgetTokenConfig): WidgetTokens {
  const encoder = new TextEncoder();
  const ring = new Map(config.keys.map(({ kid, secret }) => [kid, encoder.encode(secret)]));
  const signer = config.keys[0];
  if (!signer) throw new Error("JWT_KEYS holds no key");

  async function read(token: string, now: Date, tolerance: number): Promise<WidgetActor> {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = kid ? ring.get(kid) : undefined;
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: [ALGORITHM],
        issuer: config.issuer,
        audience: config.audience,
        typ: TYPE,
        currentDate: now,
        clockTolerance: tolerance,
        requiredClaims: ["exp", "iat", "sub"],
      },
    );
    const { sub, org_id, key_id, origin } = Claims.parse(payload);
    return { kind: "widget", orgId: org_id, keyId: key_id, origin, visitorId: sub };
  }

  return {
    async issue({ orgId, keyId, origin, visitorId }, now) {
      const seconds = Math.floor(now.getTime() / 1000);
      const token = await new SignJWT({ org_id: orgId, key_id: keyId, origin })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: signer.kid })
        .setSubject(visitorId)
        .setIssuer(config.issuer)
        .setAudience(config.audience)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + config.lifetimeSeconds)
        .sign(encoder.encode(signer.secret));
      return { token, expiresIn: config.lifetimeSeconds };
    },

    async verify(token, now) {
      try {
        return await read(token, now, 0);
      } catch (cause) {
        const detail =
          cause instanceof errors.JWTExpired
            ? "The widget token has expired; exchange the widget key again."
            : "The widget token is not valid.";
        throw new AppError("unauthenticated", { detail, cause });
      }
    },

    async recall(token, now) {
      return read(token, now, RENEW_SECONDS).catch(() => null);
    },
  };
}
