/** Every binding and variable the Worker reads, parsed once per isolate. */
import { z } from "zod";

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
  CHAT_MODEL: text.default("gpt-4o-mini").describe("Chat model asked when a key is set."),
  EMBEDDING_MODEL: text
    .default("text-embedding-3-small")
    .describe(
      "Embedding model used when a key is set; must be able to return 768 dimensions. `offline` keeps the offline embedder.",
    ),
  MODEL_TIMEOUT_SECONDS: positive(60).describe("How long to wait for a model before giving up."),
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
  AUTH_LIMIT: binding<RateLimit>("AUTH_LIMIT", "limit"),
  API_LIMIT: binding<RateLimit>("API_LIMIT", "limit"),
});

export type Env = z.infer<typeof Bindings> & z.infer<typeof Variables>;

/**
 * The environment with every value checked.
 * @throws Error naming each variable that is missing or wrong, never its value.
 */
export function parseEnv(raw: unknown): Env {
  const result = Bindings.extend(Variables.shape).safeParse(raw);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`The Worker's configuration is not valid. ${problems.join("; ")}`);
}
