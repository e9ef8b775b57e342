import { describe, expect, test } from "vitest";
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
const execution = {
  waitUntil: () => undefined,
  passThroughOnException: () => undefined,
} as unknown as ExecutionContext;

test("a database that cannot be reached is 503 with Retry-After", async () => {
  const base = runtime();
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

test("every code has a status and a title, and extras cannot overwrite them", () => {
  for (const code of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
    const document = problem(new AppError(code, { extra: { code: "forged", hint: 1 } }), "r");
    expect(document).toMatchObject({ code, hint: 1, status: ERRORS[code].status, title: ERRORS[code].title });
  }
  expect(toAppError("text").code).toBe("internal");
});
