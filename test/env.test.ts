import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { parseEnv } from "../src/env.ts";

const good = () => ({ ...(env as unknown as Record<string, unknown>) });

/** 32 bytes, base64url. */
const B43 = "A".repeat(43);

describe("the environment", () => {
  test("is parsed with its defaults", () => {
    expect(parseEnv(good())).toMatchObject({
      ACCESS_TOKEN_SECONDS: 900,
      MAX_FILE_MB: 50,
      JWT_ISSUER: "kalamna",
    });
  });

  test("has the collector's headers as OpenTelemetry writes them", () => {
    const OTEL_EXPORTER_OTLP_HEADERS = "Authorization=Basic%20YTpi, x-team=a=b";
    expect(parseEnv({ ...good(), OTEL_EXPORTER_OTLP_HEADERS })).toMatchObject({
      OTEL_EXPORTER_OTLP_HEADERS: { authorization: "Basic YTpi", "x-team": "a=b" },
    });
  });

  test.each([
    ["DATABASE_URL", "mysql://x", "must start with postgres://"],
    ["DATABASE_URL", undefined, "DATABASE_URL"],
    ["JWT_KEYS", "nokid", "kid:secret"],
    ["JWT_KEYS", "a:short", "fewer than 32 characters"],
    ["JWT_KEYS", `a:${"x".repeat(32)},a:${"y".repeat(32)}`, "share a kid"],
    ["FILES", undefined, "binding FILES is missing"],
    ["MAX_FILE_MB", "-1", "MAX_FILE_MB"],
    ["JWT_PRIVATE_JWK", "-----BEGIN PRIVATE KEY-----", "is not JSON"],
    ["JWT_PRIVATE_JWK", '{"kty":"RSA","kid":"a"}', "JWT_PRIVATE_JWK"],
    [
      "JWT_PRIVATE_JWK",
      `{"kty":"OKP","crv":"Ed25519","kid":"test","x":"${B43}","d":"${B43}"}`,
      "share a kid",
    ],
    ["EMBEDDING_MODELS", "[", "is not JSON"],
    ["EMBEDDING_MODELS", '[{"name":"a"}]', "must be a name or"],
    ["EMBEDDING_MODELS", "embed-b", "embed-b needs an api_key"],
    ["EMBEDDING_MODELS", '[{"model":"a","base_url":"https://elsewhere.example"}]', "a needs an api_key"],
    ["CHAT_MODELS", "gpt-4o", "is not JSON"],
    ["CHAT_MODELS", "[]", "names no model"],
    ["CHAT_MODELS", '["offline", {"name":"a"}]', "CHAT_MODELS: 0"],
    ["CHAT_MODELS", '[{"name":"a"},{"name":"a"}]', "two have the same name"],
    ["CHAT_MODELS", '[{"name":"a","api_key":"sk-1"}]', "api_key"],
    [
      "CHAT_MODELS",
      '[{"name":"a","kind":"azure","base_url":"https://a.example","key":"A_KEY"}]',
      "a: azure needs",
    ],
    ["CHAT_MODELS", '[{"name":"a","base_url":"https://a.example"}]', "a: base_url and key go together"],
    ["CHAT_MODELS", '[{"name":"a"}]', "a needs its key in OPENAI_API_KEY"],
    [
      "CHAT_MODELS",
      '[{"name":"a","base_url":"https://a.example","key":"A_KEY"}]',
      "a needs its key in A_KEY",
    ],
    [
      "CHAT_MODELS",
      '[{"name":"a","base_url":"https://a.example","key":"JWT_PRIVATE_JWK"}]',
      "key names a variable",
    ],
    ["RERANK_URL", "https://rerank.example", "RERANK_MODEL: goes together"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "OTEL_EXPORTER_OTLP_ENDPOINT"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "just a key", "each entry must read name=value"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "x-key=50%", "the value of x-key is not percent-encoded"],
    ["OTEL_TRACES_SAMPLER", "sometimes", "OTEL_TRACES_SAMPLER"],
    ["OTEL_TRACES_SAMPLER_ARG", "2", "OTEL_TRACES_SAMPLER_ARG"],
    ["EMAIL_FROM", "nobody", "EMAIL_FROM: must read"],
    ["EMAIL_FROM", "a@b.example", "needs SMTP_URL or the binding EMAIL"],
    ["SMTP_URL", "smtps://user:password@mail.example", "SMTP_URL needs a sender"],
    ["SMTP_URL", "https://mail.example", "SMTP_URL"],
  ])("names %s when it is %s", (name, value, message) => {
    expect(() => parseEnv({ ...good(), EMAIL: undefined, [name]: value })).toThrow(message);
  });

  test("knows who sends its e-mail", () => {
    const sent = { ...good(), SMTP_URL: "smtps://u:p@mail.example:465" };
    expect(parseEnv({ ...sent, EMAIL_FROM: "Acme Docs <docs@acme.example>" }).EMAIL_FROM).toEqual({
      name: "Acme Docs",
      email: "docs@acme.example",
    });
    expect(parseEnv({ ...sent, EMAIL_FROM: "docs@acme.example" }).EMAIL_FROM?.email).toBe(
      "docs@acme.example",
    );
    expect(() => parseEnv({ ...sent, EMAIL_FROM: "Acme\r\nBcc: <docs@acme.example>" })).toThrow("EMAIL_FROM");
  });

  test("does not demand a verified e-mail where none can be sent", () => {
    const silent = { ...good(), REQUIRE_VERIFIED_EMAIL: "true", DEV_MAILBOX: "false" };
    expect(() => parseEnv(silent)).toThrow("nobody can verify");
    expect(parseEnv({ ...silent, DEV_MAILBOX: "true" }).REQUIRE_VERIFIED_EMAIL).toBe(true);
  });

  test("never repeats a secret in its complaint", () => {
    const jwk = '{"kty":"OKP","crv":"Ed25519","kid":"a","x":"A","d":"hunter2"}';
    expect(() => parseEnv({ ...good(), JWT_PRIVATE_JWK: jwk })).toThrow(/^(?!.*hunter2)/);
    expect(() => parseEnv({ ...good(), SMTP_URL: "smtps://u:hunter2@mail.example" })).toThrow(
      /^(?!.*hunter2)/,
    );
    expect(() => parseEnv({ ...good(), JWT_KEYS: "a:hunter2" })).toThrow(/^(?!.*hunter2)/);
  });
});
