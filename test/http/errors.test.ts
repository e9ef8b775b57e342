import { afterEach, describe, expect, test, vi } from "vitest";
import { AppError, ERRORS, toAppError } from "../../src/errors.ts";
import { createApp } from "../../src/http/app.ts";
import { problem } from "../../src/http/problem.ts";
import { connect } from "../../src/infra/db/client.ts";
import { call, expectStatus, PASSWORD, register, runtime } from "../support/api.ts";

const expectProblem = (answer: Awaited<ReturnType<typeof call>>, status: number, code: string) => {
  expectStatus(answer, status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({
    code,
    status,
    type: expect.stringContaining(code),
    title: expect.any(String),
  });
  expect(answer.body.request_id).toBe(answer.headers.get("x-request-id"));
};

describe("the answer is a problem document for", () => {
  test("a path that does not exist", async () => {
    expectProblem(await call("GET", "/api/v1/nothing"), 404, "not_found");
  });

  test("a method the path does not answer, with the ones it does", async () => {
    const answer = await call("PUT", "/api/v1/auth/login");
    expectProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.get("allow")).toBe("POST");
    const document = await call("PUT", `/api/v1/documents/${crypto.randomUUID()}`);
    expectProblem(document, 405, "method_not_allowed");
    expect(document.headers.get("allow")).toBe("GET, PATCH, DELETE");
  });

  test("a body that is not JSON", async () => {
    const answer = await call("POST", "/api/v1/auth/login", {
      body: "{",
      headers: { "content-type": "application/json" },
    });
    expectProblem(answer, 400, "malformed_json");
  });

  test("a body of another type", async () => {
    const answer = await call("POST", "/api/v1/auth/login", {
      body: "email=a",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expectProblem(answer, 415, "unsupported_type");
  });

  test("a field that is wrong, with its path", async () => {
    const answer = await call("POST", "/api/v1/auth/login", { json: { email: 7 } });
    expectProblem(answer, 400, "invalid_request");
    expect(answer.body.errors.map((error: { path: string }) => error.path).sort()).toEqual([
      "email",
      "password",
    ]);
  });

  test("a field that is wrong, in words that say what to do", async () => {
    const { token } = await register();
    const said = async (path: string, json: unknown, method: "POST" | "PATCH" | "PUT" = "POST") => {
      const answer = await call(method, `/api/v1/${path}`, { token, json });
      expectProblem(answer, 400, "invalid_request");
      return answer.body.detail;
    };
    expect(await said("auth/login", { email: "a@b.test" })).toBe("password: is missing");
    expect(await said("auth/login", { email: "a", password: "x" })).toBe("email: must be an e-mail address");
    expect(await said("auth/register", { org_name: "A", email: "a@b.test", password: "short" })).toBe(
      "password: must have at least 10 characters",
    );
    expect(await said("search", { query: "  " })).toBe("query: must not be empty");
    expect(await said("search", { query: "a", top_k: 51 })).toBe("top_k: must be at most 50");
    expect(await said("search", { query: "a", top_k: "5" })).toBe("top_k: must be a number");
    expect(await said("search", { query: "a", document_ids: ["x"] })).toBe(
      "document_ids.0: must be an id (a UUID)",
    );
    expect(await said("employees", { email: "a@b.test", role: "boss" })).toBe(
      'role: must be "admin", "member" or "viewer"',
    );
    expect(await said("org", { internal_domains: [] }, "PATCH")).toBe(
      'body: does not have "internal_domains"',
    );
  });

  test.each([
    ["U+0000", "a\u0000b"],
    ["a lone surrogate", "a\ud800b"],
  ])("a name with %s, which no database holds", async (_, name) => {
    const { token } = await register();
    const key = await call("POST", "/api/v1/api-keys", { token, json: { name, scopes: ["chat"] } });
    expectProblem(key, 400, "invalid_request");
    const widget = await call("POST", "/api/v1/widget-keys", {
      token,
      json: { name, allowed_origins: ["https://a.test"] },
    });
    expectProblem(widget, 400, "invalid_request");
    expect((await call("GET", "/api/v1/api-keys", { token })).body.data).toEqual([]);
  });

  test("a filter with U+0000", async () => {
    const { token } = await register();
    expectProblem(await call("GET", "/api/v1/audit?action=%00", { token }), 400, "invalid_request");
  });

  test("a body past its limit", async () => {
    const answer = await call("POST", "/api/v1/auth/login", {
      json: { email: "a@b.test", password: "x".repeat(1_100_000) },
    });
    expectProblem(answer, 413, "too_large");
  });

  test("an id that is not an id", async () => {
    const { token } = await register();
    expectProblem(await call("GET", "/api/v1/documents/1%27%20or%201=1", { token }), 404, "not_found");
  });
});

/** A Worker whose parts are the real ones but for those in `parts`. */
const broken = (parts: Partial<ReturnType<typeof runtime>>) => createApp({ ...runtime(), ...parts });
/** A body that ends with its connection. */
const brokenOff = (start: string) =>
  new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(start)),
    pull: (controller) => controller.error(new Error("Network connection lost.")),
  });
afterEach(() => {
  vi.unstubAllGlobals();
});

const execution = {
  waitUntil: () => undefined,
  passThroughOnException: () => undefined,
} as unknown as ExecutionContext;

test.each([
  ["cannot be reached", undefined],
  ["breaks off in the middle of its answer", '{"results": [{"rows": ['],
])("a database that %s is 503 with Retry-After", async (_, half) => {
  const base = runtime();
  if (half !== undefined) vi.stubGlobal("fetch", async () => new Response(brokenOff(half)));
  const app = broken({
    ports: { ...base.ports, db: connect("postgres://u:p@down.localtest/x", "http://127.0.0.1:9/sql") },
  });
  const login = await app.request(
    "/api/v1/auth/login",
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "a@b.test", password: PASSWORD }),
    },
    {},
    execution,
  );
  expect(login.status).toBe(503);
  expect(login.headers.get("retry-after")).toBe("5");
  expect(await login.json()).toMatchObject({ code: "database_unavailable" });
});

test("a caller past the limit is 429 with Retry-After", async () => {
  const app = broken({ limit: async () => false });
  const body = JSON.stringify({ email: "a@b.test", password: PASSWORD });
  const login = await app.request(
    "/api/v1/auth/login",
    { method: "POST", headers: { "content-type": "application/json" }, body },
    {},
    execution,
  );
  expect(login.status).toBe(429);
  expect(login.headers.get("retry-after")).toBe("60");
  const { token } = await register();
  const me = await app.request(
    "/api/v1/auth/me",
    { headers: { authorization: `Bearer ${token}` } },
    {},
    execution,
  );
  expect(me.status).toBe(429);
});

test("a failure nobody named is `internal`, and its message stays inside", async () => {
  const base = runtime();
  const files = { ...base.ports.files, ping: () => Promise.reject(new Error("secret detail")) };
  const { token } = await register();
  const tokens = { ...base.tokens, verify: () => Promise.reject(new Error("secret detail")) };
  const app = broken({ tokens, ports: { ...base.ports, files } });
  const me = await app.request(
    "/api/v1/auth/me",
    { headers: { authorization: `Bearer ${token}` } },
    {},
    execution,
  );
  expect(me.status).toBe(500);
  const text = await me.text();
  expect(JSON.parse(text).code).toBe("internal");
  expect(text).not.toContain("secret detail");
  const health = await app.request("/health/ready", {}, {}, execution);
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({
    status: "not_ready",
    files: { status: "down" },
    database: { status: "ok" },
  });
});

test("what happened comes before what else there is to say about it", () => {
  const document = problem(new AppError("unsupported_type", { extra: { supported: [] } }), "r");
  expect(Object.keys(document).at(-1)).toBe("supported");
});

test("every code has a status and a title, and extras cannot overwrite them", () => {
  for (const code of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
    const document = problem(new AppError(code, { extra: { code: "forged", hint: 1 } }), "r");
    expect(document).toMatchObject({ code, hint: 1, status: ERRORS[code].status, title: ERRORS[code].title });
  }
  expect(toAppError("text").code).toBe("internal");
});
