/** The table guards itself: every route of the app against the callers it must refuse. */
import type { Hono } from "hono";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { guarded } from "../../src/http/auth.ts";
import { type Action, may, PERMISSIONS } from "../../src/http/permissions.ts";
import type { HttpEnv } from "../../src/http/types.ts";
import { call, expectStatus, type Person, ready, register, runtime } from "../support/api.ts";
import { colleague } from "../support/people.ts";

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
  "POST /api/v1/search": { query: "anything" },
  "POST /api/v1/query": { query: "anything" },
  "POST /api/v1/query/sync": { query: "anything" },
};
const request = ({ method, path }: Route, id: string, token?: string) =>
  call(method, path.replace(":id", id), {
    token,
    ...(method === "POST" ? { json: BODIES[`${method} ${path}`] ?? {} } : {}),
  });

test("every route is either public on purpose or names its permission", () => {
  const open = routes
    .filter(({ action }) => action === undefined)
    .map(({ method, path }) => `${method} ${path}`);
  expect(open.sort()).toEqual([...PUBLIC].sort());
  expect(protectedRoutes.length).toBeGreaterThan(8);
});

describe("without a token", () => {
  test.each(protectedRoutes)("$method $path answers 401", async (route) => {
    expectStatus(await request(route, crypto.randomUUID()), 401);
  });
});

describe("with a role", () => {
  let admin: Person;
  beforeAll(async () => {
    admin = await register();
  });

  test.each(protectedRoutes)("$method $path answers 403 to exactly those who may not", async (route) => {
    for (const role of ["admin", "member", "viewer"] as const) {
      const person = await colleague(admin, role);
      const { status } = await request(route, crypto.randomUUID(), person.token);
      expect(status === 403, `${role}: ${status}`).toBe(
        route.action === "platform" || !may(role, route.action!),
      );
      expect(status, role).toBeLessThan(500);
    }
  });

  test("no permission is left unused", () => {
    expect(new Set(protectedRoutes.map(({ action }) => action))).toEqual(new Set(Object.keys(PERMISSIONS)));
  });
});

describe("with another organization's ids", () => {
  let theirs: Person;
  let document: string;
  beforeAll(async () => {
    const owner = await register("Owner");
    document = await ready(owner, "owned.txt", "The owner's recipe needs seven eggs.", {
      access_level: "external",
    });
    theirs = await register("Stranger");
  });

  test.each(protectedRoutes.filter(({ path }) => path.includes(":")))(
    "$method $path is not found",
    async (route) => {
      const answer = await request(route, document, theirs.token);
      expectStatus(answer, 404);
      expect(answer.text).not.toMatch(/owned|seven eggs/);
      const invented = await request(route, crypto.randomUUID(), theirs.token);
      const { request_id: _, ...body } = answer.body;
      const { request_id: __, ...same } = invented.body;
      expect(body).toEqual(same);
    },
  );

  test.each(["/api/v1/search", "/api/v1/query/sync", "/api/v1/query"])(
    "%s finds nothing of them, even when asked by id",
    async (path) => {
      for (const json of [{ query: "recipe eggs" }, { query: "recipe eggs", document_ids: [document] }]) {
        const answer = await call("POST", path, { token: theirs.token, json });
        expectStatus(answer, 200);
        expect(answer.text).not.toMatch(/owned|seven eggs/);
      }
    },
  );
});
