import { afterEach, describe, expect, test, vi } from "vitest";
import { AppError } from "../src/errors.ts";
import { failureFields, lineLog } from "../src/log.ts";
import { call, register } from "./support/api.ts";

afterEach(() => void vi.restoreAllMocks());

const linesOf = (spy: ReturnType<typeof vi.spyOn>) =>
  spy.mock.calls.map(([line]: unknown[]) => JSON.parse(String(line))) as Record<string, any>[];

test("a line holds its fields, the milliseconds of each step and of all", async () => {
  let clock = 1_000;
  const spy = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const log = lineLog({ request_id: "r" }, undefined, () => clock);
  await log.step("database", async () => {
    clock += 5;
  });
  await log.step("database", async () => {
    clock += 7;
  });
  clock += 3;
  log.mark("until_model");
  await log.step("fail", () => Promise.reject(new Error("x"))).catch(() => undefined);
  log.add({ org: "o" });
  log.write("info");
  expect(linesOf(spy)).toEqual([
    {
      at: "1970-01-01T00:00:01.015Z",
      level: "info",
      request_id: "r",
      org: "o",
      ms: 15,
      step_ms: { database: 12, until_model: 15, fail: 0 },
    },
  ]);
});

describe("a request writes one line", () => {
  test("with who, what, how it ended and how long each step took", async () => {
    const person = await register();
    const spy = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const answer = await call("GET", `/api/v1/documents/${crypto.randomUUID()}`, { token: person.token });
    const lines = linesOf(spy).filter(({ request_id }) => request_id === answer.headers.get("x-request-id"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      method: "GET",
      route: "/api/v1/documents/:id",
      status: 404,
      code: "not_found",
      org: person.orgId,
      user: person.userId,
      step_ms: { auth: expect.any(Number), limits: expect.any(Number), database: expect.any(Number) },
    });
  });

  test("without the text of the document, the question or the token", async () => {
    const person = await register();
    const spies = (["log", "warn", "error"] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => undefined),
    );
    await call("POST", "/api/v1/documents", {
      token: person.token,
      json: { name: "a.txt", content: "zebra umbrella" },
    });
    await call("POST", "/api/v1/query/sync", { token: person.token, json: { query: "zebra umbrella?" } });
    const all = spies.flatMap((spy) => spy.mock.calls.map(([line]) => String(line))).join("\n");
    expect(all).toContain(person.orgId);
    expect(all).not.toContain("zebra");
    expect(all).not.toContain(person.token);
  });
});

test("causes are named without parameters and connection strings", () => {
  const cause = new Error("Failed query: select $1\nparams: the secret text");
  cause.cause = new Error("cannot connect to postgres://user:hunter2@db/x");
  const fields = failureFields(new AppError("internal", { cause }));
  expect(JSON.stringify(fields)).not.toMatch(/secret text|hunter2/);
  expect(fields.cause).toContain("Failed query: select $1");
});
