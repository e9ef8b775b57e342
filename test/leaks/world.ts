/** Organizations full of things worth stealing, and everything about them that a thief could hold in hand. */
import { sql } from "drizzle-orm";
import { vi } from "vitest";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { connectLogs, linesOf, newLogs } from "../support/logs.ts";
import { keptMessage } from "../support/messages.ts";
import { baseCtx, colleague } from "../support/people.ts";

export type Credential = { who: string; headers: Record<string, string> };

export type Territory = {
  /** Stands in every name and text of this organization and nowhere else. */
  canary: string;
  orgId: string;
  admin: Person;
  credentials: Credential[];
  /** Every id that its own admin can see. */
  ids: string[];
  cursors: string[];
};

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const WIDGET_ORIGIN = "https://shop.example";

const word = () =>
  `zq${Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => String.fromCharCode(97 + (byte % 26))).join("")}`;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export async function territory(): Promise<Territory> {
  const canary = word();
  const admin = await register(`${canary} Ltd`);
  const [member, viewer, guest] = await Promise.all([
    colleague(admin, "member"),
    colleague(admin, "viewer"),
    colleague(admin, "member", "external"),
  ]);
  const create = async (path: string, json: unknown) => {
    const answer = await call("POST", `/api/v1${path}`, { token: admin.token, json });
    expectStatus(answer, 201);
    return answer.body;
  };
  const { group } = await create("/groups", { name: `${canary} board` });
  await create("/employees", { email: `${canary}@invited.example`, role: "member" });
  const key = await create("/api-keys", {
    name: `${canary} key`,
    scopes: ["documents:read", "documents:write", "search", "chat", "evals"],
  });
  const widget = await create("/widget-keys", { name: `${canary} widget`, allowed_origins: [WIDGET_ORIGIN] });
  // Nothing happens that it would hear of: the hunt's fingerprints stand still.
  await create("/webhooks", {
    url: `http://127.0.0.1:9/${canary}`,
    description: canary,
    events: ["batch.completed"],
  });
  await connectLogs(admin, await newLogs(linesOf({ message: `The ${canary} till is open.` })), {
    bearer: canary,
    redaction: { rules: [{ name: "till", pattern: canary }] },
  });
  await create("/knowledge/answers", {
    question: `Who owns the ${canary} shop?`,
    answer: `The ${canary} family owns it.`,
    variants: [`${canary} owner`],
    access_level: "external",
  });
  await create("/evals/cases", { question: `What is the ${canary} vault code?`, facts: [`7341 ${canary}`] });
  await Promise.all([
    ready(
      admin,
      `${canary}-internal.txt`,
      `The ${canary} vault code is 7341. The safe stands in room ${canary}.`,
      {
        access_level: "internal",
        metadata: { owner: canary, kind: "secret" },
      },
    ),
    ready(
      admin,
      `${canary}-external.md`,
      `# ${canary}\n\nThe ${canary} shop opens at nine. Returns take thirty days.`,
      {
        access_level: "external",
        metadata: { owner: canary, kind: "public" },
      },
    ),
    ready(admin, `${canary}-board.txt`, `The ${canary} board meets on Friday to sell the company.`, {
      access_level: "internal",
      groups: [group.id],
    }),
    ready(member, `${canary}-member.txt`, `The ${canary} member keeps a diary about the safe.`),
  ]);
  const token = await call("POST", "/api/v1/widget/token", {
    headers: { origin: WIDGET_ORIGIN },
    json: { key: widget.widget_key.key },
  });
  expectStatus(token, 200);
  // What was asked and answered: conversations of a person and of a key's own user.
  for (const [bearer, more] of [
    [admin.token, {}],
    [key.key, { end_user: `${canary} reader` }],
  ] as const) {
    const chat = await call("POST", "/api/v1/chat", {
      token: bearer,
      json: { message: `What is the ${canary} vault code?`, stream: false, ...more },
    });
    expectStatus(chat, 200);
    await keptMessage(chat.body.message_id);
  }
  const run = await call("POST", "/api/v1/evals/run", { token: admin.token, json: { name: canary } });
  expectStatus(run, 202);
  // The hunt's fingerprints stand still.
  await vi.waitUntil(
    async () => {
      const path = `/api/v1/evals/runs/${run.body.run.id}`;
      return (await call("GET", path, { token: admin.token })).body.run.status === "done";
    },
    { timeout: 20_000, interval: 100 },
  );
  const credentials: Credential[] = [
    { who: "admin", headers: bearer(admin.token) },
    { who: "member", headers: bearer(member.token) },
    { who: "viewer", headers: bearer(viewer.token) },
    { who: "external member", headers: bearer(guest.token) },
    { who: "API key", headers: bearer(key.key) },
    { who: "widget", headers: { ...bearer(token.body.token), origin: WIDGET_ORIGIN } },
  ];
  return { canary, orgId: admin.orgId, admin, credentials, ids: [admin.orgId], cursors: [] };
}

/** Fills in `ids` and `cursors` by reading all that the organization's own admin can read. */
export async function explore(land: Territory, getRoutes: readonly string[]): Promise<void> {
  const ids = new Set(land.ids);
  const cursors = new Set<string>();
  const visit = async (path: string) => {
    const { text, body } = await call("GET", path, { token: land.admin.token });
    for (const id of text.match(UUID) ?? []) ids.add(id);
    if (typeof body?.request_id === "string") ids.delete(body.request_id);
    if (typeof body?.next_cursor === "string") cursors.add(body.next_cursor);
  };
  for (const route of getRoutes.filter((path) => !path.includes(":"))) {
    await visit(route);
    await visit(`${route}?limit=1`);
  }
  const documents = await call("GET", "/api/v1/documents", { token: land.admin.token });
  for (const { id } of documents.body.data) await visit(`/api/v1/documents/${id}/chunks`);
  const runs = await call("GET", "/api/v1/evals/runs", { token: land.admin.token });
  for (const { id } of runs.body.data) await visit(`/api/v1/evals/runs/${id}`);
  const chats = await call("GET", "/api/v1/chat/sessions", { token: land.admin.token });
  for (const { id } of chats.body.data) await visit(`/api/v1/chat/sessions/${id}`);
  land.ids = [...ids];
  land.cursors = [...cursors];
}

/** A fingerprint of every row an organization has in every table. */
export async function fingerprint(orgId: string): Promise<Record<string, string>> {
  const { db } = baseCtx().ports;
  const { rows: tables } = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
     where c.relnamespace = 'kalamna'::regnamespace and c.relkind = 'r' and not a.attisdropped order by 1`);
  const prints: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await db.execute<{ print: string }>(sql`
      select count(*) || ':' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as print
        from ${sql.raw(`kalamna.${name}`)} t where org_id = ${orgId}`);
    prints[name] = rows[0]?.print ?? "";
  }
  return prints;
}
