/** Every binding and variable the Worker reads, parsed once per isolate. */
import * as z from "zod";
import { PrivateJwk } from "./domain/accounts/signing-keys.ts";
import { ChatModels, OfferedModels } from "./env-models.ts";
import { OtlpHeaders } from "./env-tracing.ts";
import { SAMPLERS } from "./infra/trace/port.ts";

const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const text = z.string().trim().min(1);

/** `kid:secret[,kid:secret]`; the first signs, all verify. */
const KeyRing = text.transform((value, ctx) => {
  const keys = value.split(",").map((entry) => {
    const [, kid = "", secret = ""] = /^\s*([\w.-]{1,40}):(.*?)\s*$/.exec(entry) ?? [];
    return { kid, secret };
  });
  for (const { kid, secret } of keys) {
    if (kid === "") ctx.addIssue({ code: "custom", message: "each entry must read kid:secret" });
    else if (secret.length < 32)
      ctx.addIssue({ code: "custom", message: `the secret of key "${kid}" has fewer than 32 characters` });
  }
  if (new Set(keys.map((key) => key.kid)).size !== keys.length)
    ctx.addIssue({ code: "custom", message: "two keys share a kid" });
  return keys;
});

/** `a@b.c` or `Name <a@b.c>`. */
const Sender = text.transform((value, ctx) => {
  const [, name = "", email = value] = /^([^<>"\r\n]*?)\s*<([^<>]+)>$/.exec(value) ?? [];
  if (!z.email().safeParse(email).success)
    ctx.addIssue({ code: "custom", message: "must read `you@example.com` or `Name <you@example.com>`" });
  return { name: name || "Kalamna", email };
});

/** One private JWK, or a JSON array of them. */
const PrivateJwks = text.transform((value, ctx) => {
  let given: unknown;
  try {
    given = JSON.parse(value);
  } catch {
    ctx.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
  const keys = z.array(PrivateJwk).safeParse([given].flat());
  if (keys.success) return keys.data;
  for (const { path, message } of keys.error.issues)
    ctx.addIssue({ code: "custom", message: `${path.join(".")}: ${message}` });
  return z.NEVER;
});

/** Plain variables and secrets. README's configuration table is tested against the descriptions here. */
export const Variables = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must start with postgres://")
    .describe("Postgres connection string; on Cloudflare the one Neon shows."),
  DATABASE_ENDPOINT: z
    .url()
    .optional()
    .describe(
      "URL of a Neon SQL-over-HTTP gateway, when the database is not Neon itself. Set by `npm start`.",
    ),
  JWT_KEYS: KeyRing.describe(
    "Key ring for access tokens, `kid:secret[,kid:secret]`; the first signs, all verify. Secrets have at least 32 characters.",
  ),
  JWT_PRIVATE_JWK: PrivateJwks.optional().describe(
    "Private JWK with a `kid`, Ed25519 or P-256, or an array of them. The first then signs access tokens instead of `JWT_KEYS`, which keep verifying; others verify with `/.well-known/jwks.json`.",
  ),
  DATA_KEYS: KeyRing.optional().describe(
    "Key ring for secrets stored in the database, such as those that sign webhooks, written like `JWT_KEYS`; the first seals, all open. Without it, or behind it, `JWT_KEYS`.",
  ),
  JWT_ISSUER: text.default("kalamna").describe("`iss` of access tokens."),
  JWT_AUDIENCE: text.default("kalamna-api").describe("`aud` of access tokens."),
  ACCESS_TOKEN_SECONDS: positive(900).describe("Lifetime of an access token."),
  REFRESH_TOKEN_DAYS: positive(30).describe("Lifetime of a refresh token."),
  MAX_FILE_MB: positive(50).describe("Largest file accepted, in MiB."),
  OPENAI_API_KEY: text
    .optional()
    .describe(
      "Key for an OpenAI-protocol provider. Without it the offline embedder and the extractive answerer run.",
    ),
  OPENAI_BASE_URL: z.url().optional().describe("Base URL of the provider; OpenAI itself when absent."),
  CHAT_MODEL: text
    .default("gpt-4o-mini")
    .describe(
      "Chat model asked when a key is set and there are no `CHAT_MODELS`. `offline` keeps the extractive answerer.",
    ),
  CHAT_MODELS: ChatModels.optional().describe(
    "Chat models in the order in which they are asked, a JSON array; see [Several language models](#several-language-models). Keys stand in variables of their own.",
  ),
  EMBEDDING_MODEL: text
    .default("text-embedding-3-small")
    .describe(
      "Embedding model of organizations that have published nothing yet, used when a key is set; must be able to return 768 dimensions. `offline` keeps the offline embedder.",
    ),
  EMBEDDING_MODELS: OfferedModels.optional().describe(
    "Further embedding models that organizations may change to: `a,b`, or a JSON array of names and of `{model, base_url, api_key}`; set it as a secret if it holds keys. Without a `base_url` of its own a model is asked at `OPENAI_BASE_URL`. The same model twice is one model at two providers: when the first fails, the second is asked. `offline-hash-768` is always offered.",
  ),
  RERANK: z
    .enum(["off", "chat"])
    .default("off")
    .describe(
      "`chat`: the chat model that answers also puts the passages found in order; see [Reranking](#reranking).",
    ),
  RERANK_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "Address of a reranker that speaks `POST /rerank` as Cohere and Jina do; needs `RERANK_MODEL`.",
    ),
  RERANK_MODEL: text.optional().describe("Model asked for at `RERANK_URL`."),
  RERANK_API_KEY: text.optional().describe("Key for `RERANK_URL`, where it needs one."),
  REQUIRE_VERIFIED_EMAIL: z
    .stringbool()
    .default(false)
    .describe(
      "`true`: people may do nothing but verify their e-mail until they have. Needs a way to send e-mail.",
    ),
  EMAIL_FROM: Sender.optional().describe(
    "Sender of our e-mails, `you@example.com` or `Name <you@example.com>`. With it, e-mail goes through `SMTP_URL` or Cloudflare's `send_email` binding `EMAIL`.",
  ),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe(
      "SMTP server, `smtps://user:password@host:465`, or `smtp://…:587`, which must then offer STARTTLS unless it is on this machine.",
    ),
  DEV_MAILBOX: z
    .stringbool()
    .default(false)
    .describe(
      "`true`: e-mail is not sent but shown at `GET /dev/mailbox` and in the terminal. Set by `npm start`; a deployed Worker refuses to run with it.",
    ),
  DNS_OVER_HTTPS: z
    .union([z.literal("off"), z.url({ protocol: /^https?$/ })])
    .default("https://cloudflare-dns.com/dns-query")
    .describe(
      "Resolver (JSON over HTTPS) asked before an address somebody gave us is fetched; `off` judges names without it.",
    ),
  ALLOW_LOOPBACK_FETCH: z
    .stringbool()
    .default(false)
    .describe(
      "`true`: addresses somebody gave us, such as an identity provider's, may be on this machine. For development only; set by `npm start`.",
    ),
  BULK_IN_FLIGHT: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(4)
    .describe(
      "Messages of one organization under way in bulk; each works on one document, or on up to four small ones (512 KB) at a time.",
    ),
  MODEL_TIMEOUT_SECONDS: positive(60).describe("How long to wait for a model before giving up."),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "Collector that gets traces, as OTLP over HTTP in JSON at `/v1/traces` below this address. Without it no trace is recorded; see [Traces](#traces).",
    ),
  OTEL_EXPORTER_OTLP_HEADERS: OtlpHeaders.optional().describe(
    "Headers for the collector, `name=value,name=value`, values percent-encoded; set it as a secret.",
  ),
  OTEL_SERVICE_NAME: text.default("kalamna").describe("`service.name` of the traces."),
  OTEL_TRACES_SAMPLER: z
    .enum(SAMPLERS)
    .default("traceidratio")
    .describe(
      `Which traces are recorded: ${SAMPLERS.map((name) => `\`${name}\``).join(", ")}. The last three do what a caller's \`traceparent\` says.`,
    ),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe("Share of traces, 0 to 1, for the two `traceidratio` samplers."),
});

const binding = <T>(name: string, method: string) =>
  z.custom<T>(
    (value) => typeof (value as Record<string, unknown> | undefined)?.[method] === "function",
    `binding ${name} is missing in wrangler.toml`,
  );

const Bindings = z.object({
  FILES: binding<R2Bucket>("FILES", "put"),
  INGEST: binding<Queue>("INGEST", "send"),
  INGEST_BULK: binding<Queue>("INGEST_BULK", "send"),
  WEBHOOKS: binding<Queue>("WEBHOOKS", "send"),
  AUTH_LIMIT: binding<RateLimit>("AUTH_LIMIT", "limit"),
  API_LIMIT: binding<RateLimit>("API_LIMIT", "limit"),
  ORG_LIMIT: binding<RateLimit>("ORG_LIMIT", "limit"),
  WIDGET_LIMIT: binding<RateLimit>("WIDGET_LIMIT", "limit"),
  EMAIL: binding<SendEmail>("EMAIL", "send").optional(),
  ASSETS: binding<Fetcher>("ASSETS", "fetch").optional(),
});

export type Env = z.infer<typeof Bindings> &
  z.infer<typeof Variables> & {
    /** Keys that `CHAT_MODELS` names, by the names of their variables. */
    chatKeys: Readonly<Record<string, string>>;
  };

/** What `CHAT_MODELS` may not send to a provider as its key. */
const isOurs = (name: string) =>
  name !== "OPENAI_API_KEY" && (name in Variables.shape || name in Bindings.shape);

function chatKeys(raw: unknown, models: Env["CHAT_MODELS"] = []): Record<string, string> {
  const given = raw as Readonly<Record<string, unknown>>;
  const keys: Record<string, string> = {};
  for (const entry of models) {
    const value =
      entry === "offline" || isOurs(entry.key) ? undefined : text.safeParse(given[entry.key]).data;
    if (entry !== "offline" && value !== undefined) keys[entry.key] = value;
  }
  return keys;
}

function contradictions(env: Env): string[] {
  const kids = [...env.JWT_KEYS, ...(env.JWT_PRIVATE_JWK ?? [])].map(({ kid }) => kid);
  const carrier = env.SMTP_URL !== undefined || env.EMAIL !== undefined;
  return [
    ...(new Set(kids).size < kids.length
      ? ["JWT_PRIVATE_JWK: two keys share a kid, with each other or with JWT_KEYS"]
      : []),
    ...(env.EMBEDDING_MODELS ?? [])
      .filter(({ api_key: own, base_url: elsewhere }) =>
        // Our key for one provider is nothing to show another.
        elsewhere ? !own : !(own ?? env.OPENAI_API_KEY),
      )
      .map(({ model }) => `EMBEDDING_MODELS: ${model} needs an api_key`),
    ...(env.CHAT_MODELS ?? [])
      .filter((entry) => entry !== "offline")
      .filter(({ key }) => env.chatKeys[key] === undefined)
      .map(({ name, key }) => `CHAT_MODELS: ${name} needs its key in ${key}`),
    ...((env.RERANK_URL === undefined) === (env.RERANK_MODEL === undefined)
      ? []
      : ["RERANK_MODEL: goes together with RERANK_URL"]),
    ...(env.RERANK === "chat" && env.RERANK_URL ? ["RERANK: chat, or RERANK_URL, not both"] : []),
    ...(env.SMTP_URL && !env.EMAIL_FROM ? ["EMAIL_FROM: SMTP_URL needs a sender"] : []),
    ...(env.EMAIL_FROM && !carrier ? ["EMAIL_FROM: needs SMTP_URL or the binding EMAIL"] : []),
    ...(env.REQUIRE_VERIFIED_EMAIL && !env.DEV_MAILBOX && !env.EMAIL_FROM
      ? ["REQUIRE_VERIFIED_EMAIL: nobody can verify without e-mail; set EMAIL_FROM"]
      : []),
  ];
}

/**
 * The environment with every value checked.
 * @throws Error naming each variable that is missing or wrong, never its value.
 */
export function parseEnv(raw: unknown): Env {
  const result = Bindings.extend(Variables.shape).safeParse(raw);
  const env = result.success && { ...result.data, chatKeys: chatKeys(raw, result.data.CHAT_MODELS) };
  const problems = env
    ? contradictions(env)
    : (result.error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  if (env && problems.length === 0) return env;
  throw new Error(`The Worker's configuration is not valid. ${problems.join("; ")}`);
}
