/** The table guards itself: every route of the app against every kind of caller. */
import type { Hono } from "hono";
import { beforeAll, describe, expect, test } from "vitest";
import { ROLES, type Role, SCOPES } from "../../src/context.ts";
import { createApp } from "../../src/http/app.ts";
import { guarded } from "../../src/http/auth.ts";
import { type Action, may, PERMISSIONS, scopesOf } from "../../src/http/permissions.ts";
import type { HttpEnv } from "../../src/http/types.ts";
import { call, expectStatus, type Person, ready, register, runtime } from "../support/api.ts";
import { apiKey, bearer, forgeries, type Headers, suspended, widgetVisitor } from "../support/credentials.ts";
import { colleague } from "../support/people.ts";
import { superadmin } from "../support/platform.ts";

/** Open to everyone, on purpose. */
const PUBLIC = [
  "GET /health",
  "GET /health/ready",
  "GET /dev/mailbox",
  "POST /api/v1/auth/register",
  "POST /api/v1/auth/login",
  "POST /api/v1/auth/refresh",
  "POST /api/v1/auth/token",
  "POST /api/v1/auth/verify-email",
  "POST /api/v1/auth/resend-code",
  "POST /api/v1/auth/password/forgot",
  "POST /api/v1/auth/password/reset",
  "POST /api/v1/auth/accept-invite",
  "GET /.well-known/jwks.json",
  "GET /.well-known/oauth-protected-resource",
  "GET /.well-known/oauth-protected-resource/mcp",
  "POST /api/v1/widget/token",
  // Opened by the confirmation of the deletion.
  "GET /api/v1/org/deletion",
];

type Route = { method: string; path: string; action: Action | "platform" | undefined };

function routesOf(app: Hono<HttpEnv>): Route[] {
  const routes = new Map<string, Route>();
  for (const { method, path, handler } of app.routes) {
    if (method === "ALL") continue;
    const key = `${method} ${path.replace(/\/$/, "")}`;
    const route = routes.get(key) ?? { method, path: path.replace(/\/$/, ""), action: undefined };
    route.action ??= guarded.get(handler);
    routes.set(key, route);
  }
  return [...routes.values()];
}

const routes = routesOf(createApp(runtime()));
const protectedRoutes = routes.filter(({ action }) => action !== undefined);

/** Bodies that pass validation, so that only the caller's rights decide. */
const BODIES: Record<string, unknown> = {
  "POST /api/v1/documents": { name: "a.txt", content: "A sweep." },
  "PATCH /api/v1/documents/:id": { name: "b.txt" },
  "POST /api/v1/documents/delete": { ids: ["00000000-0000-4000-8000-000000000000"] },
  "PUT /api/v1/documents/:id/content": { content: "Swept." },
  "POST /api/v1/documents/:id/rollback": { version: 1 },
  "POST /api/v1/sources": { url: "http://127.0.0.1:9/sweep" },
  "PATCH /api/v1/sources/:id": { name: "Swept" },
  "POST /api/v1/search": { query: "anything" },
  "POST /api/v1/query": { query: "anything" },
  "POST /api/v1/query/sync": { query: "anything" },
  "POST /api/v1/chat": { message: "anything" },
  "POST /api/v1/messages/:id/feedback": { rating: "up" },
  "POST /v1/chat/completions": { messages: [{ role: "user", content: "anything" }] },
  "POST /retrieval": { knowledge_id: "default", query: "anything", retrieval_setting: {} },
  "PATCH /api/v1/chat/sessions/:id": { title: "Swept" },
  "POST /api/v1/groups": { name: "Sweepers" },
  "PATCH /api/v1/groups/:id": { name: "Sweepers" },
  "PATCH /api/v1/employees/:id": { role: "viewer" },
  "PATCH /api/v1/widget-keys/:id": { name: "Sweep" },
  "POST /api/v1/knowledge/answers": { question: "Swept?", answer: "Yes." },
  "PATCH /api/v1/knowledge/answers/:id": { note: "Sweep" },
  "POST /api/v1/evals/cases": { question: "Swept?" },
  "PATCH /api/v1/evals/cases/:id": { note: "Sweep" },
  "POST /api/v1/evals/run": { kind: "search", tags: ["swept"] },
  "PATCH /api/v1/webhooks/:id": { description: "Sweep" },
  "PATCH /api/v1/org": { name: "Swept" },
  "PATCH /api/v1/admin/orgs/:id": { status: "active" },
};

/** @param ids what stands in the place of the path's parameters: one for all, or by its first segment */
function request({ method, path }: Route, ids: string | Record<string, string>, headers: Headers = {}) {
  const area = /^\/api\/v1\/(?:auth\/|employees\/|admin\/|evals\/)?([\w-]+)/.exec(path)?.[1] ?? "";
  const id = typeof ids === "string" ? ids : (ids[area] ?? ids.any ?? "");
  const filled = path.replaceAll(/:\w+/g, id);
  return call(method, filled, {
    headers,
    ...(["POST", "PUT", "PATCH"].includes(method) ? { json: BODIES[`${method} ${path}`] ?? {} } : {}),
  });
}

test("every route is either public on purpose or names its permission", () => {
  const open = routes
    .filter(({ action }) => action === undefined)
    .map(({ method, path }) => `${method} ${path}`);
  expect(open.sort()).toEqual([...PUBLIC].sort());
  expect(protectedRoutes.length).toBeGreaterThan(30);
});

test("no permission is left unused", () => {
  const used = protectedRoutes.map(({ action }) => action).filter((action) => action !== "platform");
  expect(new Set(used)).toEqual(new Set(Object.keys(PERMISSIONS)));
});

describe("a credential that proves nothing", () => {
  let forged: [string, Headers][];
  beforeAll(async () => {
    forged = await forgeries(await register());
  });

  test.each(protectedRoutes)("is 401 at $method $path", async (route) => {
    for (const [what, headers] of forged) {
      const answer = await request(route, crypto.randomUUID(), headers);
      expect(answer.status, `${what}: ${answer.text.slice(0, 500)}`).toBe(401);
      expect(answer.headers.get("www-authenticate"), what).toContain("Bearer");
    }
  });
});

describe("a suspended organization's credential", () => {
  let stopped: [string, Headers][];
  beforeAll(async () => {
    stopped = await suspended();
  });

  test.each(protectedRoutes)("gets nothing done at $method $path", async (route) => {
    for (const [who, headers] of stopped) {
      const answer = await request(route, crypto.randomUUID(), headers);
      // Whoever may not do it, or asks it wrongly, hears that before the database is asked; so does
      // whoever names another than the one vector store there is.
      const early = [400, 401, 403, 415, ...(route.path.startsWith("/v1/vector_stores/") ? [404] : [])];
      expect(early, `${who}: ${answer.text.slice(0, 500)}`).toContain(answer.status);
    }
  });
});

describe("a good credential", () => {
  let admin: Person;
  /** Those whom the acts of a sweep do not change. */
  let others: [string, Headers, (route: Route) => boolean][];
  beforeAll(async () => {
    admin = await register();
    const keys = await Promise.all(
      SCOPES.map(async (scope): Promise<(typeof others)[number]> => {
        const { key } = await apiKey(admin, [scope]);
        return [
          `key with ${scope}`,
          bearer(key),
          ({ action }) => action !== "platform" && scopesOf(action!).includes(scope),
        ];
      }),
    );
    const visitor = await widgetVisitor(admin);
    const root = await superadmin();
    others = [
      ...keys,
      ["widget", visitor.headers, ({ action }) => action !== "platform" && row(action)?.widget === true],
      ["superadmin", bearer(root.token), ({ action }) => action === "platform"],
    ];
  });

  const row = (action: Action | undefined): { roles: readonly Role[]; widget?: true } | undefined =>
    action && PERMISSIONS[action];

  test.each(protectedRoutes)("is 403 at $method $path for exactly those who may not", async (route) => {
    const people = await Promise.all(
      ROLES.map(async (role): Promise<(typeof others)[number]> => {
        const { token } = await colleague(admin, role);
        return [role, bearer(token), ({ action }) => action !== "platform" && may(role, action!)];
      }),
    );
    for (const [who, headers, mayDo] of [...people, ...others]) {
      const { status, text } = await request(route, crypto.randomUUID(), headers);
      const message = `${who}: ${status} ${text.slice(0, 500)}`;
      expect(status === 403, message).toBe(!mayDo(route));
      expect(status, message).not.toBe(401);
      expect(status, message).toBeLessThan(500);
    }
  });

  test("of nobody who may not search or read documents tells anything about them", async () => {
    await ready(admin, "secret.txt", "The recipe needs nine lemons.", { access_level: "external" });
    for (const [who, headers, mayDo] of others) {
      for (const route of protectedRoutes.filter((each) => !mayDo(each))) {
        const { text } = await request(route, crypto.randomUUID(), headers);
        expect(text, `${who} at ${route.method} ${route.path}`).not.toMatch(/secret\.txt|lemons/);
      }
    }
  });
});

/** Clients of the AI SDK name their chats as they like: one that nobody has asked in yet has nothing to resume. */
const NAMED = "GET /api/v1/chat/:id/stream";

test.each(protectedRoutes.filter(({ path }) => path.includes(":")))(
  "an id that is no id is not found at $method $path",
  async (route) => {
    const { token } = route.action === "platform" ? await superadmin() : await register();
    for (const id of ["1", "undefined", "%00", "..%2f..", "a'%20or%201=1--", "x".repeat(2_000)]) {
      const isName = `${route.method} ${route.path}` === NAMED && id.length <= 200;
      expectStatus(await request(route, id, bearer(token)), isName ? 204 : 404);
    }
  },
);

describe("with another organization's ids", () => {
  let theirs: Person;
  let ids: Record<string, string>;
  beforeAll(async () => {
    const owner = await register("Owner");
    const make = async (path: string, json: unknown) =>
      (await call("POST", `/api/v1/${path}`, { token: owner.token, json })).body;
    const document = await ready(owner, "owned.txt", "The owner's recipe needs seven eggs.", {
      access_level: "external",
    });
    const sessions = await call("GET", "/api/v1/auth/sessions", { token: owner.token });
    ids = {
      any: document,
      documents: document,
      batches: (
        await call("POST", "/api/v1/documents/bulk", {
          token: owner.token,
          body: JSON.stringify({ name: "owned.txt", content: "An owned line." }),
          headers: { "content-type": "application/x-ndjson" },
        })
      ).body.batch.id,
      sessions: sessions.body.data[0].id,
      employees: (await colleague(owner, "member")).userId,
      groups: (await make("groups", { name: "owned group" })).group.id,
      "api-keys": (await apiKey(owner, SCOPES)).id,
      "widget-keys": (await widgetVisitor(owner)).id,
      chat: (await make("chat", { message: "What does the owned recipe need?", stream: false })).session_id,
      messages: (await make("query/sync", { query: "What does the owned recipe need?" })).message_id,
      webhooks: (await make("webhooks", { url: "http://127.0.0.1:9/", events: ["batch.completed"] })).webhook
        .id,
      knowledge: (await make("knowledge/answers", { question: "Owned?", answer: "It is owned." })).answer.id,
      cases: (await make("evals/cases", { question: "Owned?", facts: ["owned"] })).case.id,
      runs: (await make("evals/run", { kind: "search", name: "owned" })).run.id,
      sources: (await make("sources", { url: "http://127.0.0.1:9/owned" })).source.id,
      invitations: (
        await make("employees", { email: `owned-${crypto.randomUUID()}@acme.test`, role: "member" })
      ).invitation.id,
    };
    theirs = await register("Stranger");
  });

  test.each(protectedRoutes.filter(({ path, action }) => path.includes(":") && action !== "platform"))(
    "$method $path is not found",
    async (route) => {
      const answer = await request(route, ids, bearer(theirs.token));
      expectStatus(answer, 404);
      expect(answer.text).not.toMatch(/owned|seven eggs/);
      const invented = await request(route, crypto.randomUUID(), bearer(theirs.token));
      const { request_id: _, ...body } = answer.body;
      const { request_id: __, ...same } = invented.body;
      expect(body).toEqual(same);
    },
  );

  test.each(["/api/v1/search", "/api/v1/query/sync", "/api/v1/query"])(
    "%s finds nothing of them, even when asked by id",
    async (path) => {
      for (const json of [
        { query: "recipe eggs" },
        { query: "recipe eggs", document_ids: [ids.documents] },
      ]) {
        const answer = await call("POST", path, { token: theirs.token, json });
        expectStatus(answer, 200);
        expect(answer.text).not.toMatch(/owned|seven eggs/);
      }
    },
  );
});
