/**
 * A real OpenID provider (oidc-provider) on loopback, one issuer per name: `${url}/idp/<name>`. People sign in by the
 * authorization code flow; keys rotate on demand; every fetch of the keys is counted. Beside it, web pages that
 * misbehave (`/web/…`) and a resolver (`/dns-query`), for the guard that keeps us out of private networks.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import Provider, { type Adapter, type AdapterPayload, type Configuration } from "oidc-provider";

export type IdentityServer = { url: string; close(): Promise<void> };

type Issuer = {
  url: string;
  keys: JWK[];
  accounts: Map<string, Record<string, unknown>>;
  clients: { client_id: string }[];
  keyFetches: number;
  discoveries: number;
  /** Answer with this status instead of keys. */
  broken: number | undefined;
  handle: ReturnType<Provider["callback"]>;
};

const REDIRECT = "https://client.example.com/callback";

/** Starts on a free port of 127.0.0.1. Tests drive it over HTTP, see {@link control}. */
export async function startIdentityServer(): Promise<IdentityServer> {
  const issuers = new Map<string, Issuer>();
  const seen: string[] = [];
  let base = "";

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(error instanceof Error ? error.stack : String(error));
    });
  });
  // A connection that is closed in the moment it is used again looks like a server that is away.
  server.keepAliveTimeout = 600_000;

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", base);
    const [, area = "", name = "", ...rest] = url.pathname.split("/");
    if (area === "dns-query") return resolveName(url, response);
    if (area === "web") return misbehave(url, response, seen);
    if (area === "control") {
      const issuer = issuers.get(name) ?? (await newIssuer(`${base}/idp/${name}`));
      issuers.set(name, issuer);
      return control(issuer, rest.join("/"), url, request, response);
    }
    const issuer = area === "idp" ? issuers.get(name) : undefined;
    if (!issuer) return void response.writeHead(404).end();
    const path = `/${rest.join("/")}`;
    if (path === "/jwks") issuer.keyFetches++;
    if (path === "/.well-known/openid-configuration") issuer.discoveries++;
    if (path === "/jwks" && issuer.broken) return void response.writeHead(issuer.broken).end();
    // The provider learns from the two addresses that it is mounted under a path.
    (request as IncomingMessage & { originalUrl?: string }).originalUrl = request.url ?? "";
    request.url = `${path}${url.search}`;
    await issuer.handle(request, response);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: base,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function newKey(alg: "RS256" | "ES256"): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, use: "sig", kid: crypto.randomUUID() };
}

async function newIssuer(url: string): Promise<Issuer> {
  const issuer: Issuer = {
    url,
    keys: [await newKey("RS256"), await newKey("ES256")],
    accounts: new Map(),
    clients: [],
    keyFetches: 0,
    discoveries: 0,
    broken: undefined,
    handle: async () => undefined,
  };
  restart(issuer);
  return issuer;
}

/** What the provider remembers, of every issuer; its own keeper warns on every start that it forgets. */
const stored = new Map<string, AdapterPayload>();

function inMemory(model: string): Adapter {
  const find = async (match: (payload: AdapterPayload) => boolean) => stored.values().find(match);
  return {
    find: async (id) => stored.get(`${model}:${id}`),
    findByUid: (uid) => find((payload) => payload.uid === uid),
    findByUserCode: (code) => find((payload) => payload.userCode === code),
    upsert: async (id, payload) => void stored.set(`${model}:${id}`, payload),
    destroy: async (id) => void stored.delete(`${model}:${id}`),
    consume: async (id) => {
      const payload = stored.get(`${model}:${id}`);
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
    },
    revokeByGrantId: async (grantId) => {
      for (const [key, payload] of stored) if (payload.grantId === grantId) stored.delete(key);
    },
  };
}

/** The provider takes its keys and clients when it starts. */
function restart(issuer: Issuer): void {
  const configuration: Configuration = {
    jwks: { keys: issuer.keys } as unknown as NonNullable<Configuration["jwks"]>,
    clients: issuer.clients.map(({ client_id }) => ({
      client_id,
      client_secret: "secret",
      redirect_uris: [REDIRECT],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    })),
    cookies: { keys: ["cookie"] },
    adapter: inMemory,
    ttl: {
      AccessToken: 3_600,
      AuthorizationCode: 60,
      Grant: 3_600,
      IdToken: 3_600,
      Interaction: 60,
      Session: 3_600,
    },
    pkce: { required: () => false },
    claims: { openid: ["sub"], all: ["email", "email_verified", "roles", "realm_access", "teams", "events"] },
    scopes: ["openid", "all"],
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: async () => ({ sub: accountId, ...issuer.accounts.get(accountId) }),
    }),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client?.clientId ?? "",
        accountId: ctx.oidc.session?.accountId ?? "",
      });
      grant.addOIDCScope("openid all");
      await grant.save();
      return grant;
    },
  };
  const provider = new Provider(issuer.url, configuration);
  const callback = provider.callback();
  issuer.handle = async (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return callback(request, response);
    const details = await provider.interactionDetails(request, response);
    const login = { accountId: String(details.params.login_hint) };
    await provider.interactionFinished(request, response, { login });
  };
}

/**
 * - `POST client` `{client_id}`: an application that may ask for tokens
 * - `POST token` `{client_id, sub, claims}`: signs that person in, answers `{id_token}`
 * - `POST rotate`: new keys, the old ones are gone
 * - `POST break` `{status}`: the keys are not to be had
 * - `GET state`: `{issuer, keyFetches, discoveries, keys}`, public parts only
 */
async function control(
  issuer: Issuer,
  action: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = request.method === "POST" ? await readJson(request) : {};
  const answer = (value: unknown) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  switch (action) {
    case "client":
      issuer.clients.push({ client_id: String(body.client_id) });
      restart(issuer);
      return answer({});
    case "token": {
      issuer.accounts.set(String(body.sub), body.claims as Record<string, unknown>);
      return answer(await signIn(issuer, String(body.client_id), String(body.sub)));
    }
    case "rotate":
      issuer.keys = [await newKey("RS256"), await newKey("ES256")];
      restart(issuer);
      return answer({});
    case "break":
      issuer.broken = body.status as number | undefined;
      return answer({});
    case "state": {
      const keys = issuer.keys.map(({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...open }) => open);
      return answer({
        issuer: issuer.url,
        keyFetches: issuer.keyFetches,
        discoveries: issuer.discoveries,
        keys,
      });
    }
    default:
      response.writeHead(404).end(`no such action: ${action} ${url.search}`);
  }
}

/** A browser's part of the authorization code flow: follows redirects, keeps cookies, exchanges the code. */
async function signIn(issuer: Issuer, clientId: string, sub: string): Promise<{ id_token: string }> {
  const cookies = new Map<string, string>();
  const start = new URL(`${issuer.url}/auth`);
  start.search = String(
    new URLSearchParams({
      client_id: clientId,
      response_type: "code",
      scope: "openid all",
      redirect_uri: REDIRECT,
      login_hint: sub,
      nonce: crypto.randomUUID(),
    }),
  );
  let next = start;
  for (let hop = 0; hop < 10; hop++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(next, { redirect: "manual", headers: { cookie } });
    await response.body?.cancel();
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (!location) throw new Error(`signing in stopped at ${next} with ${response.status}`);
    next = new URL(location.startsWith("/interaction/") ? `${issuer.url}${location}` : location, next);
    const code = next.searchParams.get("code");
    if (next.href.startsWith(REDIRECT)) {
      if (!code) throw new Error(`the provider refused: ${next.search}`);
      const tokens = await fetch(`${issuer.url}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${encodeURIComponent(clientId)}:secret`)}` },
        body: new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: REDIRECT }),
      });
      const { id_token } = (await tokens.json()) as { id_token?: string };
      if (!id_token) throw new Error(`no token: ${tokens.status}`);
      return { id_token };
    }
  }
  throw new Error("signing in went in circles");
}

/** `/web/redirect?to=`, `/web/chain?left=`, `/web/large?bytes=`, `/web/slow`, `/web/page`, `/web/seen` */
function misbehave(url: URL, response: ServerResponse, seen: string[]): void {
  const asked = url.pathname.slice("/web/".length);
  if (asked === "seen") return void response.end(JSON.stringify(seen));
  seen.push(`${asked}${url.search}`);
  switch (asked) {
    case "redirect":
      return void response.writeHead(302, { location: url.searchParams.get("to") ?? "" }).end("moved");
    case "chain": {
      const left = Number(url.searchParams.get("left"));
      if (left === 0) return void response.end("arrived");
      return void response.writeHead(307, { location: `/web/chain?left=${left - 1}` }).end();
    }
    case "large":
      response.writeHead(
        200,
        url.searchParams.has("announced") ? { "content-length": url.searchParams.get("bytes") ?? "" } : {},
      );
      return void response.end("x".repeat(Number(url.searchParams.get("bytes"))));
    case "slow":
      response.writeHead(200);
      response.write("…");
      return;
    case "silent":
      return;
    default:
      response.end("hello");
  }
}

/** Names in `public.` are public, in `private.` are not, in `mixed.` are both, in `none.` are unknown; `failing.` and `broken.` cannot be asked about. */
function resolveName(url: URL, response: ServerResponse): void {
  const name = url.searchParams.get("name") ?? "";
  const isV4 = url.searchParams.get("type") === "A";
  const v4: Record<string, string[]> = {
    public: ["93.184.215.14"],
    private: ["10.1.2.3"],
    mixed: ["93.184.215.14", "127.0.0.1"],
  };
  const v6: Record<string, string[]> = { hidden: ["fd00::1"] };
  const kind = name.split(".")[0] ?? "";
  if (kind === "broken") return void response.writeHead(500).end();
  const found = (isV4 ? v4[kind] : v6[kind]) ?? [];
  const answers = found.map((data) => ({ name, type: isV4 ? 1 : 28, TTL: 60, data }));
  response.writeHead(200, { "content-type": "application/dns-json" });
  response.end(
    JSON.stringify({
      Status: kind === "none" ? 3 : kind === "failing" ? 2 : 0,
      Answer: [{ name, type: 5, TTL: 60, data: `alias.${name}` }, ...answers],
    }),
  );
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString("utf8") || "{}") as Record<string, unknown>;
}
