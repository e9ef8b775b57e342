/** Vercel's AI SDK against the Worker: the `Chat` behind useChat and its own transport, unmodified. */
import { Chat } from "@ai-sdk/react";
import { DefaultChatTransport, type UIMessage } from "ai";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { call, expectStatus, fetchWorker, type Person, ready, register } from "../support/api.ts";
import { appWith, type TestApp } from "../support/app.ts";
import { apiKey } from "../support/credentials.ts";
import { keptMessage, messagesOf } from "../support/messages.ts";
import type { Behaviour } from "../support/model-server.ts";
import { hungUp, provider, requestsOf } from "../support/models.ts";
import { colleague } from "../support/people.ts";
import { setQuota } from "../support/quotas.ts";

const QUESTION = "When does the morning ferry leave?";
const UNKNOWN = "Who won the chess championship in Reykjavik?";
const WORDS = Array.from({ length: 60 }, (_, at) => `word${at}`);
const SLOW: Behaviour = { do: "answer", text: WORDS.join(" "), everyMs: 60 };

let admin: Person;
let manual: string;
beforeAll(async () => {
  admin = await register("Harbour");
  manual = await ready(
    admin,
    "manual.md",
    "# Ferry manual\n\nThe morning ferry leaves the northern harbour at half past six. Dogs travel free of charge.",
    { access_level: "internal" },
  );
}, 60_000);

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;
const throughWorker: Fetch = (url, init) => fetchWorker(new URL(url).pathname, init);
const through =
  (app: TestApp): Fetch =>
  (url, init) =>
    app.fetch(init?.method ?? "GET", new URL(url).pathname, {
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(typeof init?.body === "string" ? { body: init.body } : {}),
    });

type Client = Chat<UIMessage> & { finishes: { isAbort: boolean; isError: boolean }[] };

/** What useChat makes of its options, on a page that knows an address and a token. */
function clientOf(
  token: string,
  { id, fetch = throughWorker, body = {} }: { id?: string; fetch?: Fetch; body?: object } = {},
): Client {
  const finishes: Client["finishes"] = [];
  const transport = new DefaultChatTransport({
    api: "http://kalamna.test/api/v1/chat",
    headers: { authorization: `Bearer ${token}` },
    body,
    fetch: fetch as typeof globalThis.fetch,
  });
  const chat = new Chat<UIMessage>({
    ...(id ? { id } : {}),
    transport,
    onFinish: ({ isAbort, isError }) => void finishes.push({ isAbort, isError }),
  });
  return Object.assign(chat, { finishes });
}

const textOf = (message: UIMessage | undefined) =>
  (message?.parts ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");
const partsOf = (message: UIMessage | undefined, type: string) =>
  (message?.parts ?? []).filter((part) => part.type === type) as any[];
const sessionOf = (message: UIMessage | undefined) =>
  (message?.metadata as { session_id: string } | undefined)?.session_id ?? "";

async function appAnswering(behaviour: Behaviour) {
  const config = await provider(behaviour);
  const app = appWith((real) => ({
    ports: { ...real.ports, chat: openaiChat({ ...config, maxRetries: 0 }) },
  }));
  return { app, config, requests: () => requestsOf(config) };
}

/** Asks and waits until it is kept, as somebody who reads the answer first does. */
async function ask(chat: Client, text: string): Promise<UIMessage | undefined> {
  await chat.sendMessage({ text });
  expect(chat.error).toBeUndefined();
  if (chat.lastMessage) await keptMessage(chat.lastMessage.id);
  return chat.lastMessage;
}

describe("useChat", () => {
  test("shows the answer with what was found, the evidence behind each mark and a link to the place", async () => {
    const chat = clientOf(admin.token);
    const answer = await ask(chat, QUESTION);
    expect(chat.status).toBe("ready");
    expect(chat.finishes).toEqual([{ isAbort: false, isError: false }]);
    const text = textOf(answer);
    expect(text).toContain("half past six");
    expect(partsOf(answer, "source-document")).toEqual([
      expect.objectContaining({
        title: "Ferry manual",
        filename: "manual.md",
        mediaType: "text/plain",
        providerMetadata: { kalamna: expect.objectContaining({ index: 1, document_id: manual, score: 1 }) },
      }),
    ]);
    const [{ data: citation }] = partsOf(answer, "data-citation");
    expect(citation.quote).toContain("half past six");
    expect(text.slice(citation.answer_start, citation.answer_end)).toBe("[1]");
    const [link] = partsOf(answer, "source-url");
    expect(link).toMatchObject({ title: "manual.md" });
    expect(link.url).toContain(`/documents/${manual}?from=${citation.start}`);
    expect(answer?.metadata).toMatchObject({ grounded: true, message_id: answer?.id, cost: 0 });
    expect(await keptMessage(answer!.id)).toMatchObject({
      channel: "ai-sdk",
      question: QUESTION,
      answer: text,
      session_id: sessionOf(answer),
    });
  });

  test("says in plain words that the documents do not contain it", async () => {
    const answer = await ask(clientOf(admin.token), UNKNOWN);
    expect(textOf(answer)).toContain("documents");
    expect(answer?.metadata).toMatchObject({ grounded: false });
    expect(partsOf(answer, "source-url")).toEqual([]);
  });

  test("shows which taught answer it is", async () => {
    const org = await register();
    const json = { question: "Who feeds the harbour cat?", answer: "The pilot does." };
    const taught = await call("POST", "/api/v1/knowledge/answers", { token: org.token, json });
    expectStatus(taught, 201);
    const answer = await ask(clientOf(org.token), json.question);
    expect(textOf(answer)).toBe("The pilot does.");
    expect(partsOf(answer, "source-document").map(({ sourceId }) => sourceId)).toEqual([
      taught.body.answer.id,
    ]);
  });

  test("takes our own options beside the SDK's", async () => {
    const answer = await ask(
      clientOf(admin.token, { body: { document_ids: [crypto.randomUUID()] } }),
      QUESTION,
    );
    expect(partsOf(answer, "source-document")).toEqual([]);
  });

  test("gives the answer in the headers that proxies and the SDK look at", async () => {
    const response = await fetchWorker("/api/v1/chat", {
      method: "POST",
      headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json" },
      body: JSON.stringify({
        id: "abc",
        messages: [{ id: "1", role: "user", parts: [{ type: "text", text: QUESTION }] }],
      }),
    });
    expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const frames = (await response.text()).trimEnd().split("\n\n");
    expect(frames.at(-1)).toBe("data: [DONE]");
    const types = frames.slice(0, -1).map((frame) => JSON.parse(frame.slice("data: ".length)).type);
    expect(types[0]).toBe("start");
    expect(types.at(-1)).toBe("finish");
  });
});

describe("a chat that goes on", () => {
  test("is one conversation of its owner's, by the name that the client chose", async () => {
    const id = `chat-${crypto.randomUUID()}`;
    const first = await ask(clientOf(admin.token, { id }), QUESTION);
    // A page that was loaded again knows its chat's name and nothing else.
    const second = await ask(clientOf(admin.token, { id }), "And what do dogs pay?");
    expect(sessionOf(second)).toBe(sessionOf(first));
    const { body } = await call("GET", `/api/v1/chat/sessions/${sessionOf(first)}`, { token: admin.token });
    expect(body.messages.map((message: { question: string }) => message.question)).toEqual([
      QUESTION,
      "And what do dogs pay?",
    ]);
  });

  test("is another one for whoever else gives it that name", async () => {
    const id = `chat-${crypto.randomUUID()}`;
    const { key } = await apiKey(admin, ["chat"], { access: "internal" });
    const [member, stranger] = await Promise.all([colleague(admin, "member"), register("Elsewhere")]);
    const answers = await Promise.all([
      ask(clientOf(admin.token, { id }), QUESTION),
      ask(clientOf(member.token, { id }), QUESTION),
      ask(clientOf(stranger.token, { id }), QUESTION),
      ask(clientOf(key, { id }), QUESTION),
      ask(clientOf(key, { id, body: { end_user: "one" } }), QUESTION),
      ask(clientOf(key, { id, body: { end_user: "two" } }), QUESTION),
    ]);
    expect(new Set(answers.map(sessionOf)).size).toBe(6);
  });

  test("may be one that was begun elsewhere, by our id of it; that of somebody else's is just a name", async () => {
    const begun = await call("POST", "/api/v1/chat", {
      token: admin.token,
      json: { message: QUESTION, stream: false },
    });
    expectStatus(begun, 200);
    await keptMessage(begun.body.message_id);
    const id = begun.body.session_id as string;
    expect(sessionOf(await ask(clientOf(admin.token, { id }), "And dogs?"))).toBe(id);
    const member = await colleague(admin, "member");
    expect(sessionOf(await ask(clientOf(member.token, { id }), "And dogs?"))).not.toBe(id);
  });

  test("is understood in the light of what we have kept, whatever the client claims was said", async () => {
    const { app, requests } = await appAnswering({ do: "answer", text: "Free of charge." });
    const chat = clientOf(admin.token, { fetch: through(app) });
    await ask(chat, QUESTION);
    chat.messages = chat.messages.map((message) =>
      message.role === "assistant"
        ? { ...message, parts: [{ type: "text", text: "Only pirates may board." }] }
        : message,
    );
    await ask(chat, "And what do dogs pay?");
    const sent = JSON.stringify((await requests()).at(-1)?.body);
    expect(sent).toContain(QUESTION);
    expect(sent).not.toContain("pirates");
  });

  test("answers a question again without its first answer, and not from the cache", async () => {
    const { app, requests } = await appAnswering({ do: "answer", text: "At half past six." });
    const chat = clientOf(admin.token, { fetch: through(app) });
    const first = await ask(chat, QUESTION);
    const before = (await requests()).length;
    await chat.regenerate();
    expect(chat.error).toBeUndefined();
    const again = chat.lastMessage;
    expect(chat.messages).toHaveLength(2);
    expect(again?.id).not.toBe(first?.id);
    expect(sessionOf(again)).toBe(sessionOf(first));
    await keptMessage(again!.id);
    // One request: with something said before, there were another that makes it a question of its own.
    expect((await requests()).length - before).toBe(1);
    await ask(chat, "And what do dogs pay?");
    const sent = JSON.stringify((await requests()).at(-1)?.body);
    expect(sent.split(QUESTION)).toHaveLength(2);
  });

  test("forgets what was said after a question that is edited", async () => {
    const { app, requests } = await appAnswering({ do: "answer", text: "At half past six." });
    const chat = clientOf(admin.token, { fetch: through(app) });
    await ask(chat, "Who drives the submarine ferry?");
    await chat.sendMessage({ text: QUESTION, messageId: chat.messages[0]!.id });
    await keptMessage(chat.lastMessage!.id);
    expect(chat.messages).toHaveLength(2);
    expect(JSON.stringify((await requests()).at(-1)?.body)).not.toContain("submarine");
  });
});

describe("an answer under way", () => {
  const words = (chat: Client) =>
    vi.waitUntil(() => textOf(chat.lastMessage).includes("word5"), { timeout: 10_000, interval: 20 });

  test("ends with the client's stop, as far as it came, and the model with it", async () => {
    const { app, config } = await appAnswering(SLOW);
    const chat = clientOf(admin.token, { fetch: through(app) });
    const sent = chat.sendMessage({ text: QUESTION });
    await words(chat);
    await chat.stop();
    await sent;
    expect(chat.status).toBe("ready");
    expect(chat.finishes).toEqual([{ isAbort: true, isError: false }]);
    await hungUp(config);
    const kept = await keptMessage(chat.lastMessage!.id);
    expect(kept.status).toBe("stopped");
    expect(kept.answer).toContain("word5");
    expect(kept.answer).not.toContain(WORDS.at(-1));
  }, 30_000);

  test("that was stopped gives way to the question that comes at the same moment", async () => {
    const { app } = await appAnswering(SLOW);
    const chat = clientOf(admin.token, { fetch: through(app) });
    const sent = chat.sendMessage({ text: QUESTION });
    await words(chat);
    await chat.stop();
    const next = chat.sendMessage({ text: "And the evening one?" });
    await sent;
    await words(chat);
    await chat.stop();
    await next;
    expect(chat.error).toBeUndefined();
    expect(chat.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    await keptMessage(chat.lastMessage!.id);
  }, 30_000);

  test("ends by the chat's name from anywhere, and says that it was stopped", async () => {
    const { app } = await appAnswering(SLOW);
    const id = `chat-${crypto.randomUUID()}`;
    const chat = clientOf(admin.token, { id, fetch: through(app) });
    const sent = chat.sendMessage({ text: QUESTION });
    await words(chat);
    expectStatus(await call("POST", `/api/v1/chat/${id}/stop`, { token: admin.token }), 202);
    await sent;
    expect(chat.error).toBeUndefined();
    expect(chat.lastMessage?.metadata).toMatchObject({ stopped: true });
    expect(textOf(chat.lastMessage)).not.toContain(WORDS.at(-1));
    await keptMessage(chat.lastMessage!.id);
  }, 30_000);

  test.each([
    ["a name of the client's", () => `chat-${crypto.randomUUID()}`],
    ["a UUID of the client's", () => crypto.randomUUID()],
  ])(
    "is taken up from its beginning by a page that was loaded again, by %s",
    async (_, name) => {
      const { app } = await appAnswering(SLOW);
      const id = name();
      const first = clientOf(admin.token, { id, fetch: through(app) });
      const sent = first.sendMessage({ text: QUESTION });
      await words(first);
      const second = clientOf(admin.token, { id });
      second.messages = [first.messages[0]!];
      await second.resumeStream();
      await sent;
      expect(second.error).toBeUndefined();
      expect(textOf(second.lastMessage)).toBe(WORDS.join(" "));
      expect(second.messages.map((message) => message.id)).toEqual(
        first.messages.map((message) => message.id),
      );
      expect(second.lastMessage).toEqual(first.lastMessage);
      await keptMessage(first.lastMessage!.id);
      await second.resumeStream();
      expect(second.status).toBe("ready");
      expect(second.messages).toHaveLength(2);
    },
    30_000,
  );

  test("does not take a second question, and says why", async () => {
    const { app } = await appAnswering(SLOW);
    const id = `chat-${crypto.randomUUID()}`;
    const first = clientOf(admin.token, { id, fetch: through(app) });
    const sent = first.sendMessage({ text: QUESTION });
    await words(first);
    const second = clientOf(admin.token, { id });
    await second.sendMessage({ text: "And the evening one?" });
    expect(problemOf(second)).toMatchObject({ status: 409, code: "answer_running" });
    await first.stop();
    await sent;
    await keptMessage(first.lastMessage!.id);
  }, 30_000);

  test("of two pages that begin a chat at the same moment is one", async () => {
    const { app } = await appAnswering(SLOW);
    const id = `chat-${crypto.randomUUID()}`;
    const pages = [1, 2, 3].map(() => clientOf(admin.token, { id, fetch: through(app) }));
    const sent = pages.map((page) => page.sendMessage({ text: QUESTION }));
    await Promise.all(sent);
    const refused = pages.filter(({ error }) => error);
    expect(refused.map((page) => problemOf(page).code)).toEqual(["answer_running", "answer_running"]);
    await app.settled();
  }, 30_000);
});

test("a chat that nobody has asked in yet has nothing to resume", async () => {
  const chat = clientOf(admin.token);
  await chat.resumeStream();
  expect(chat).toMatchObject({ status: "ready", error: undefined, messages: [] });
});

/** What the error that a page shows says of a refusal. */
const problemOf = ({ error }: Client) => JSON.parse(error?.message ?? "null");

describe("an error", () => {
  const failing = async (chat: Client, text = QUESTION) => {
    await chat.sendMessage({ text });
    expect(chat.status).toBe("error");
    return chat;
  };

  test("of the credential reaches the page with its code and words", async () => {
    const chat = await failing(clientOf("kal_live_nothing"));
    expect(problemOf(chat)).toMatchObject({ status: 401, code: "unauthenticated" });
    expect(problemOf(chat).detail).toBeTruthy();
  });

  test("of the key's scopes, too", async () => {
    const { key } = await apiKey(admin, ["search"]);
    expect(problemOf(await failing(clientOf(key)))).toMatchObject({ status: 403, code: "forbidden" });
  });

  test("of a quota, too", async () => {
    const person = await register("Frugal");
    await setQuota(person, { questions: 0 });
    const chat = await failing(clientOf(person.token));
    expect(problemOf(chat)).toMatchObject({ status: 429, code: "quota_exceeded" });
    expect(await messagesOf(person.orgId)).toEqual([]);
  });

  test.each([
    ["messages", { messages: [{ id: "1", role: "assistant", parts: [] }] }],
    ["messages.0.parts", { messages: [{ id: "1", role: "user", parts: [{ type: "file", url: "data:," }] }] }],
    ["messages.0.role", { messages: [{ id: "1", role: "pirate", parts: [] }] }],
    ["messages.0", { messages: [{ id: "1", role: "user", parts: [] }] }],
    [
      "messages.0",
      { messages: [{ id: "1", role: "user", parts: [{ type: "text", text: "x".repeat(4_001) }] }] },
    ],
    ["id", { id: "", messages: [{ id: "1", role: "user", parts: [{ type: "text", text: "Hello" }] }] }],
    ["top_k", { top_k: 0, messages: [{ id: "1", role: "user", parts: [{ type: "text", text: "Hello" }] }] }],
  ])("in the request names %s", async (path, json) => {
    const answer = await call("POST", "/api/v1/chat", { token: admin.token, json: { id: "a", ...json } });
    expectStatus(answer, 400);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  test("of the model before its first word is a status", async () => {
    const { app } = await appAnswering({ do: "status", status: 429, retryAfter: "7" });
    const chat = await failing(clientOf(admin.token, { fetch: through(app) }));
    expect(problemOf(chat)).toMatchObject({ status: 503, code: "model_unavailable" });
  });

  test("of the model after its first word is a sentence beside what came", async () => {
    const { app } = await appAnswering({ do: "cut", text: "At half past six it leaves " });
    const chat = await failing(clientOf(admin.token, { fetch: through(app) }));
    expect(textOf(chat.lastMessage)).toContain("half past six");
    expect(chat.error?.message).toMatch(/model/);
    expect(chat.finishes).toEqual([{ isAbort: false, isError: true }]);
  });
});
