import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { accountBatch, tenantBatch } from "../../src/infra/db/tenant.ts";
import { call, expectStatus, finished, type Person, ready, register, runtime } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { messagesOf } from "../support/messages.ts";
import type { Behaviour } from "../support/model-server.ts";
import { hungUp, provider, requestsOf } from "../support/models.ts";
import { baseCtx, colleague, ctxFor } from "../support/people.ts";
import { superadmin } from "../support/platform.ts";
import { setQuota } from "../support/quotas.ts";

const QUESTION = { query: "When does the morning ferry leave?" };
const ask = (person: Person, json: unknown = QUESTION) =>
  call("POST", "/api/v1/query/sync", { token: person.token, json });
const usage = async (person: Person) => {
  const answer = await call("GET", "/api/v1/usage", { token: person.token });
  expectStatus(answer, 200);
  return answer.body;
};

async function harbour(): Promise<Person> {
  const person = await register("Harbour");
  await ready(person, "manual.txt", "The morning ferry leaves the northern harbour at half past six.");
  return person;
}

describe("questions", () => {
  test("are counted, and the headers say how many are left", async () => {
    const person = await harbour();
    await setQuota(person, { questions: 3 });
    const first = await ask(person);
    expectStatus(first, 200);
    expect(first.headers.get("ratelimit-policy")).toMatch(/"questions";q=3;w=\d{7}/);
    expect(first.headers.get("ratelimit")).toMatch(/^"questions";r=2;t=\d+$/);
    expect((await usage(person)).questions).toEqual({ used: 1, limit: 3 });
  });

  test("past the month's number are refused with the moment there are more", async () => {
    const person = await harbour();
    await setQuota(person, { questions: 1 });
    expectStatus(await ask(person), 200);
    const refused = await ask(person);
    expectStatus(refused, 429);
    const next = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1));
    expect(refused.body).toMatchObject({ code: "quota_exceeded", quota: "questions", limit: 1, used: 1 });
    expect(Date.parse(refused.body.resets_at)).toBe(next.getTime());
    const seconds = Number(refused.headers.get("retry-after"));
    expect(Math.abs(seconds - (next.getTime() - Date.now()) / 1000)).toBeLessThan(60);
    const stream = await call("POST", "/api/v1/query", { token: person.token, json: QUESTION });
    expectStatus(stream, 429);
    expect((await usage(person)).questions.used).toBe(1);
  });

  test("asked at the same moment do not get past the number", async () => {
    const person = await harbour();
    await setQuota(person, { questions: 5 });
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => ask(person)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
  });

  test("of one organization do not count for another", async () => {
    const [one, other] = await Promise.all([harbour(), harbour()]);
    await Promise.all([setQuota(one, { questions: 1 }), setQuota(other, { questions: 1 })]);
    expectStatus(await ask(one), 200);
    expectStatus(await ask(other), 200);
  });

  test("are unlimited when nobody set a number", async () => {
    const person = await harbour();
    const answer = await ask(person);
    expectStatus(answer, 200);
    expect(answer.headers.get("ratelimit")).toBeNull();
    expect((await usage(person)).questions).toEqual({ used: 1, limit: null });
  });

  test("count for whoever asks: a person, a key, a widget", async () => {
    const person = await harbour();
    const { body } = await call("POST", "/api/v1/api-keys", {
      token: person.token,
      json: { name: "Bot", scopes: ["chat"] },
    });
    await setQuota(person, { questions: 2 });
    expectStatus(await ask({ ...person, token: body.key }), 200);
    expectStatus(await ask(person), 200);
    expectStatus(await ask({ ...person, token: body.key }), 429);
  });

  test("are not what a search is", async () => {
    const person = await harbour();
    expectStatus(await call("POST", "/api/v1/search", { token: person.token, json: QUESTION }), 200);
    expect(await usage(person)).toMatchObject({ questions: { used: 0 }, tokens: { used: 0 } });
  });
});

describe("tokens", () => {
  let person: Person;
  beforeAll(async () => {
    person = await harbour();
  });

  /** Asks through a scripted model; resolves when the cost is settled. */
  async function askModel(asker: Person, ...behaviours: Behaviour[]) {
    const config = await provider(...behaviours);
    const app = appWith((real) => ({ ports: { ...real.ports, chat: openaiChat(config) } }));
    const answer = await app.call("POST", "/api/v1/query/sync", { token: asker.token, json: QUESTION });
    await app.settled();
    return { answer, asked: (await requestsOf(config)).length };
  }

  test("are what the model reports", async () => {
    const asker = await harbour();
    const { answer } = await askModel(asker, { do: "answer", text: "At half past six [1].", usage: true });
    expectStatus(answer, 200);
    const { prompt_tokens, completion_tokens } = answer.body.usage;
    expect((await usage(asker)).tokens.used).toBe(prompt_tokens + completion_tokens);
  });

  test("are estimated when the model does not report them", async () => {
    const asker = await harbour();
    const { answer } = await askModel(asker, { do: "answer", text: "At half past six [1].", usage: false });
    expectStatus(answer, 200);
    const { used } = (await usage(asker)).tokens;
    expect(used).toBeGreaterThan(10);
    expect(used).toBeLessThan(200);
  });

  test("are given back when the model fails, and the question with them", async () => {
    const asker = await harbour();
    const { answer } = await askModel(asker, { do: "status", status: 401 });
    expectStatus(answer, 502);
    expect(await usage(asker)).toMatchObject({ questions: { used: 0 }, tokens: { used: 0 } });
  });

  test("of an answer that broke off are those that were written", async () => {
    const asker = await harbour();
    await askModel(asker, { do: "cut", text: "It leaves at half " });
    const { questions, tokens } = await usage(asker);
    expect(questions.used).toBe(1);
    expect(tokens.used).toBeGreaterThan(5);
    expect(tokens.used).toBeLessThan(200);
  });

  test("of somebody who is removed while they are answered count, and nothing of it is kept", async () => {
    const admin = await harbour();
    const asker = await colleague(admin, "member");
    const config = await provider({ do: "answer", text: "At half past six [1].", usage: true, everyMs: 300 });
    const app = appWith((real) => ({ ports: { ...real.ports, chat: openaiChat(config) } }));
    const asked = app.call("POST", "/api/v1/query/sync", { token: asker.token, json: QUESTION });
    await vi.waitUntil(async () => (await requestsOf(config)).length === 1);
    expectStatus(await call("DELETE", `/api/v1/employees/${asker.userId}`, { token: admin.token }), 200);
    const answer = await asked;
    expectStatus(answer, 200);
    await app.settled();
    const { prompt_tokens, completion_tokens } = answer.body.usage;
    expect((await usage(admin)).tokens.used).toBe(prompt_tokens + completion_tokens);
    expect(await messagesOf(admin.orgId)).toEqual([]);
  });

  test("of an answer that nobody waits for any longer are those that were written, and the model stops", async () => {
    const asker = await harbour();
    const text = "It leaves at half past six, as every morning. ".repeat(50);
    const config = await provider({ do: "answer", text, everyMs: 20 });
    const real = runtime();
    const app = createApp({ ...real, ports: { ...real.ports, chat: openaiChat(config) } });
    const pending: Promise<unknown>[] = [];
    const execution = {
      waitUntil: (work: Promise<unknown>) => void pending.push(work),
    } as unknown as ExecutionContext;
    const response = await app.request(
      "/api/v1/query",
      {
        method: "POST",
        headers: { authorization: `Bearer ${asker.token}`, "content-type": "application/json" },
        body: JSON.stringify(QUESTION),
      },
      {},
      execution,
    );
    const reader = response.body!.getReader();
    for (let read = 0; read < 5; read++) await reader.read();
    await reader.cancel();
    await hungUp(config);
    await vi.waitUntil(() => pending.length > 0);
    await Promise.all(pending);
    const { questions, tokens } = await usage(asker);
    expect(questions.used).toBe(1);
    expect(tokens.used).toBeGreaterThan(20);
    expect(tokens.used).toBeLessThan(300);
  });

  test("are set aside before the model is asked: past the budget it is not asked at all", async () => {
    const asker = await harbour();
    await setQuota(asker, { tokens: 1_000 });
    const { answer, asked } = await askModel(asker, { do: "answer", text: "At half past six [1]." });
    expectStatus(answer, 429);
    expect(answer.body).toMatchObject({ code: "quota_exceeded", quota: "tokens", limit: 1_000 });
    expect(asked).toBe(0);
    expect(await usage(asker)).toMatchObject({ questions: { used: 0 }, tokens: { used: 0 } });
  });

  test("do not suffice: an organization that chose so gets the answer that needs no model", async () => {
    const asker = await harbour();
    await setQuota(asker, { tokens: 1_000 });
    await accountBatch(baseCtx(), (db) => [
      db.execute(sql`update kalamna.organizations set settings = '{"over_budget": "extractive"}'
                      where id = ${asker.orgId}`),
    ]);
    const { answer, asked } = await askModel(asker, { do: "answer", text: "At noon." });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({ mode: "offline", degraded: "over_budget", grounded: true });
    expect(answer.body.answer).toContain("half past six");
    expect(asked).toBe(0);
    expect(await usage(asker)).toMatchObject({ questions: { used: 1 }, tokens: { used: 0 } });
  });

  test("are not needed without a model", async () => {
    await setQuota(person, { tokens: 0 });
    expectStatus(await ask(person), 200);
  });
});

describe("documents and storage", () => {
  const upload = (person: Person, content: string) =>
    call("POST", "/api/v1/documents", { token: person.token, json: { name: "a.txt", content } });

  test("past the number are refused, and one deleted makes room", async () => {
    const person = await register();
    await setQuota(person, { documents: 1 });
    const first = await upload(person, "The first.");
    expectStatus(first, 202);
    const refused = await upload(person, "The second.");
    expectStatus(refused, 402);
    expect(refused.body).toMatchObject({ code: "quota_full", quota: "documents", limit: 1, used: 1 });
    expectStatus(await upload(person, "The first."), 200);
    await finished(person, first.body.document.id);
    expectStatus(
      await call("DELETE", `/api/v1/documents/${first.body.document.id}`, { token: person.token }),
      200,
    );
    expect((await usage(person)).documents).toEqual({ used: 0, limit: 1 });
    expectStatus(await upload(person, "The second."), 202);
  });

  test("past the bytes are refused", async () => {
    const person = await register();
    await setQuota(person, { storage_bytes: 100 });
    expectStatus(await upload(person, "a".repeat(60)), 202);
    const refused = await upload(person, "b".repeat(60));
    expectStatus(refused, 402);
    expect(refused.body).toMatchObject({ quota: "storage_bytes", limit: 100, used: 60 });
    expect((await usage(person)).storage_bytes).toEqual({ used: 60, limit: 100 });
  });

  test("count older versions, each original once, and deleting the document makes room", async () => {
    const person = await register();
    await setQuota(person, { storage_bytes: 200 });
    const replace = (content: string) =>
      call("POST", "/api/v1/documents", {
        token: person.token,
        json: { name: "a.txt", content, external_id: "a" },
      });
    const made = await replace("a".repeat(80));
    expectStatus(made, 202);
    const { id } = made.body.document;
    await finished(person, id);
    expectStatus(await replace("b".repeat(80)), 202);
    await finished(person, id);
    const refused = await replace("c".repeat(50));
    expectStatus(refused, 402);
    expect(refused.body).toMatchObject({ quota: "storage_bytes", limit: 200, used: 160 });
    const back = { token: person.token, json: { version: 1 } };
    expectStatus(await call("POST", `/api/v1/documents/${id}/rollback`, back), 202);
    await finished(person, id);
    expect((await usage(person)).storage_bytes).toEqual({ used: 160, limit: 200 });
    expectStatus(await call("DELETE", `/api/v1/documents/${id}`, { token: person.token }), 200);
    expect((await usage(person)).storage_bytes).toEqual({ used: 0, limit: 200 });
  });

  test("uploaded at the same moment do not get past the number", async () => {
    const person = await register();
    await setQuota(person, { documents: 3 });
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async (_, at) => (await upload(person, `Document number ${at}.`)).status),
    );
    expect(statuses.filter((status) => status === 202)).toHaveLength(3);
    expect(statuses.filter((status) => status === 402)).toHaveLength(7);
  });
});

test("nobody in an organization can touch its quotas or its usage", async () => {
  const person = await register();
  await setQuota(person, { questions: 1 });
  for (const statement of [
    "update kalamna.quotas set questions = 1000",
    "delete from kalamna.quotas",
    "update kalamna.org_usage set questions = 0",
    "delete from kalamna.org_storage",
  ]) {
    await expect(
      tenantBatch(ctxFor(person), (db) => [db.execute(sql.raw(statement))]),
      statement,
    ).rejects.toThrow();
  }
});

describe("whoever runs the platform", () => {
  const NONE = { documents: null, storage_bytes: null, questions: null, tokens: null };

  test("sets the quotas of an organization, and it is in that organization's audit log", async () => {
    const [root, person] = await Promise.all([superadmin(), harbour()]);
    const path = `/api/v1/admin/orgs/${person.orgId}/quotas`;
    expect((await call("GET", path, { token: root.token })).body).toEqual({ quota: NONE });
    const set = await call("PUT", path, { token: root.token, json: { questions: 1, documents: 10 } });
    expectStatus(set, 200);
    expect(set.body).toEqual({ quota: { ...NONE, questions: 1, documents: 10 } });
    expect((await call("GET", path, { token: root.token })).body).toEqual(set.body);
    expectStatus(await ask(person), 200);
    expectStatus(await ask(person), 429);
    expectStatus(await call("PUT", path, { token: root.token, json: {} }), 200);
    expectStatus(await ask(person), 200);
    const log = await call("GET", "/api/v1/audit?action=quota.changed", { token: person.token });
    expect(log.body.data).toHaveLength(2);
    expect(log.body.data[1]).toMatchObject({ actor: { kind: "superadmin", id: root.id } });
  });

  test("cannot set those of an organization that does not exist", async () => {
    const { token } = await superadmin();
    const path = `/api/v1/admin/orgs/${crypto.randomUUID()}/quotas`;
    expectStatus(await call("GET", path, { token }), 404);
    expectStatus(await call("PUT", path, { token, json: { questions: 1 } }), 404);
  });

  test.each([
    { questions: -1 },
    { questions: 1.5 },
    { tokens: "many" },
    { documents: 2 ** 31 },
    { pages: 1 },
  ])("cannot set %j", async (json) => {
    const [{ token }, { orgId }] = await Promise.all([superadmin(), register()]);
    expectStatus(await call("PUT", `/api/v1/admin/orgs/${orgId}/quotas`, { token, json }), 400);
  });

  test("sets what holds for all who have no figure of their own", async () => {
    const [{ token }, [person, own]] = await Promise.all([
      superadmin(),
      Promise.all([register(), register()]),
    ]);
    await setQuota(own, { questions: 7 });
    const set = (json: unknown) => call("PUT", "/api/v1/admin/quotas", { token, json });
    try {
      // Other tests share the database: a figure that none of them reaches.
      expectStatus(await set({ questions: 2_000_000_000 }), 200);
      const { body } = await call("GET", "/api/v1/admin/quotas", { token });
      expect(body.quota).toEqual({ ...NONE, questions: 2_000_000_000 });
      expect((await usage(person)).questions.limit).toBe(2_000_000_000);
      expect((await usage(own)).questions.limit).toBe(7);
    } finally {
      expectStatus(await set({}), 200);
    }
    expect((await usage(person)).questions.limit).toBeNull();
  });
});
