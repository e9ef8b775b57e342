/** What browsers may do with us, and what no request may contain. */
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { accountBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { baseCtx } from "../support/people.ts";
import { superadmin } from "../support/platform.ts";

const LISTED = "https://intranet.acme.test";
const STRANGER = "https://evil.example";

let person: Person;
beforeAll(async () => {
  person = await register();
  await accountBatch(baseCtx(), (db) => [
    db.execute(sql`update kalamna.organizations set settings = ${JSON.stringify({ allowed_origins: [LISTED] })}::jsonb
                    where id = ${person.orgId}`),
  ]);
});

const list = (origin: string, token?: string) =>
  call("GET", "/api/v1/documents", { token: token ?? person.token, headers: { origin } });

describe("a page of another origin", () => {
  test("reads answers when the organization lists it", async () => {
    const answer = await list(LISTED);
    expectStatus(answer, 200);
    expect(answer.headers.get("access-control-allow-origin")).toBe(LISTED);
    expect(answer.headers.get("vary")).toContain("Origin");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    expect(answer.headers.get("access-control-expose-headers")).toContain("retry-after");
  });

  test.each([
    STRANGER,
    "null",
    "https://intranet.acme.test.evil.example",
    "http://intranet.acme.test",
    "https://intranet.acme.test:444",
    "https://INTRANET.acme.test",
    `https://${"a".repeat(300)}.test`,
  ])("is refused before anything happens when it is %s", async (origin) => {
    const answer = await call("POST", "/api/v1/documents", {
      token: person.token,
      headers: { origin },
      json: { name: "planted.txt", content: "Planted by another page." },
    });
    expectStatus(answer, 403);
    expect(answer.headers.get("access-control-allow-origin") ?? "").not.toBe("*");
    expect((await call("GET", "/api/v1/documents", { token: person.token })).text).not.toContain("planted");
  });

  test("is listed by one organization and no other", async () => {
    const other = await register();
    expectStatus(await list(LISTED, other.token), 403);
  });

  test("can tell that its token has expired", async () => {
    const answer = await list(STRANGER, "expired");
    expectStatus(answer, 401);
    expect(answer.headers.get("access-control-allow-origin")).toBe(STRANGER);
  });

  test("does not read what signing in answers", async () => {
    const answer = await call("POST", "/api/v1/auth/login", {
      headers: { origin: STRANGER },
      json: { email: person.email, password: "correct horse battery" },
    });
    expectStatus(answer, 200);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("gets a preflight answered that promises no credentials", async () => {
    const answer = await call("OPTIONS", "/api/v1/query", {
      headers: {
        origin: LISTED,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
      },
    });
    expectStatus(answer, 204);
    expect(answer.headers.get("access-control-allow-origin")).toBe(LISTED);
    expect(answer.headers.get("access-control-allow-methods")).toContain("POST");
    expect(answer.headers.get("access-control-allow-headers")).toContain("authorization");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  });
});

test("a page of another origin runs no platform, whoever is signed in", async () => {
  const { token } = await superadmin();
  expectStatus(await call("GET", "/api/v1/admin/orgs", { token }), 200);
  for (const origin of [STRANGER, LISTED]) {
    expectStatus(await call("GET", "/api/v1/admin/orgs", { token, headers: { origin } }), 403);
  }
});

test("our own pages and programs need no listing", async () => {
  expectStatus(await list("http://kalamna.test"), 200);
  expectStatus(await call("GET", "/api/v1/documents", { token: person.token }), 200);
});

test.each([
  ["an answer", "GET", "/api/v1/documents", 200],
  ["a refusal", "GET", "/api/v1/nothing", 404],
  ["health", "GET", "/health", 200],
])("%s carries the headers that tie a browser's hands", async (_, method, path, status) => {
  const { headers, ...answer } = await call(method, path, { token: person.token });
  expect(answer.status).toBe(status);
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("strict-transport-security")).toContain("max-age=31536000");
  expect(headers.get("x-powered-by")).toBeNull();
  if (path.startsWith("/api/")) expect(headers.get("cache-control")).toBe("no-store");
});

describe("a body of JSON", () => {
  const nested = (levels: number) => `{"name": "x", "content": ${"[".repeat(levels)}${"]".repeat(levels)}}`;
  const post = (body: string) =>
    call("POST", "/api/v1/documents", {
      token: person.token,
      body,
      headers: { "content-type": "application/json" },
    });

  test("deeper than 32 levels is refused before it is parsed", async () => {
    for (const levels of [32, 100_000]) {
      const answer = await post(nested(levels));
      expectStatus(answer, 400);
      expect(answer.body.detail).toContain("32 levels");
    }
    expect((await post(nested(31))).body.detail).not.toContain("levels");
  });

  test("may hold any number of brackets in its text", async () => {
    const content = '[{"\\'.repeat(1_000);
    const answer = await post(JSON.stringify({ name: "brackets.txt", content }));
    expectStatus(answer, 202);
  });

  test("that ends in the middle is no JSON", async () => {
    for (const body of ['{"name', '{"name": "\\', "[[[", ""]) {
      const answer = await post(body);
      expectStatus(answer, 400);
      expect(answer.body.code).toBe("malformed_json");
    }
  });

  test("cannot reach a prototype", async () => {
    const answer = await post(
      '{"name":"p.txt","content":"x","__proto__":{"polluted":true},"constructor":{"a":1}}',
    );
    expect([202, 200]).toContain(answer.status);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("bursts", () => {
  const closed = (kind: string) => appWith(() => ({ limit: async (asked) => asked !== kind }));

  test.each([
    ["api", 600],
    ["org", 3_000],
  ])("past %s are refused with the policy, what is left and when to come back", async (kind, quota) => {
    const answer = await closed(kind).call("GET", "/api/v1/documents", { token: person.token });
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("60");
    expect(answer.headers.get("ratelimit-policy")).toContain(`"${kind}";q=${quota};w=60`);
    expect(answer.headers.get("ratelimit")).toBe(`"${kind}";r=0;t=60`);
    expect(answer.body.code).toBe("rate_limited");
  });

  test("are counted for the person and for the organization", async () => {
    const spent: string[] = [];
    const app = appWith(() => ({
      limit: async (kind, key) => {
        spent.push(`${kind} ${key}`);
        return true;
      },
    }));
    const answer = await app.call("GET", "/api/v1/documents", { token: person.token });
    expect(spent).toEqual([`api ${person.userId}`, `org ${person.orgId}`]);
    expect(answer.headers.get("ratelimit-policy")).toBe('"api";q=600;w=60, "org";q=3000;w=60');
  });

  test("before sign-in are counted for the address, an IPv6 network as one", async () => {
    const spent: string[] = [];
    const app = appWith(() => ({
      limit: async (kind, key) => {
        spent.push(`${kind} ${key}`);
        return true;
      },
    }));
    for (const address of ["192.0.2.7", "2001:db8::1", "2001:db8::2"]) {
      await app.call("POST", "/api/v1/auth/login", { json: {}, headers: { "cf-connecting-ip": address } });
    }
    expect(spent).toEqual(["auth 192.0.2.7", "auth 2001:db8:0:0::/64", "auth 2001:db8:0:0::/64"]);
  });

  test("of invented API keys are counted before the database is asked", async () => {
    const app = closed("api");
    const key = `kal_live_${"A".repeat(22)}_${"A".repeat(43)}`;
    const answer = await app.call("GET", "/api/v1/documents", { token: key });
    expect(answer.status).toBe(429);
  });

  test("of invented API keys are counted for an IPv6 network as one", async () => {
    const spent: string[] = [];
    const app = appWith(() => ({
      limit: async (_, key) => {
        spent.push(key);
        return true;
      },
    }));
    const token = `kal_live_${"A".repeat(22)}_${"A".repeat(43)}`;
    await app.call("GET", "/api/v1/documents", { token, headers: { "cf-connecting-ip": "2001:db8::7" } });
    expect(spent).toEqual(["look-up:2001:db8:0:0::/64"]);
  });
});
