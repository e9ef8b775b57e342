/** The Worker: picks every implementation once per isolate and hands events to http/ and queue/. */
import { accessTokens } from "./domain/accounts/access-token.ts";
import { codeKey } from "./domain/accounts/code.ts";
import { privateKey, type SigningKey, secretKey } from "./domain/accounts/signing-keys.ts";
import { memory } from "./domain/keys/memory.ts";
import { widgetTokens } from "./domain/keys/widget-token.ts";
import { receipts } from "./domain/organizations/receipt.ts";
import { platformTokens } from "./domain/platform/token.ts";
import { type Env, parseEnv } from "./env.ts";
import { createApp } from "./http/app.ts";
import { complete } from "./infra/chat-model/complete.ts";
import { type ConfiguredChat, configuredChats } from "./infra/chat-model/configured.ts";
import { offlineChat } from "./infra/chat-model/offline.ts";
import { connect } from "./infra/db/client.ts";
import { cloudflareEmail } from "./infra/email/cloudflare.ts";
import { mailbox } from "./infra/email/mailbox.ts";
import { noEmail } from "./infra/email/off.ts";
import type { Email } from "./infra/email/port.ts";
import { smtpEmail } from "./infra/email/smtp.ts";
import { offer } from "./infra/embedder/offer.ts";
import { offlineEmbedder } from "./infra/embedder/offline.ts";
import { openaiEmbedder } from "./infra/embedder/openai.ts";
import { providers } from "./infra/embedder/providers.ts";
import { r2Files } from "./infra/files/r2.ts";
import { queueJobs } from "./infra/jobs/queues.ts";
import { mcpClient } from "./infra/mcp/streamable-http.ts";
import { guardedWeb } from "./infra/net/guarded-fetch.ts";
import { resolveOverHttps } from "./infra/net/resolve.ts";
import { httpReranker } from "./infra/reranker/http.ts";
import { llmReranker } from "./infra/reranker/llm.ts";
import { aesSealer } from "./infra/sealing/aes.ts";
import { otlpExport } from "./infra/trace/otlp.ts";
import type { Tracing } from "./infra/trace/port.ts";
import { samplerOf } from "./infra/trace/sampler.ts";
import { tracing } from "./infra/trace/tracing.ts";
import { consume } from "./queue/consume.ts";
import { sweep } from "./queue/sweep.ts";
import type { Runtime } from "./runtime.ts";

type App = { runtime: Runtime; http: ReturnType<typeof createApp> };

let built: App | undefined;

function app(raw: unknown): App {
  if (!built) {
    const runtime = runtimeFor(raw);
    built = { runtime, http: createApp(runtime) };
  }
  return built;
}

/** @throws Error naming every variable or binding that is missing or wrong */
export function runtimeFor(raw: unknown): Runtime {
  const env = parseEnv(raw);
  const email = emailFor(env);
  const limiters = {
    auth: env.AUTH_LIMIT,
    api: env.API_LIMIT,
    org: env.ORG_LIMIT,
    widget: env.WIDGET_LIMIT,
  };
  const web = guardedWeb({
    resolve: env.DNS_OVER_HTTPS === "off" ? null : resolveOverHttps(env.DNS_OVER_HTTPS),
    allowLoopback: env.ALLOW_LOOPBACK_FETCH,
  });
  return {
    ports: {
      db: connect(env.DATABASE_URL, env.DATABASE_ENDPOINT),
      files: r2Files(env.FILES),
      jobs: queueJobs({ ingest: env.INGEST, "ingest-bulk": env.INGEST_BULK, webhooks: env.WEBHOOKS }),
      pace: { slots: env.BULK_IN_FLIGHT, together: 4, sliceMs: 250, started: new Map() },
      underWay: new Map(),
      web,
      mcp: mcpClient(web, { timeoutMs: TELEMETRY_MS, maxBytes: TELEMETRY_BYTES }),
      sealer: aesSealer([...(env.DATA_KEYS ?? []), ...env.JWT_KEYS]),
      ...models(env),
      ...reranking(env),
      complete,
      extractive: offlineChat(),
      email: email.port,
    },
    tokens: accessTokens({
      keys: env.JWT_KEYS,
      privateKeys: env.JWT_PRIVATE_JWK ?? [],
      issuer: env.JWT_ISSUER,
      audience: env.JWT_AUDIENCE,
      lifetimeSeconds: env.ACCESS_TOKEN_SECONDS,
    }),
    widgetTokens: widgetTokens({
      keys: env.JWT_KEYS,
      issuer: env.JWT_ISSUER,
      audience: `${env.JWT_AUDIENCE}:widget`,
      lifetimeSeconds: 900,
    }),
    ...platformFor(env),
    tracing: tracingFor(env),
    known: { keys: memory(60_000, 5_000), origins: memory(60_000, 5_000) },
    settings: {
      maxFileBytes: env.MAX_FILE_MB * 1024 * 1024,
      refreshTokenDays: env.REFRESH_TOKEN_DAYS,
      requireVerifiedEmail: env.REQUIRE_VERIFIED_EMAIL,
      codeKey: codeKey(env.JWT_KEYS),
      issuer: env.JWT_ISSUER,
    },
    ...(email.mailbox ? { mailbox: email.mailbox } : {}),
    ...(env.ASSETS ? { pages: assetsOf(env.ASSETS) } : {}),
    limit: async (kind, key) => (await limiters[kind].limit({ key })).success,
  };
}

/** For one search of a log server, and for its answer. */
const TELEMETRY_MS = 20_000;
const TELEMETRY_BYTES = 4 * 1024 * 1024;

const assetsOf = (assets: Fetcher) => (address: URL) => assets.fetch(address);

/** With keys the providers' models, without one the offline pair; other models beside them. */
function models(env: Env): Pick<Runtime["ports"], "embedders" | "chat" | "chats"> {
  const timeoutMs = env.MODEL_TIMEOUT_SECONDS * 1000;
  const at = (model: string, baseURL = env.OPENAI_BASE_URL, apiKey = env.OPENAI_API_KEY) =>
    apiKey === undefined ? undefined : { model, apiKey, ...(baseURL ? { baseURL } : {}), timeoutMs };
  const listed = (env.EMBEDDING_MODELS ?? []).flatMap(
    ({ model, base_url, api_key }) => at(model, base_url, api_key) ?? [],
  );
  // The same model listed twice is the same model at two providers.
  const embedderOf = (name: string) => {
    const [one = at(name), ...more] = listed.filter(({ model }) => model === name);
    return one && providers([openaiEmbedder(one), ...more.map(openaiEmbedder)], timeoutMs);
  };
  const usual = env.EMBEDDING_MODEL === "offline" ? undefined : embedderOf(env.EMBEDDING_MODEL);
  const others = new Set(listed.map(({ model }) => model).filter((model) => model !== env.EMBEDDING_MODEL));
  const more = [...others].flatMap((model) => embedderOf(model) ?? []);
  return {
    embedders: offer(usual ?? offlineEmbedder(), ...more, offlineEmbedder()),
    ...configuredChats({ models: chatModels(env), keys: keysOf(env), timeoutMs }),
  };
}

/** Nobody waits longer than this for a better order, in milliseconds. */
const RERANK_MS = 4_000;

function reranking(env: Env): Pick<Runtime["ports"], "rerankers"> {
  const timeoutMs = Math.min(RERANK_MS, env.MODEL_TIMEOUT_SECONDS * 1000);
  if (env.RERANK === "chat") return { rerankers: llmReranker(timeoutMs) };
  const { RERANK_URL: url, RERANK_MODEL: model, RERANK_API_KEY: apiKey = "" } = env;
  if (!url || !model) return {};
  const baseURL = url.replace(/\/+$/, "").replace(/\/rerank$/, "");
  return {
    rerankers: httpReranker({ model, apiKey, baseURL, keyName: "RERANK_API_KEY", timeoutMs, maxRetries: 1 }),
  };
}

/** `CHAT_MODELS`, or the one `CHAT_MODEL`; whoever is at no address of its own is at `OPENAI_BASE_URL`. */
function chatModels(env: Env): (ConfiguredChat | "offline")[] {
  if (!env.CHAT_MODELS && (env.OPENAI_API_KEY === undefined || env.CHAT_MODEL === "offline"))
    return ["offline"];
  const listed = env.CHAT_MODELS ?? [
    { name: env.CHAT_MODEL, kind: "openai" as const, key: "OPENAI_API_KEY" },
  ];
  return listed.map((entry) =>
    entry === "offline" ? entry : { ...entry, base_url: entry.base_url ?? env.OPENAI_BASE_URL },
  );
}

const keysOf = ({ chatKeys, OPENAI_API_KEY: ours }: Env) => ({
  ...(ours === undefined ? {} : { OPENAI_API_KEY: ours }),
  ...chatKeys,
});

/** Superadmins' tokens and deletion receipts, signed like access tokens. */
function platformFor(env: Env): Pick<Runtime, "platformTokens" | "receipts"> {
  const keys: SigningKey[] = [...(env.JWT_PRIVATE_JWK ?? []).map(privateKey), ...env.JWT_KEYS.map(secretKey)];
  const [signer] = keys;
  if (!signer) throw new Error("JWT_KEYS holds no key");
  return {
    platformTokens: platformTokens({
      keys,
      issuer: env.JWT_ISSUER,
      audience: `${env.JWT_AUDIENCE}:platform`,
      lifetimeSeconds: env.ACCESS_TOKEN_SECONDS,
    }),
    receipts: receipts(signer, env.JWT_ISSUER),
  };
}

/** Nobody waits for it, but the platform ends what goes on for long after the answer. Milliseconds. */
const EXPORT_MS = 10_000;

function tracingFor(env: Env): Tracing {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers = {} } = env;
  if (endpoint === undefined) return tracing();
  return tracing({
    service: env.OTEL_SERVICE_NAME,
    sampler: samplerOf(env.OTEL_TRACES_SAMPLER, env.OTEL_TRACES_SAMPLER_ARG),
    send: otlpExport({ endpoint, headers, timeoutMs: EXPORT_MS }),
  });
}

/** The development mailbox where it is asked for; otherwise SMTP, otherwise Cloudflare. */
function emailFor(env: Env): { port: Email; mailbox?: Runtime["mailbox"] & {} } {
  if (env.DEV_MAILBOX) {
    const box = mailbox((message) => console.log(JSON.stringify({ level: "info", mailbox: message })));
    return { port: box, mailbox: box.messages };
  }
  const { EMAIL_FROM: from, SMTP_URL: url, EMAIL: binding } = env;
  if (from && url) return { port: smtpEmail({ url, from }) };
  if (from && binding) return { port: cloudflareEmail(binding, from) };
  return { port: noEmail() };
}

export default {
  fetch: (request, env, execution) => app(env).http.fetch(request, env, execution),
  queue: (batch, env, execution) => consume(batch, app(env).runtime, (work) => execution.waitUntil(work)),
  scheduled: (_event, env, execution) => sweep(app(env).runtime, (work) => execution.waitUntil(work)),
} satisfies ExportedHandler<Record<string, unknown>>;
