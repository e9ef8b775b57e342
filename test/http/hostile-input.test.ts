/** Input that is well-formed JSON and still nothing Postgres can hold: the caller is told, nobody is woken up. */
import { beforeAll, describe, expect, test } from "vitest";
import { call, expectStatus, PASSWORD, type Person, ready, register } from "../support/api.ts";

let admin: Person;
let document: string;

beforeAll(async () => {
  admin = await register();
  document = await ready(admin, "list.txt", "Buoys are painted in spring.");
});

const NUL = "a\u0000b";
const cursor = (at: string) => btoa(JSON.stringify([at, crypto.randomUUID()])).replaceAll("=", "");

describe("a request is refused as invalid when", () => {
  test.each<[string, string, string, unknown?]>([
    ["the organization's name holds U+0000", "POST", "auth/register", { org_name: NUL, password: PASSWORD }],
    ["a person's name holds U+0000", "PATCH", "auth/me", { name: NUL }],
    ["a key's name holds U+0000", "POST", "api-keys", { name: NUL, scopes: ["chat"] }],
    ["a filter of the audit log holds U+0000", "GET", "audit?target_id=a%00b"],
    ["a filter of the audit log names a year before the first", "GET", "audit?from=0000-01-01T00:00:00Z"],
    ["a cursor names no day", "GET", `documents?cursor=${cursor("2026-99-99 99:99:99Z")}`],
    ["a cursor is larger than any passage's number", "GET", "documents/:id/chunks?cursor=9007199254740991"],
  ])("%s", async (_, method, path, json) => {
    const answer = await call(method, `/api/v1/${path.replace(":id", document)}`, {
      token: admin.token,
      ...(json === undefined
        ? {}
        : {
            json: {
              ...(json as object),
              ...(path === "auth/register" ? { email: `${crypto.randomUUID()}@a.test` } : {}),
            },
          }),
    });
    expectStatus(answer, 400);
    expect(answer.body.code).toBe("invalid_request");
  });
});

test("a question may hold anything: its words are what is looked for", async () => {
  const answer = await call("POST", "/api/v1/search", {
    token: admin.token,
    json: { query: `buoys ${NUL} \ud800`, history: [{ role: "user", content: NUL }] },
  });
  expectStatus(answer, 200);
  expect(answer.body.results).toHaveLength(1);
});
