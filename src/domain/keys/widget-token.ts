/** Widget tokens: JWTs for visitors of a web page, good for one organization, one widget key and one origin. */
import * as z from "zod";
import type { WidgetActor } from "../../context.ts";
import { secretKey } from "../accounts/signing-keys.ts";
import { type IssuedToken, refusedToken, tokenRing } from "../accounts/token-ring.ts";

export const WIDGET_TOKEN_TYPE = "widget+jwt";

/** How long after its end a token still says who the visitor was. */
const RENEW_SECONDS = 30 * 86_400;

const Claims = z.object({ sub: z.uuid(), org_id: z.uuid(), key_id: z.uuid(), origin: z.string() });

export type WidgetTokens = {
  issue(actor: WidgetActor, now: Date): Promise<IssuedToken>;
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
export function widgetTokens({ keys, ...kind }: WidgetTokenConfig): WidgetTokens {
  const ring = tokenRing(keys.map(secretKey), { type: WIDGET_TOKEN_TYPE, ...kind });

  async function read(token: string, now: Date, tolerance: number): Promise<WidgetActor> {
    const { sub, org_id, key_id, origin } = Claims.parse(await ring.read(token, now, tolerance));
    return { kind: "widget", orgId: org_id, keyId: key_id, origin, visitorId: sub };
  }

  return {
    issue: ({ orgId, keyId, origin, visitorId }, now) =>
      ring.issue(visitorId, { org_id: orgId, key_id: keyId, origin }, now),

    async verify(token, now) {
      try {
        return await read(token, now, 0);
      } catch (cause) {
        throw refusedToken("The widget token", cause, "; exchange the widget key again");
      }
    },

    async recall(token, now) {
      return read(token, now, RENEW_SECONDS).catch(() => null);
    },
  };
}
