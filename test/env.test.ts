import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { parseEnv } from "../src/env.ts";

const good = () => ({ ...(env as unknown as Record<string, unknown>) });

describe("the environment", () => {
  test("is parsed with its defaults", () => {
    expect(parseEnv(good())).toMatchObject({
      ACCESS_TOKEN_SECONDS: 900,
      MAX_FILE_MB: 50,
      JWT_ISSUER: "kalamna",
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
  ])("names %s when it is %s", (name, value, message) => {
    expect(() => parseEnv({ ...good(), [name]: value })).toThrow(message);
  });

  test("never repeats a secret in its complaint", () => {
    expect(() => parseEnv({ ...good(), JWT_KEYS: "a:hunter2" })).toThrow(/^(?!.*hunter2)/);
  });
});
