/** Other people's clients, unmodified, over a real port: an address and a key are all they are given. */
import { Chat } from "@ai-sdk/react";
import { DefaultChatTransport, type UIMessage } from "ai";
import OpenAI, {
  APIError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "openai";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { KalamnaRetriever as LangChainRetriever } from "../../docs/examples/langchain-retriever.ts";
import { KalamnaRetriever as LlamaIndexRetriever } from "../../docs/examples/llamaindex-retriever.ts";
import {
  type Behaviour,
  type ModelServer,
  type SeenRequest,
  startModelServer,
} from "../support/model-server.ts";
import { startTestStack, type TestStack } from "./support/stack.ts";

const QUESTION = "How long does standard delivery take?";
const ANSWER = "Standard delivery within the United Kingdom takes 2 to 4 working days [1].";
const MODEL = "shop-model";

let models: ModelServer;
let stack: TestStack;
let key: string;
beforeAll(async () => {
  models = await startModelServer();
  const variables = {
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: `${models.url}/v1`,
    CHAT_MODEL: MODEL,
    EMBEDDING_MODEL: "offline",
  };
  stack = await startTestStack({ variables });
  // The same question is asked of a model that answers differently each time.
  await stack.api("PATCH", "/api/v1/org", { settings: { answer_cache: "off" } });
  key = await newKey(["search", "chat"]);
});
afterAll(async () => {
  await stack?.stop();
  await models?.close();
});
beforeEach(() => speaks({ do: "answer", text: ANSWER, usage: true }));

const newKey = async (scopes: string[]): Promise<string> =>
  (await stack.api("POST", "/api/v1/api-keys", { name: "Client", scopes, access: "internal" })).key;

async function speaks(behaviour: Behaviour): Promise<void> {
  const body = JSON.stringify({ model: MODEL, behaviours: [behaviour] });
  await fetch(`${models.url}/control`, { method: "POST", body });
}

async function hungUp(): Promise<void> {
  await vi.waitUntil(
    async () => {
      const response = await fetch(`${models.url}/control/requests?model=${MODEL}`);
      const { requests } = (await response.json()) as { requests: SeenRequest[] };
      return requests.at(-1)?.state === "aborted";
    },
    { timeout: 10_000, interval: 50 },
  );
}

describe("the openai package", () => {
  const clientOf = (apiKey = key) => new OpenAI({ baseURL: `${stack.url}/v1`, apiKey, maxRetries: 0 });
  const asked = (content = QUESTION) => ({
    model: "gpt-4o-mini",
    messages: [{ role: "user" as const, content }],
  });

  async function failure(
    work: Promise<unknown>,
    kind: new (...details: never[]) => APIError,
  ): Promise<APIError> {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(kind);
    expect((error as APIError).requestID).toBeTruthy();
    return error as APIError;
  }

  test("asks, and gets the answer with its place in a document", async () => {
    const completion = await clientOf().chat.completions.create(asked());
    const message = completion.choices[0]?.message;
    expect(message?.content).toBe(ANSWER);
    const { url = "", title, start_index, end_index } = message?.annotations?.[0]?.url_citation ?? {};
    expect(title).toBe("Help centre - orders, delivery, returns.html");
    expect(message?.content?.slice(start_index, end_index)).toBe("[1]");
    expect((await fetch(url, { headers: { accept: "text/html" } })).status).toBe(200);
    expect(completion.usage?.completion_tokens).toBeGreaterThan(0);
  });

  test("streams words as they are said, annotations, the end and the usage", async () => {
    await speaks({ do: "answer", text: ANSWER, everyMs: 30, usage: true });
    const stream = await clientOf().chat.completions.create({
      ...asked(),
      stream: true,
      stream_options: { include_usage: true },
    });
    const arrivals: number[] = [];
    let text = "";
    let annotations: unknown[] = [];
    let finish: string | null = null;
    let usage: unknown;
    for await (const chunk of stream) {
      const [choice] = chunk.choices;
      if (choice?.delta.content) arrivals.push(performance.now());
      text += choice?.delta.content ?? "";
      annotations = (choice?.delta as { annotations?: unknown[] } | undefined)?.annotations ?? annotations;
      finish = choice?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(ANSWER);
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(150);
    expect(annotations).toHaveLength(1);
    expect(finish).toBe("stop");
    expect(usage).toMatchObject({ total_tokens: expect.any(Number) });
  });

  test("stops the model when it stops listening", async () => {
    await speaks({ do: "answer", text: ANSWER.repeat(20), everyMs: 50 });
    const stream = await clientOf().chat.completions.create({ ...asked(), stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await hungUp();
  });

  test("lists the models, and finds one by its name", async () => {
    const names = [];
    for await (const { id } of clientOf().models.list()) names.push(id);
    expect(names).toContain("kalamna");
    expect(names).toContain(MODEL);
    expect(await clientOf().models.retrieve(MODEL)).toMatchObject({ id: MODEL, object: "model" });
    await failure(clientOf().models.retrieve("gpt-9"), NotFoundError);
  });

  test("searches the vector store, with filters", async () => {
    const filters = { type: "eq" as const, key: "kind", value: "faq" };
    const { data } = await clientOf().vectorStores.search("default", { query: QUESTION, filters });
    expect(data[0]).toMatchObject({
      filename: "Help centre - orders, delivery, returns.html",
      attributes: { kind: "faq" },
      content: [{ type: "text", text: expect.stringContaining("working days") }],
    });
    expect(new Set(data.map(({ filename }) => filename)).size).toBe(1);
  });

  test("makes embeddings once the organization allows it", async () => {
    const embed = () => clientOf().embeddings.create({ model: "any", input: ["delivery", "returns"] });
    await failure(embed(), PermissionDeniedError);
    await stack.api("PATCH", "/api/v1/org", { settings: { embeddings_api: true } });
    expect((await embed()).data.map(({ embedding }) => embedding.length)).toEqual([768, 768]);
  });

  test("throws its own errors, before the answer and within it", async () => {
    const complete = (client: OpenAI, content?: string) => client.chat.completions.create(asked(content));
    await failure(complete(clientOf("kal_live_nothing")), AuthenticationError);
    await failure(complete(clientOf(await newKey(["search"]))), PermissionDeniedError);
    await failure(complete(clientOf(), "x".repeat(4_001)), BadRequestError);
    await speaks({ do: "cut", text: "Standard delivery within the United Kingdom " });
    const stream = await clientOf().chat.completions.create({ ...asked(), stream: true });
    const broken = (async () => {
      for await (const _ of stream);
    })();
    expect(await failure(broken, APIError)).toMatchObject({ code: "model_unavailable" });
  });

  test("hears of a used-up quota as a RateLimitError", async () => {
    const database = new pg.Client(stack.connectionString);
    await database.connect();
    try {
      const { id } = (await stack.api("GET", "/api/v1/org")).org;
      await database.query("insert into kalamna.quotas (org_id, questions) values ($1, 0)", [id]);
      const refused = clientOf().chat.completions.create(asked());
      expect(await failure(refused, RateLimitError)).toMatchObject({ code: "quota_exceeded" });
      await database.query("delete from kalamna.quotas where org_id = $1", [id]);
    } finally {
      await database.end();
    }
  });
});

describe("Vercel's AI SDK", () => {
  function chatOf(id: string, messages: UIMessage[] = []): Chat<UIMessage> {
    const transport = new DefaultChatTransport({
      api: `${stack.url}/api/v1/chat`,
      headers: { authorization: `Bearer ${key}` },
    });
    return new Chat<UIMessage>({ id, messages, transport });
  }
  const textOf = (chat: Chat<UIMessage>) =>
    (chat.lastMessage?.parts ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");
  const begun = (chat: Chat<UIMessage>) =>
    vi.waitUntil(() => textOf(chat).startsWith("Standard"), { timeout: 10_000, interval: 20 });

  test("shows an answer, and what it was drawn from", async () => {
    const chat = chatOf("first");
    await chat.sendMessage({ text: QUESTION });
    expect(chat.error).toBeUndefined();
    expect(textOf(chat)).toBe(ANSWER);
    const types = new Set(chat.lastMessage?.parts.map(({ type }) => type));
    expect([...types]).toEqual(["source-document", "text", "data-citation", "source-url"]);
  });

  test("stops an answer, and the model with it", async () => {
    await speaks({ do: "answer", text: ANSWER.repeat(20), everyMs: 50 });
    const chat = chatOf("stopped");
    const sent = chat.sendMessage({ text: QUESTION });
    await begun(chat);
    await chat.stop();
    await sent;
    expect(chat.status).toBe("ready");
    await hungUp();
  });

  test("takes an answer up again on a page that was loaded anew", async () => {
    await speaks({ do: "answer", text: ANSWER, everyMs: 150 });
    const before = chatOf("resumed");
    const sent = before.sendMessage({ text: QUESTION });
    await begun(before);
    const after = chatOf("resumed", before.messages.slice(0, 1));
    await after.resumeStream();
    await sent;
    expect(textOf(after)).toBe(ANSWER);
    expect(after.messages).toEqual(before.messages);
  });

  test("shows a refusal with its code", async () => {
    const transport = new DefaultChatTransport({ api: `${stack.url}/api/v1/chat` });
    const chat = new Chat<UIMessage>({ transport });
    await chat.sendMessage({ text: QUESTION });
    expect(JSON.parse(chat.error?.message ?? "")).toMatchObject({ status: 401, code: "unauthenticated" });
  });
});

test("LangChain's and LlamaIndex's retrievers find the same passages", async () => {
  const options = { url: stack.url, key, topK: 3 };
  const chained = await new LangChainRetriever(options).invoke(QUESTION);
  const indexed = await new LlamaIndexRetriever(options).retrieve(QUESTION);
  expect(chained[0]?.pageContent).toContain("working days");
  expect(indexed.map(({ node }) => node.id_)).toEqual(chained.map(({ metadata }) => metadata.chunk_id));
});
