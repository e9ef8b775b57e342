/** What is kept of a question and its answer. */
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { apiKey, bearer, widgetVisitor } from "../support/credentials.ts";
import { keptMessage, messagesOf } from "../support/messages.ts";
import type { Behaviour } from "../support/model-server.ts";
import { provider } from "../support/models.ts";
import { colleague, ctxFor } from "../support/people.ts";

const FERRY = { query: "When does the morning ferry leave?" };

let person: Person;
let manual: string;
beforeAll(async () => {
  person = await register("Harbour");
  manual = await ready(
    person,
    "manual.md",
    "# Ferries\n\nThe morning ferry leaves the northern harbour at half past six. Dogs must wear a muzzle on deck.",
    { access_level: "external" },
  );
}, 60_000);

async function withModel(...behaviours: Behaviour[]) {
  const config = await provider(...behaviours);
  return appWith((real) => ({ ports: { ...real.ports, chat: openaiChat(config) } }));
}

const asking = (headers: Record<string, string>, json: object = FERRY) =>
  call("POST", "/api/v1/query/sync", { headers, json });

describe("a question is kept with its answer", () => {
  test("under the id that the answer names", async () => {
    const answer = await asking(bearer(person.token));
    expectStatus(answer, 200);
    const kept = await keptMessage(answer.body.message_id);
    expect(kept).toMatchObject({
      org_id: person.orgId,
      session_id: null,
      channel: "api",
      user_id: person.userId,
      key_id: null,
      visitor_id: null,
      access: 1,
      question: FERRY.query,
      answer: answer.body.answer,
      status: "complete",
      failure_code: null,
      grounded: true,
      off_topic: false,
      model: "offline-extractive",
      mode: "offline",
      embedding_model: "offline-hash-768",
      document_ids: [manual],
      drawn_from: [manual],
    });
    expect(kept.ms).toEqual(answer.body.ms);
    expect(JSON.parse(kept.embedding)).toHaveLength(768);
    expect(kept.citations).toEqual(answer.body.citations);
    expect(kept.sources[0]).toMatchObject({ index: 1, document_id: manual, document_name: "manual.md" });
    expect(JSON.stringify(kept.sources), "the passage itself stays with its document").not.toContain(
      "muzzle",
    );
  });

  test("and a stream names it before the first word and at the end", async () => {
    const stream = await call("POST", "/api/v1/query", { token: person.token, json: FERRY });
    const named = [...stream.text.matchAll(/"message_id":"([^"]+)"/g)].map(([, id]) => id);
    expect(named).toHaveLength(2);
    expect(new Set(named).size).toBe(1);
    expect((await keptMessage(named[0] ?? "")).status).toBe("complete");
  });

  test("whoever asked: a key, a visitor of a widget", async () => {
    const admin = await register();
    const [key, visitor] = await Promise.all([apiKey(admin, ["chat"]), widgetVisitor(admin)]);
    const [byKey, byVisitor] = await Promise.all([asking(bearer(key.key)), asking(visitor.headers)]);
    expect(await keptMessage(byKey.body.message_id)).toMatchObject({
      channel: "api",
      key_id: key.id,
      user_id: null,
      visitor_id: null,
    });
    expect(await keptMessage(byVisitor.body.message_id)).toMatchObject({
      channel: "widget",
      access: 0,
      key_id: null,
      user_id: null,
      visitor_id: expect.any(String),
    });
  });

  test("also when the model fails before its first word, with the reason", async () => {
    const admin = await register();
    await ready(admin, "m.md", "The morning ferry leaves at half past six.");
    const app = await withModel({ do: "status", status: 400 });
    const answer = await app.call("POST", "/api/v1/query/sync", { token: admin.token, json: FERRY });
    expectStatus(answer, 502);
    await app.settled();
    const [kept] = await messagesOf(admin.orgId);
    expect(kept).toMatchObject({ status: "failed", failure_code: "model_failed", answer: null });
  });

  test("and when it breaks off in the middle, as far as it came", async () => {
    const app = await withModel({ do: "cut", text: "It leaves at half past" });
    const answer = await app.call("POST", "/api/v1/query", { token: person.token, json: FERRY });
    await app.settled();
    const id = /"message_id":"([^"]+)"/.exec(answer.text)?.[1] ?? "";
    expect(await keptMessage(id)).toMatchObject({
      status: "failed",
      failure_code: "model_unavailable",
      answer: "It leaves at half past",
      grounded: false,
      drawn_from: [manual],
    });
  });
});

describe("what is kept", () => {
  test("is seen by whoever asked, and by no colleague, key or admin", async () => {
    const member = await colleague(person, "member");
    const { body } = await asking(bearer(member.token));
    await keptMessage(body.message_id);
    const seenBy = async (ctx: Parameters<typeof tenantBatch>[0]) => {
      const [{ rows }] = await tenantBatch(ctx, (db) => [
        db.execute(sql`select id from kalamna.messages where id = ${body.message_id}`),
      ]);
      return rows.length;
    };
    expect(await seenBy(ctxFor(member, "member"))).toBe(1);
    expect(await seenBy(ctxFor(person, "admin"))).toBe(0);
    expect(await seenBy(ctxFor(await colleague(person, "viewer"), "viewer"))).toBe(0);
    expect(await seenBy(ctxFor(await register()))).toBe(0);
  });

  test("is written and changed by the product only", async () => {
    const attempt = (statement: ReturnType<typeof sql>) =>
      tenantBatch(ctxFor(person), (db) => [db.execute(statement)]);
    await expect(
      attempt(sql`insert into kalamna.messages (id, org_id, channel, user_id, access, question, status, created_at)
                  values (gen_random_uuid(), ${person.orgId}, 'api', ${person.userId}, 1, 'x', 'complete', now())`),
    ).rejects.toThrow(/row-level security/);
    const [changed] = await attempt(sql`update kalamna.messages set answer = 'x' returning id`);
    expect(changed.rows).toEqual([]);
  });

  test("loses what it says of a document when that is deleted, and keeps the rest", async () => {
    const admin = await register();
    const id = await ready(admin, "secret.md", "The morning ferry leaves at half past six from pier nine.");
    const { body } = await asking(bearer(admin.token));
    expect((await keptMessage(body.message_id)).answer).toContain("pier nine");
    expectStatus(await call("DELETE", `/api/v1/documents/${id}`, { token: admin.token }), 200);
    const kept = await keptMessage(body.message_id);
    expect(kept).toMatchObject({ question: FERRY.query, answer: null, citations: [], status: "complete" });
    expect(kept.sources).toEqual([{ index: 1, unavailable: true }]);
    expect(JSON.stringify(kept)).not.toMatch(/pier|secret\.md/);
  });

  test("goes with the person who asked", async () => {
    const admin = await register();
    const member = await colleague(admin, "member");
    const { body } = await asking(bearer(member.token));
    await keptMessage(body.message_id);
    expectStatus(await call("DELETE", `/api/v1/employees/${member.userId}`, { token: admin.token }), 200);
    expect(await messagesOf(admin.orgId)).toEqual([]);
  });
});
