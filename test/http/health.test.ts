import { expect, test } from "vitest";
import { AppError } from "../../src/errors.ts";
import { call, expectStatus } from "../support/api.ts";
import { appWith } from "../support/app.ts";

test("health says that it is up", async () => {
  const answer = await call("GET", "/health");
  expectStatus(answer, 200);
  expect(answer.body).toEqual({ status: "ok" });
});

test("readiness names database, files, queue and which models answer", async () => {
  const answer = await call("GET", "/health/ready");
  expectStatus(answer, 200);
  expect(answer.body).toMatchObject({
    status: "ready",
    database: { status: "ok" },
    files: { status: "ok", to_remove: expect.any(Number), orphans_removed: expect.any(Number) },
    queue: {
      unfinished: expect.any(Number),
      oldest_seconds: expect.any(Number),
      overdue: 0,
      lanes: {
        ingest: { unfinished: expect.any(Number), working: expect.any(Number), waiting: expect.any(Number) },
        "ingest-bulk": {
          unfinished: expect.any(Number),
          working: expect.any(Number),
          waiting: expect.any(Number),
        },
      },
    },
    models: {
      embedder: { model: "offline-hash-768", mode: "offline" },
      chat: { model: "offline-extractive", mode: "offline" },
    },
  });
});

test("readiness says that it is not ready, and which part is away", async () => {
  const app = appWith((real) => ({
    ports: {
      ...real.ports,
      files: { ...real.ports.files, ping: () => Promise.reject(new AppError("storage_unavailable")) },
    },
  }));
  const answer = await app.call("GET", "/health/ready");
  expectStatus(answer, 503);
  expect(answer.body).toMatchObject({
    status: "not_ready",
    database: { status: "ok" },
    files: { status: "down" },
  });
});

test("every answer carries security headers and a request id", async () => {
  const { headers } = await call("GET", "/health");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-request-id")).toMatch(/\S/);
});
