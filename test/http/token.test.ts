import { describe, expect, test } from "vitest";
import { call, expectStatus, PASSWORD, register } from "../support/api.ts";

const grant = (parameters: Record<string, string> | string, headers: Record<string, string> = {}) =>
  call("POST", "/api/v1/auth/token", {
    body: typeof parameters === "string" ? parameters : new URLSearchParams(parameters).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
const me = (token: string) => call("GET", "/api/v1/auth/me", { token });

describe("the OAuth token endpoint", () => {
  test("grants tokens for a password, as RFC 6749 §5.1 writes them", async () => {
    const { email } = await register();
    const answer = await grant({ grant_type: "password", username: email, password: PASSWORD, scope: "" });
    expectStatus(answer, 200);
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 900,
      refresh_token: expect.stringMatching(/^kal_rt_/),
    });
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("pragma")).toBe("no-cache");
    expectStatus(await me(answer.body.access_token), 200);
  });

  test("grants tokens for a refresh token, once", async () => {
    const { refreshToken } = await register();
    const answer = await grant({ grant_type: "refresh_token", refresh_token: refreshToken });
    expectStatus(answer, 200);
    expectStatus(await me(answer.body.access_token), 200);
    const again = await grant({ grant_type: "refresh_token", refresh_token: refreshToken });
    expectStatus(again, 400);
    expect(again.body.error).toBe("invalid_grant");
  });

  test("does not mind the credentials and parameters that client libraries add", async () => {
    const { email } = await register();
    const answer = await grant(
      { grant_type: "password", username: email, password: PASSWORD, client_id: "docs", resource: "x" },
      { authorization: `Basic ${btoa("docs:")}` },
    );
    expectStatus(answer, 200);
  });

  test.each<[string, Record<string, string> | string, string]>([
    ["a wrong password", { grant_type: "password", username: "a@b.test", password: "x" }, "invalid_grant"],
    ["an unknown refresh token", { grant_type: "refresh_token", refresh_token: "x" }, "invalid_grant"],
    ["no grant type", { username: "a@b.test" }, "invalid_request"],
    ["an empty parameter", { grant_type: "password", username: "a@b.test", password: "" }, "invalid_request"],
    ["a missing parameter", { grant_type: "refresh_token" }, "invalid_request"],
    [
      "a name that is no e-mail",
      { grant_type: "password", username: 'é"', password: "x" },
      "invalid_request",
    ],
    ["another grant", { grant_type: "client_credentials" }, "unsupported_grant_type"],
    ["a parameter twice", "grant_type=password&grant_type=password&username=a%40b.test", "invalid_request"],
    ["too much", `grant_type=password&x=${"x".repeat(20_000)}`, "invalid_request"],
    ["nothing", "", "invalid_request"],
  ])("answers %s as RFC 6749 §5.2 says", async (_, parameters, error) => {
    const answer = await grant(parameters);
    expectStatus(answer, 400);
    expect(answer.body).toEqual({
      error,
      error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/),
    });
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("takes forms only", async () => {
    const answer = await call("POST", "/api/v1/auth/token", { json: { grant_type: "password" } });
    expectStatus(answer, 400);
    expect(answer.body.error).toBe("invalid_request");
  });
});

test("without private keys there are no public ones", async () => {
  const answer = await call("GET", "/.well-known/jwks.json");
  expectStatus(answer, 200);
  expect(answer.body).toEqual({ keys: [] });
});
