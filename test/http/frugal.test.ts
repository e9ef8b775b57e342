/** What needs no model, or is refused, asks none and costs nothing. */
import { beforeAll, describe, expect, test } from "vitest";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { httpReranker } from "../../src/infra/reranker/http.ts";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { keptMessage } from "../support/messages.ts";
import type { Behaviour } from "../support/model-server.ts";
import { provider, requestsOf } from "../support/models.ts";
import { setQuota } from "../support/quotas.ts";

const FERRY = "When does the morning ferry leave?";
const answer: Behaviour = { do: "answer", text: "It leaves at half past six [1]." };
const says = (value: unknown): Behaviour => ({ do: "answer", text: JSON.stringify(value) });

async function harbour(): Promise<Person> {
  const person = await register("Harbour");
  await Promise.all([
    ready(person, "manual.md", "The morning ferry leaves the northern harbour at half past six."),
    ready(person, "evening.md", "The evening ferry leaves at ten from the same pier."),
  ]);
  return person;
}
async function teach(person: Person, question = FERRY) {
  const json = { question, answer: "At **seven**." };
  expectStatus(await call("POST", "/api/v1/knowledge/answers", { token: person.token, json }), 201);
}
const usage = async (person: Person) =>
  (await call("GET", "/api/v1/usage", { token: person.token })).body as {
    questions: { used: number };
    tokens: { used: number };
  };

/** The product with a chat model, and maybe a reranker, that behave as scripted. */
async function withModels(behaviours: Behaviour[], reranking?: Behaviour) {
  const config = { ...(await provider(...behaviours)), maxRetries: 0 };
  const order = reranking && { ...(await provider(reranking)), maxRetries: 0 };
  const app = appWith(({ ports }) => ({
    ports: { ...ports, chat: openaiChat(config), ...(order ? { rerankers: httpReranker(order) } : {}) },
  }));
  const post = async (person: Person, path: string, json: object) => {
    const reply = await app.call("POST", `/api/v1${path}`, { token: person.token, json });
    await app.settled();
    return reply;
  };
  return {
    post,
    ask: (person: Person, query: string, more: object = {}) =>
      post(person, "/query/sync", { query, ...more }),
    asked: async () => (await requestsOf(config)).length,
    reranked: async () => (order ? (await requestsOf(order)).length : 0),
    settled: app.settled,
  };
}

describe("past its tokens, an organization that refuses questions", () => {
  let person: Person;
  beforeAll(async () => {
    person = await harbour();
    await teach(person);
    const { ask } = await withModels([answer]);
    expectStatus(await ask(person, "Where does the morning ferry leave?"), 200);
    await setQuota(person, { tokens: 1 });
  }, 60_000);

  test("still gives what was taught", async () => {
    const before = await usage(person);
    const { ask, asked } = await withModels([answer]);
    const reply = await ask(person, FERRY);
    expectStatus(reply, 200);
    expect(reply.body).toMatchObject({ answer: "At **seven**.", mode: "taught", cost: 0 });
    expect(reply.body.degraded).toBeUndefined();
    expect(await asked()).toBe(0);
    const after = await usage(person);
    expect(after.questions.used - before.questions.used).toBe(1);
    expect(after.tokens.used).toBe(before.tokens.used);
  });

  test("still gives what was kept", async () => {
    const { ask, asked } = await withModels([answer]);
    // Kept for the same models only: an installation's names stay, a test's do not.
    const reply = await ask(person, FERRY);
    expectStatus(reply, 200);
    expect(await asked()).toBe(0);
    const same = await withModels([answer]);
    await setQuota(person, { tokens: 1_000_000 });
    expectStatus(await same.ask(person, "Where is the northern harbour's ferry?"), 200);
    await setQuota(person, { tokens: 1 });
    const kept = await same.ask(person, "Where is the northern harbour's ferry?");
    expectStatus(kept, 200);
    expect(kept.body.cache).toMatchObject({ hit: true });
    expect(await same.asked()).toBe(1);
  });

  test("still refuses the others, a form to fill in among them, and counts none of them", async () => {
    const before = await usage(person);
    const { ask, post, asked } = await withModels([answer]);
    const form = { response_format: { type: "json_object" } };
    for (const refused of [
      await ask(person, "When does the evening ferry leave?"),
      await ask(person, FERRY, form),
      await ask(person, FERRY, { cache: false, document_ids: [crypto.randomUUID()] }),
      await post(person, "/chat", { message: "And the evening ferry?", stream: false }),
    ]) {
      expectStatus(refused, 429);
      expect(refused.body).toMatchObject({ code: "quota_exceeded", quota: "tokens" });
    }
    expect(await asked()).toBe(0);
    expect(await usage(person)).toEqual(before);
    const { body } = await call("GET", "/api/v1/chat/sessions", { token: person.token });
    expect(body.data).toEqual([]);
  });

  test("answers in a conversation, too, whose question is then kept", async () => {
    const { post } = await withModels([answer]);
    const reply = await post(person, "/chat", { message: FERRY, stream: false });
    expectStatus(reply, 200);
    expect(reply.body.answer).toBe("At **seven**.");
    expect(await keptMessage(reply.body.message_id)).toMatchObject({ status: "complete", mode: "taught" });
  });
});

describe("a reranker", () => {
  test("is not asked for what was taught or kept", async () => {
    const person = await harbour();
    const { ask, reranked } = await withModels([answer], { do: "rerank", prefer: "northern" });
    const question = "Which ferry leaves from the northern harbour?";
    expectStatus(await ask(person, question), 200);
    expect(await reranked()).toBe(1);
    const kept = await ask(person, question);
    expect(kept.body.cache).toMatchObject({ hit: true });
    expect(await reranked()).toBe(1);
    await teach(person);
    expect((await ask(person, FERRY)).body).toMatchObject({ mode: "taught" });
    expect(await reranked()).toBe(1);
    // Only a source then.
    await ask(person, "When does the ferry leave in the morning, and when in the evening?");
    expect(await reranked()).toBe(2);
  });
});

describe("a follow-up", () => {
  const follow = (session_id: string) => ({ message: "And the other one?", session_id, stream: false });
  async function conversation() {
    const person = await harbour();
    const first = await call("POST", "/api/v1/chat", {
      token: person.token,
      json: { message: FERRY, stream: false },
    });
    await keptMessage(first.body.message_id);
    return { person, session: first.body.session_id as string };
  }

  test("is kept with the question that the model made of it", async () => {
    const { person, session } = await conversation();
    const { post } = await withModels([says({ standalone: "When does the evening ferry leave?" }), answer]);
    const reply = await post(person, "/chat", follow(session));
    expectStatus(reply, 200);
    expect(await keptMessage(reply.body.message_id)).toMatchObject({
      question: "And the other one?",
      standalone_question: "When does the evening ferry leave?",
    });
  });

  test("at the same moment as another is refused before a model is asked what it means", async () => {
    const { person, session } = await conversation();
    const standalone = JSON.stringify({ standalone: "When does the evening ferry leave?" });
    const slow: Behaviour = { do: "answer", text: standalone, everyMs: 50, pieces: "words" };
    const { post, asked } = await withModels([slow, answer]);
    const before = await usage(person);
    const replies = await Promise.all([1, 2, 3].map(() => post(person, "/chat", follow(session))));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(replies.find(({ status }) => status === 409)?.body).toMatchObject({
      code: "answer_running",
      session_id: session,
    });
    expect(await asked()).toBe(2);
    expect((await usage(person)).questions.used - before.questions.used).toBe(1);
  });

  test("that fails while it is understood ends, and the conversation goes on", async () => {
    const { person, session } = await conversation();
    const config = await provider(says({ standalone: "When does the evening ferry leave?" }), answer);
    const app = appWith(({ ports }) => {
      const { embedders } = ports;
      const broken = { ...embedders.default, embed: () => Promise.reject(new Error("away")) };
      return {
        ports: { ...ports, chat: openaiChat(config), embedders: { ...embedders, of: () => broken } },
      };
    });
    const failed = await app.call("POST", "/api/v1/chat", { token: person.token, json: follow(session) });
    expectStatus(failed, 500);
    expect(failed.body).toMatchObject({ session_id: session, message_id: expect.any(String) });
    await app.settled();
    expect(await keptMessage(failed.body.message_id)).toMatchObject({
      status: "failed",
      failure_code: "internal",
    });
    const { post } = await withModels([says({ standalone: "When does the evening ferry leave?" }), answer]);
    expectStatus(await post(person, "/chat", follow(session)), 200);
  });
});
