/** Who is calling: the Authorization header, whichever kind of credential it holds, as an actor. */
import type { Context } from "hono";
import { decodeJwt, decodeProtectedHeader } from "jose";
import type { Actor, ServiceActor, SuperadminActor } from "../context.ts";
import { forgetExternal, resolveExternal } from "../domain/identity/resolve.ts";
import { resolveApiKey } from "../domain/keys/resolve.ts";
import { WIDGET_TOKEN_TYPE } from "../domain/keys/widget-token.ts";
import { networkOf } from "../domain/limits/network.ts";
import { PLATFORM_TOKEN_TYPE } from "../domain/platform/token.ts";
import { AppError } from "../errors.ts";
import type { HttpEnv } from "./types.ts";

export type Caller = Exclude<Actor, ServiceActor> | SuperadminActor;

/** @throws AppError `unauthenticated` for a credential that is absent, forged, expired or revoked | `rate_limited` */
export async function identify(c: Context<HttpEnv>): Promise<Caller> {
  const token = bearer(c);
  if (!token) {
    throw new AppError("unauthenticated", {
      detail: "Send an access token or an API key: `Authorization: Bearer …`.",
    });
  }
  const { tokens, widgetTokens, platformTokens, known, settings, limit } = c.var.runtime;
  const { base } = c.var;
  const mayAsk = () => limit("api", `look-up:${networkOf(base.client.address)}`);
  if (token.startsWith("kal_live_")) {
    return resolveApiKey(base, known.keys, token, mayAsk);
  }
  if (token.startsWith("kal_")) {
    throw new AppError("unauthenticated", {
      detail: "This is not an API key. Exchange a widget key at POST /api/v1/widget/token first.",
    });
  }
  const { type, issuer } = claimsOf(token);
  if (type === WIDGET_TOKEN_TYPE) {
    const actor = await widgetTokens.verify(token, base.now());
    if (pageOf(c) !== actor.origin) {
      throw new AppError("unauthenticated", {
        detail: "This widget token belongs to a page of another origin.",
      });
    }
    return actor;
  }
  if (type === PLATFORM_TOKEN_TYPE) return platformTokens.verify(token, base.now());
  if (issuer !== undefined && issuer !== settings.issuer) {
    const actor = await resolveExternal(base, token, mayAsk);
    if (!actor) throw new AppError("unauthenticated", { detail: "The access token is not valid." });
    return actor;
  }
  return tokens.verify(token, base.now());
}

/** After a batch found the caller's rights changed: the next request with the same credential starts afresh. */
export function forget(c: Context<HttpEnv>): void {
  forgetExternal(c.var.base, bearer(c) ?? "");
}

/** The origin of the page that asks; browsers name it but in a GET of a page to its own server. */
function pageOf(c: Context<HttpEnv>): string | undefined {
  const own = c.req.header("sec-fetch-site") === "same-origin" ? new URL(c.req.url).origin : undefined;
  return c.req.header("origin") ?? own;
}

function bearer(c: Context<HttpEnv>): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
}

/** What an unverified token says it is: decides who verifies it, and nothing else. */
function claimsOf(token: string): { type: string | undefined; issuer: string | undefined } {
  try {
    return { type: decodeProtectedHeader(token).typ, issuer: decodeJwt(token).iss };
  } catch {
    return { type: undefined, issuer: undefined };
  }
}
