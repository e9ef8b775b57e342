/** Whose a conversation is: every route, tried by everybody else. */
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { type Answer, call, expectStatus, type Person, ready, register, tokenFor } from "../support/api.ts";
import { apiKey, bearer, type Headers, widgetVisitor } from "../support/credentials.ts";
import { keptMessage } from "../support/messages.ts";
import { baseCtx, colleague, ctxFor } from "../support/people.ts";

type Caller = { headers: Headers; endUser?: string };

let admin: Person;
let member: Person;
let key: { id: string; key: string };
let visitor: Caller;
beforeAll(async () => {
  admin = await register("Quay");
  await ready(admin, "quay.md", "The quay opens at seven. The crane operator is called Ruprecht.", {
    access_level: "external",
  });
  [member, key, visitor] = await Promise.all([
    colleague(admin, "member"),
    apiKey(admin, ["chat"]),
    widgetVisitor(admin),
  ]);
}, 60_000);

const query = ({ endUser }: Caller) =>
  endUser === undefined ? "" : `?end_user=${encodeURIComponent(endUser)}`;

/** Every way to reach a conversation by its id. */
const WAYS: [string, (who: Caller, id: string) => Promise<Answer>][] = [
  ["asks in it", (who, id) => say(who, "And when does it close?", id)],
  ["reads it", (who, id) => call("GET", `/api/v1/chat/sessions/${id}${query(who)}`, who)],
  ["takes it away", (who, id) => call("GET", `/api/v1/chat/sessions/${id}/export${query(who)}`, who)],
  [
    "renames it",
    (who, id) =>
      call("PATCH", `/api/v1/chat/sessions/${id}${query(who)}`, { ...who, json: { title: "Mine" } }),
  ],
  ["stops it", (who, id) => call("POST", `/api/v1/chat/${id}/stop${query(who)}`, who)],
  ["follows it", (who, id) => call("GET", `/api/v1/chat/${id}/stream${query(who)}`, who)],
  ["deletes it", (who, id) => call("DELETE", `/api/v1/chat/sessions/${id}${query(who)}`, who)],
];

function say(who: Caller, message: string, session_id?: string): Promise<Answer> {
  const json = {
    message,
    stream: false,
    ...(session_id ? { session_id } : {}),
    ...(who.endUser === undefined ? {} : { end_user: who.endUser }),
  };
  return call("POST", "/api/v1/chat", { headers: who.headers, json });
}

async function conversation(who: Caller): Promise<string> {
  const answer = await say(who, "When does the quay open?");
  expectStatus(answer, 200);
  await keptMessage(answer.body.message_id);
  return answer.body.session_id;
}

const listed = async (who: Caller, more = "") => {
  const answer = await call("GET", `/api/v1/chat/sessions${query(who) || "?"}${more}`, who);
  expectStatus(answer, 200);
  return answer.body.data.map(({ id }: { id: string }) => id) as string[];
};

describe("a conversation", () => {
  const owners: [string, () => Caller][] = [
    ["a person", () => ({ headers: bearer(member.token) })],
    ["a key", () => ({ headers: bearer(key.key) })],
    ["a key's own user", () => ({ headers: bearer(key.key), endUser: "user 1" })],
    ["a widget's visitor", () => visitor],
  ];

  test.each(owners)(
    "of %s is not found by anybody else",
    async (_, ownerOf) => {
      const owner = ownerOf();
      const [otherKey, otherVisitor, viewer, guest, stranger] = await Promise.all([
        apiKey(admin, ["chat"]),
        widgetVisitor(admin),
        colleague(admin, "viewer"),
        colleague(admin, "member", "external"),
        register("Elsewhere"),
      ]);
      const everybody: [string, Caller][] = [
        ["the admin", { headers: bearer(admin.token) }],
        ["a colleague", { headers: bearer(viewer.token) }],
        ["an external colleague", { headers: bearer(guest.token) }],
        ["the person", { headers: bearer(member.token) }],
        ["the key", { headers: bearer(key.key) }],
        ["the key for user 1", { headers: bearer(key.key), endUser: "user 1" }],
        ["the key for user 2", { headers: bearer(key.key), endUser: "user 2" }],
        ["another key", { headers: bearer(otherKey.key) }],
        ["another key for user 1", { headers: bearer(otherKey.key), endUser: "user 1" }],
        ["the visitor", visitor],
        ["another visitor", { headers: otherVisitor.headers }],
        ["another organization", { headers: bearer(stranger.token) }],
      ];
      const others = everybody.filter(
        ([, { headers, endUser }]) =>
          headers.authorization !== owner.headers.authorization || endUser !== owner.endUser,
      );
      expect(others).toHaveLength(everybody.length - 1);
      const id = await conversation(owner);
      for (const [who, caller] of others) {
        for (const [what, tryIt] of WAYS) {
          const answer = await tryIt(caller, id);
          expect(answer.status, `${who} ${what}: ${answer.text.slice(0, 300)}`).toBe(404);
          expect(answer.text).not.toContain("Ruprecht");
        }
        expect(await listed(caller), who).not.toContain(id);
      }
      expect(await listed(owner)).toContain(id);
      for (const [what, tryIt] of WAYS) {
        const answer = await tryIt(owner, id);
        const wanted = { "stops it": 409, "follows it": 204 }[what] ?? 200;
        expect(answer.status, `${what}: ${answer.text.slice(0, 300)}`).toBe(wanted);
        if (what === "asks in it") await keptMessage(answer.body.message_id);
      }
    },
    120_000,
  );

  test("names an end user only where a key asks", async () => {
    const answer = await say(
      { headers: bearer(member.token), endUser: "user 1" },
      "When does the quay open?",
    );
    expectStatus(answer, 400);
  });

  test("whose id was guessed before is nobody's to begin", async () => {
    const answer = await say({ headers: bearer(member.token) }, "Hello?", crypto.randomUUID());
    expectStatus(answer, 404);
  });

  test("is written into by no statement of somebody else, whatever a route forgot", async () => {
    const id = await conversation({ headers: bearer(member.token) });
    const asAdmin = (statement: ReturnType<typeof sql>) =>
      tenantBatch(ctxFor(admin), (db) => [db.execute(statement)]);
    await expect(
      asAdmin(sql`insert into kalamna.messages (id, org_id, session_id, channel, user_id, access, question, status, created_at)
                  values (gen_random_uuid(), ${admin.orgId}, ${id}, 'chat', ${admin.userId}, 1, 'x', 'answering', now())`),
    ).rejects.toThrow(/row-level security/);
    for (const statement of [
      sql`update kalamna.chat_sessions set title = 'x' where id = ${id} returning id`,
      sql`delete from kalamna.chat_sessions where id = ${id} returning id`,
      sql`select from kalamna.messages where session_id = ${id}`,
      sql`select from kalamna.message_events`,
    ]) {
      const [{ rows }] = await asAdmin(statement);
      expect(rows).toEqual([]);
    }
  });

  test("goes with the person, and an earlier reader's rights are not a later one's", async () => {
    const reader = await colleague(admin, "member");
    await ready(admin, "inside.md", "The strongroom is behind the boiler.", { access_level: "internal" });
    const answer = await say({ headers: bearer(reader.token) }, "Where is the strongroom?");
    expectStatus(answer, 200);
    await keptMessage(answer.body.message_id);
    const { session_id } = answer.body;
    const read = (who: Person) => call("GET", `/api/v1/chat/sessions/${session_id}`, { token: who.token });
    expect((await read(reader)).text).toContain("boiler");
    const changed = await call("PATCH", `/api/v1/employees/${reader.userId}`, {
      token: admin.token,
      json: { access: "external" },
    });
    expectStatus(changed, 200);
    const { db } = baseCtx().ports;
    const { rows } = await db.execute<{ token_version: number }>(
      sql`select token_version from kalamna.users where id = ${reader.userId}`,
    );
    const token = await tokenFor({
      orgId: admin.orgId,
      userId: reader.userId,
      role: "member",
      access: "external",
      tokenVersion: rows[0]!.token_version,
    });
    const lowered = await read({ ...reader, token });
    expectStatus(lowered, 200);
    expect(lowered.body.messages[0]).toMatchObject({ answer: null, withheld: true, citations: [] });
    expect(lowered.text).not.toMatch(/boiler|inside\.md/);
    expectStatus(await call("DELETE", `/api/v1/employees/${reader.userId}`, { token: admin.token }), 200);
    const left = await db.execute(sql`
      select from kalamna.chat_sessions where id = ${session_id}
      union all select from kalamna.messages where session_id = ${session_id}`);
    expect(left.rows).toEqual([]);
  });
});

describe("where the organization says that admins read conversations", () => {
  test("they do, each time is in the audit log, and they change nothing", async () => {
    const boss = await register("Open book");
    const worker = await colleague(boss, "member");
    await ready(boss, "quay.md", "The quay opens at seven.", { access_level: "external" });
    const id = await conversation({ headers: bearer(worker.token) });
    const asBoss = { headers: bearer(boss.token) };
    const others = () => call("GET", "/api/v1/chat/sessions?of=everyone", asBoss);
    expectStatus(await others(), 403);
    const settings = { admins_read_sessions: true };
    expectStatus(await call("PATCH", "/api/v1/org", { token: boss.token, json: { settings } }), 200);
    const seen = await others();
    expectStatus(seen, 200);
    expect(seen.body.data).toEqual([expect.objectContaining({ id, owner: { user_id: worker.userId } })]);
    expect(await listed(asBoss, "of=me"), "their own list stays their own").toEqual([]);
    expect(await listed(asBoss, `of=${worker.userId}`)).toEqual([id]);
    const read = await call("GET", `/api/v1/chat/sessions/${id}`, asBoss);
    expectStatus(read, 200);
    expect(read.text).toContain("seven");
    expectStatus(await call("GET", `/api/v1/chat/sessions/${id}/export`, asBoss), 200);
    for (const [what, tryIt] of WAYS) {
      if (what === "reads it" || what === "takes it away") continue;
      const answer = await tryIt(asBoss, id);
      expect(answer.status, `${what}: ${answer.text.slice(0, 300)}`).toBe(404);
    }
    const log = await call("GET", "/api/v1/audit?limit=50", asBoss);
    const acts = log.body.data.filter(({ action }: any) => action.startsWith("chat_session"));
    expect(acts.map(({ action, target }: any) => [action, target?.id ?? null])).toEqual([
      ["chat_session.exported", id],
      ["chat_session.read", id],
      ["chat_sessions.listed", worker.userId],
      ["chat_sessions.listed", null],
    ]);
    // Whoever reads their own is nobody's business, and no one but an admin reads others'.
    expectStatus(await call("GET", `/api/v1/chat/sessions/${id}`, { headers: bearer(worker.token) }), 200);
    expectStatus(
      await call("GET", "/api/v1/chat/sessions?of=everyone", { headers: bearer(worker.token) }),
      403,
    );
    const after = await call("GET", "/api/v1/audit?limit=50", asBoss);
    expect(after.body.data.filter(({ action }: any) => action.startsWith("chat_session"))).toHaveLength(
      acts.length,
    );
  });
});
