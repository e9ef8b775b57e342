/**
 * The leak hunt: random requests in which ids, filters, cursors and headers of one organization are used by another.
 * It walks the app's own routes, so a new one is hunted without being named here.
 */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { type Answer, call, runtime } from "../support/api.ts";
import { type Credential, explore, fingerprint, type Territory, territory } from "./world.ts";

const REQUESTS = Number((env as unknown as { LEAK_REQUESTS: string }).LEAK_REQUESTS);

/** Would end the attacker's own session or organization, after which nothing is left to try. */
const SUICIDAL = new Set([
  "POST /api/v1/auth/logout",
  "POST /api/v1/auth/logout-all",
  "POST /api/v1/auth/password",
  "DELETE /api/v1/org",
]);
/** Answers about an e-mail address or a machine, not about an organization's things; their own tests guard them. */
const OUTSIDE =
  /^\/(health|dev|\.well-known)|\/auth\/(register|login|token|refresh|resend-code|verify-email|password|accept-invite)/;

const routes = [
  ...new Map(
    createApp(runtime())
      .routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => ({ method, path: path.replace(/\/$/, "") }))
      .filter(({ method, path }) => !SUICIDAL.has(`${method} ${path}`) && !OUTSIDE.test(path))
      .map((route) => [`${route.method} ${route.path}`, route] as const),
  ).values(),
];

let attacker: Territory;
let victims: Territory[];
let before: Record<string, string>[];
beforeAll(async () => {
  [attacker, ...victims] = (await Promise.all([territory(), territory(), territory()])) as [
    Territory,
    ...Territory[],
  ];
  const gets = routes.filter(({ method }) => method === "GET").map(({ path }) => path);
  for (const land of victims) await explore(land, gets);
  before = await Promise.all(victims.map(({ orgId }) => fingerprint(orgId)));
}, 120_000);

type Attack = {
  credential: Credential;
  route: { method: string; path: string };
  victim: Territory;
  /** Stands where the path, query and body name something. */
  foreign: string;
  query: [string, string][];
  body: Record<string, unknown>;
  extra: Record<string, string>;
};

const attack = (): fc.Arbitrary<Attack> =>
  fc
    .record({
      credential: fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom({ who: "nobody", headers: {} }) },
        // Those who may do most come furthest in, so they try most.
        ...attacker.credentials.map((credential) => ({
          weight: { admin: 12, "API key": 5 }[credential.who] ?? 3,
          arbitrary: fc.constant(credential),
        })),
      ),
      route: fc.constantFrom(...routes),
      victim: fc.constantFrom(...victims),
    })
    .chain(({ credential, route, victim }) => {
      const id = fc.constantFrom(...victim.ids);
      const ids = fc.array(id, { minLength: 1, maxLength: 3 });
      const bait = fc.constantFrom("vault code", "board meets Friday", "safe", "shop opens", "returns");
      const query = fc.oneof(
        fc.tuple(fc.constant("cursor"), fc.constantFrom("", ...victim.cursors)),
        fc.tuple(
          fc.constantFrom("actor_id", "target_id", "id", "org_id", "document_id", "group", "prefix"),
          id,
        ),
        fc.tuple(fc.constant("limit"), fc.constantFrom("1", "50", "200")),
        fc.tuple(fc.constant("format"), fc.constantFrom("text", "original")),
      );
      const body = fc.record(
        {
          query: bait,
          document_ids: ids,
          groups: ids,
          members: ids,
          metadata: fc.constantFrom({ kind: "secret" }, { kind: "public" }),
          access_level: fc.constantFrom("internal", "external"),
          filters: fc.oneof(
            fc.constantFrom(
              { type: "eq", key: "kind", value: "secret" },
              { type: "ne", key: "kind", value: "none" },
              { type: "eq", key: "document.access_level", value: "internal" },
            ),
            fc.record({
              type: fc.constantFrom("eq", "ne"),
              key: fc.constantFrom("document.id", "document.groups", "document.source_id", "owner"),
              value: id,
            }),
          ),
          org_id: id,
          id,
          name: fc.constantFrom("attempt.txt", "attempt"),
          content: fc.uuid().map((unique) => `An attempt ${unique}.`),
          email: fc.uuid().map((unique) => `${unique}@attempt.example`),
          role: fc.constantFrom("viewer", "member"),
          access: fc.constantFrom("internal", "external"),
          scopes: fc.constant(["search", "chat"]),
          origins: fc.constant(["https://attempt.example"]),
        },
        { requiredKeys: [] },
      );
      return fc.record({
        credential: fc.constant(credential),
        route: fc.constant(route),
        victim: fc.constant(victim),
        foreign: id,
        query: fc.array(query, { maxLength: 3 }),
        body: body.map((fields) => needs(route, fields)),
        extra: fc.constantFrom<Record<string, string>>(
          {},
          { "x-org-id": victim.orgId },
          { "x-kalamna-org": victim.orgId, origin: "https://shop.example" },
          { "last-event-id": "1" },
          { "idempotency-key": victim.ids[0] ?? "" },
        ),
      });
    });

/** Without these fields a request ends at validation, before it could leak anything. */
function needs({ path }: { path: string }, fields: Record<string, unknown>): Record<string, unknown> {
  const { query, document_ids, metadata, access_level, filters } = fields;
  if (/\/(search|query)/.test(path)) {
    const given = { query: query ?? "safe", document_ids, metadata, access_level, filters };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  }
  if (path.endsWith("/chat")) {
    // Half of the time as the AI SDK asks.
    const parts = [{ type: "text", text: query ?? "safe" }];
    return fields.name
      ? { id: fields.id ?? fields.name, messages: [{ id: "1", role: "user", parts }], document_ids }
      : { message: query ?? "safe", session_id: fields.id, document_ids, stream: false };
  }
  if (path.endsWith("/evals/run"))
    return { kind: "search", configurations: [{ access_level, filters, metadata }] };
  if (path.endsWith("/evals/cases")) return { question: `Attempt ${fields.content}`, document_ids };
  if (path.endsWith("/documents/delete")) return { ids: document_ids ?? [] };
  if (path === "/mcp") return message(fields);
  return { name: "attempt.txt", ...fields };
}

/** As an MCP client would ask: a tool with whatever arguments it takes, or a resource. */
function message({ role, ...fields }: Record<string, unknown>): Record<string, unknown> {
  const { query = "safe", document_ids, metadata, access_level, id } = fields;
  const given = (args: object) =>
    Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  const filtered = given({ query, document_ids, metadata, access_level });
  const [method, params] =
    id === undefined
      ? ["tools/call", { name: role === "viewer" ? "ask" : "search", arguments: filtered }]
      : role === "viewer"
        ? ["tools/call", { name: "get_document", arguments: { id } }]
        : role === "member"
          ? ["resources/read", { uri: `kalamna://documents/${id}` }]
          : [
              "tools/call",
              {
                name: "upload_document",
                arguments: given({
                  name: "attempt.txt",
                  content: "An attempt.",
                  external_id: id,
                  groups: fields.groups,
                }),
              },
            ];
  return { jsonrpc: "2.0", id: 1, method, params };
}

/** A run keeps the filters that its author wrote, whatever they name; there they may be read again. */
const RUN = "/api/v1/evals/run";

async function send({ credential, route, query, body, extra }: Attack, id: string): Promise<Answer> {
  const search = new URLSearchParams(query).toString();
  const path = route.path.replace(/:[a-z_]+/gi, id) + (search && `?${search}`);
  const hasBody = !["GET", "DELETE"].includes(route.method);
  return call(route.method, path, {
    headers: { ...extra, ...credential.headers },
    ...(hasBody ? { json: body } : {}),
  });
}

/** What an answer says once what was asked for and what is always new is taken out. */
function essence(answer: Answer, id: string): string {
  return `${answer.status} ${answer.text}`
    .replaceAll(id, "ID")
    .replace(/"request_id":"[^"]*"/g, "")
    .replace(/"(ms|auth|limits|embed|database|until_model|first_token|generate)":[\d.]+/g, "")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "UUID");
}

test(`${REQUESTS} random requests with another organization's ids, cursors and filters bring nothing of it to light`, async () => {
  const seen = { requests: 0, answered: 0, routes: new Set<string>() };
  const noted: unknown[] = [];
  // Whoever calls a conversation of their own by a stolen id finds it by that id.
  const called = new Set<string>();
  await fc.assert(
    fc.asyncProperty(attack(), async (tried) => {
      const { victim, foreign, route, credential } = tried;
      const answer = await send(tried, foreign);
      seen.requests += 1;
      seen.routes.add(`${route.method} ${route.path}`);
      if (answer.status < 400) seen.answered += 1;
      if (route.method === "POST" && route.path === RUN) noted.push(tried.body);
      if (route.path.endsWith("/chat")) called.add(`${credential.who} ${tried.body.id}`);
      const what = `${credential.who}: ${route.method} ${route.path} → ${answer.status} ${answer.text.slice(0, 500)}`;

      expect(answer.status, what).toBeLessThan(500);
      const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      for (const haystack of [answer.text, headers]) {
        expect(haystack.includes(victim.canary), what).toBe(false);
        const own = route.path.startsWith(RUN) ? noted : [];
        const sent = JSON.stringify([foreign, tried.query, tried.body, tried.extra, own]);
        const leaked = victim.ids.filter((id) => haystack.includes(id) && !sent.includes(id));
        expect(leaked, what).toEqual([]);
      }
      if (!route.path.includes(":") || called.has(`${credential.who} ${foreign}`)) return;
      // Whether the id exists elsewhere must make no difference at all.
      const invented = crypto.randomUUID();
      const twin = await send(tried, invented);
      seen.requests += 1;
      expect(essence(answer, foreign), what).toBe(essence(twin, invented));
      expect(answer.status, what).toBeGreaterThanOrEqual(400);
    }),
    // A dozen tries a route leave one in ten thousand hunts with a route untried.
    { numRuns: Math.max(Math.ceil(REQUESTS / 1.4), routes.length * 14), endOnFailure: true },
  );
  expect(seen.requests).toBeGreaterThanOrEqual(REQUESTS * 0.9);
  expect(seen.routes.size).toBe(routes.length);
  // Were every request refused, the hunt would prove nothing.
  // About one in ten is answered; how many exactly is chance.
  expect(seen.answered).toBeGreaterThan(REQUESTS / 20);
}, 1_800_000);

test("and the other organizations are, to the last row, as they were", async () => {
  expect(await Promise.all(victims.map(({ orgId }) => fingerprint(orgId)))).toEqual(before);
});
