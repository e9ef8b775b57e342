/** Drives the OpenID provider (identity-server.ts) from inside workerd. */
import { env } from "cloudflare:workers";
import type { JWK } from "jose";

export const identityServer = (): string => (env as unknown as { OIDC_SERVER: string }).OIDC_SERVER;

export type IssuerState = { issuer: string; keyFetches: number; discoveries: number; keys: JWK[] };

export type TestIssuer = {
  /** `iss` of its tokens. */
  url: string;
  /** A new application; its id is the `aud` of its tokens. */
  client(): Promise<string>;
  /** An ID token for somebody who signed in at the provider. */
  token(client: string, sub: string, claims: Record<string, unknown>): Promise<string>;
  /** New keys; the old ones are gone. */
  rotate(): Promise<void>;
  /** The keys are answered with this status; null mends it. */
  breakKeys(status: number | null): Promise<void>;
  state(): Promise<IssuerState>;
};

/** An issuer of its own for each test. */
export async function newIssuer(): Promise<TestIssuer> {
  const base = `${identityServer()}/control/${crypto.randomUUID()}`;
  const send = async (action: string, body?: unknown): Promise<Record<string, unknown>> => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${base}/${action}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: ${response.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const state = async () => (await send("state")) as unknown as IssuerState;
  return {
    url: (await state()).issuer,
    async client() {
      const id = `client-${crypto.randomUUID()}`;
      await send("client", { client_id: id });
      return id;
    },
    token: async (client, sub, claims) =>
      String((await send("token", { client_id: client, sub, claims })).id_token),
    rotate: async () => void (await send("rotate", {})),
    breakKeys: async (status) => void (await send("break", { status })),
    state,
  };
}
