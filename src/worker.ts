/** The Worker: picks every implementation once per isolate and hands events to http/ and queue/. */
import { accessTokens } from "./domain/accounts/access-token.ts";
import { type Env, parseEnv } from "./env.ts";
import { createApp } from "./http/app.ts";
import { offlineChat } from "./infra/chat-model/offline.ts";
import { openaiChat } from "./infra/chat-model/openai.ts";
import { connect } from "./infra/db/client.ts";
import { offlineEmbedder } from "./infra/embedder/offline.ts";
import { openaiEmbedder } from "./infra/embedder/openai.ts";
import { r2Files } from "./infra/files/r2.ts";
import { queueJobs } from "./infra/jobs/queues.ts";
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
  const limiters = { auth: env.AUTH_LIMIT, api: env.API_LIMIT };
  return {
    ports: {
      db: connect(env.DATABASE_URL, env.DATABASE_ENDPOINT),
      files: r2Files(env.FILES),
      jobs: queueJobs({ ingest: env.INGEST, "ingest-bulk": env.INGEST_BULK }),
      ...models(env),
    },
    tokens: accessTokens({
      keys: env.JWT_KEYS,
      issuer: env.JWT_ISSUER,
      audience: env.JWT_AUDIENCE,
      lifetimeSeconds: env.ACCESS_TOKEN_SECONDS,
    }),
    settings: { maxFileBytes: env.MAX_FILE_MB * 1024 * 1024, refreshTokenDays: env.REFRESH_TOKEN_DAYS },
    limit: async (kind, key) => (await limiters[kind].limit({ key })).success,
  };
}

/** With a key the provider's models, without one the offline pair. */
function models(env: Env): Pick<Runtime["ports"], "embedder" | "chat"> {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = env;
  if (apiKey === undefined) return { embedder: offlineEmbedder(), chat: offlineChat() };
  const provider = { apiKey, ...(baseURL ? { baseURL } : {}), timeoutMs: env.MODEL_TIMEOUT_SECONDS * 1000 };
  return {
    embedder:
      env.EMBEDDING_MODEL === "offline"
        ? offlineEmbedder()
        : openaiEmbedder({ ...provider, model: env.EMBEDDING_MODEL }),
    chat: env.CHAT_MODEL === "offline" ? offlineChat() : openaiChat({ ...provider, model: env.CHAT_MODEL }),
  };
}

export default {
  fetch: (request, env, execution) => app(env).http.fetch(request, env, execution),
  queue: (batch, env, execution) => consume(batch, app(env).runtime, (work) => execution.waitUntil(work)),
  scheduled: (_event, env, execution) => sweep(app(env).runtime, (work) => execution.waitUntil(work)),
} satisfies ExportedHandler<Record<string, unknown>>;
