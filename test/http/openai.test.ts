/** The official `openai` package against the Worker: nothing but the base URL says that it is not OpenAI. */
import OpenAI, { APIError, AuthenticationError, NotFoundError, PermissionDeniedError } from "openai";
import { beforeAll, describe, expect, test } from "vitest";
import { offerChats } from "../../src/infra/chat-model/offer.ts";
import { offlineChat } from "../../src/infra/chat-model/offline.ts";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { offer } from "../../src/infra/embedder/offer.ts";
import { openaiEmbedder } from "../../src/infra/embedder/openai.ts";
import { call, expectStatus, fetchWorker, type Person, ready, register } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { keptMessage } from "../support/messages.ts";
import type { Behaviour } from "../support/model-server.ts";
import { provider, requestsOf } from "../support/models.ts";
import { setQuota } from "../support/quotas.ts";

const QUESTION = "When does the morning ferry leave?";

let admin: Person;
let manual: string;
beforeAll(async () => {
  admin = await register("Harbour");
  manual = await ready(
    admin,
    "manual.md",
    "# Ferry manual\n\nThe morning ferry leaves the northern harbour at half past six. Dogs travel free of charge.",
    { access_level: "internal", metadata: { kind: "manual" } },
  );
}, 60_000);

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;
const throughWorker: Fetch = (url, init) => fetchWorker(new URL(url).pathname, init);
const clientOf = (apiKey: string, fetch: Fetch = throughWorker) =>
  new OpenAI({
    apiKey,
    baseURL: "http://kalamna.test/v1",
    maxRetries: 0,
    fetch: fetch as typeof globalThis.fetch,
  });

async function keyWith(scopes: string[]): Promise<string> {
  const answer = await call("POST", "/api/v1/api-keys", {
    token: admin.token,
    json: { name: "client", scopes },
  });
  expectStatus(answer, 201);
  return answer.body.key;
}

const question = (content: string) => ({
  model: "gpt-4o-mini",
  messages: [{ role: "user" as const, content }],
});
const ask = <More extends object>(content: string, more: More) => ({ ...question(content), ...more });

/** A client of an installation whose one language model behaves as told. */
async function clientWithModel(behaviour: Behaviour) {
  const config = await provider(behaviour);
  const chat = openaiChat({ ...config, maxRetries: 0, name: "first" });
  const app = appWith((real) => ({
    ports: { ...real.ports, ...offerChats([chat], [offlineChat()], 2_000) },
  }));
  const fetch: Fetch = async (url, init) =>
    app.fetch(init?.method ?? "GET", new URL(url).pathname, {
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(typeof init?.body === "string" ? { body: init.body } : {}),
    });
  return { client: clientOf(admin.token, fetch), requests: () => requestsOf(config), app };
}

async function failure(work: Promise<unknown>): Promise<APIError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(APIError);
  return error as APIError;
}

describe("a chat completion", () => {
  test("is answered from the documents, with the passages as annotations of the answer", async () => {
    const client = clientOf(await keyWith(["chat"]));
    const completion = await client.chat.completions.create(question(QUESTION));
    expect(completion).toMatchObject({ object: "chat.completion", model: "kalamna" });
    const [choice] = completion.choices;
    expect(choice).toMatchObject({ finish_reason: "stop", message: { role: "assistant" } });
    expect(choice?.message.content).toContain("half past six");
    const [annotation] = choice?.message.annotations ?? [];
    expect(annotation?.url_citation.title).toBe("manual.md");
    expect(annotation?.url_citation.url).toContain(`/documents/${manual}?from=`);
    const { start_index = 0, end_index = 0 } = annotation?.url_citation ?? {};
    expect(choice?.message.content?.slice(start_index, end_index)).toBe("[1]");
    expect(completion.usage).toEqual({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 });
  });

  test("comes in the JSON Schema that was asked for; that nothing was found is a refusal", async () => {
    const text = '{"answer":"At half past six [1: \\"half past six\\"]."}';
    const { client, requests } = await clientWithModel({ do: "answer", text });
    const schema = { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] };
    const response_format = { type: "json_schema" as const, json_schema: { name: "leaving", schema } };
    const { message } = (await client.chat.completions.create(ask(QUESTION, { response_format })))
      .choices[0]!;
    expect(JSON.parse(message.content ?? "")).toEqual({ answer: "At half past six [1]." });
    const { start_index = 0, end_index = 0 } = message.annotations?.[0]?.url_citation ?? {};
    expect(message.content?.slice(start_index, end_index)).toBe("[1]");
    expect((await requests())[0]?.body.response_format).toEqual(response_format);

    const unknown = "Who won the chess championship in Reykjavik?";
    const refused = await client.chat.completions.create(ask(unknown, { response_format }));
    expect(refused.choices[0]?.message).toMatchObject({
      content: null,
      refusal: expect.stringContaining("documents"),
    });
    const stream = await client.chat.completions.create(
      ask(unknown, { response_format, stream: true as const }),
    );
    let refusal = "";
    for await (const { choices } of stream) {
      expect(choices[0]?.delta.content ?? "").toBe("");
      refusal += choices[0]?.delta.refusal ?? "";
    }
    expect(refusal).toBe(refused.choices[0]?.message.refusal);
  });

  test("streams the same words, then annotations, the end and the usage", async () => {
    const client = clientOf(admin.token);
    const whole = await client.chat.completions.create(question(QUESTION));
    const stream = await client.chat.completions.create(
      ask(QUESTION, { stream: true as const, stream_options: { include_usage: true } }),
    );
    let text = "";
    const finishes: (string | null)[] = [];
    let annotations: unknown[] = [];
    let usage: unknown;
    for await (const chunk of stream) {
      expect(chunk.object).toBe("chat.completion.chunk");
      const [choice] = chunk.choices;
      text += choice?.delta.content ?? "";
      if (choice?.finish_reason) finishes.push(choice.finish_reason);
      annotations = (choice?.delta as { annotations?: unknown[] } | undefined)?.annotations ?? annotations;
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(annotations).toEqual(whole.choices[0]?.message.annotations);
    expect(finishes).toEqual(["stop"]);
    expect(usage).toMatchObject({ total_tokens: 0 });
  });

  test("says in plain words that the documents do not contain it", async () => {
    const completion = await clientOf(admin.token).chat.completions.create(
      question("Who won the 1998 world cup?"),
    );
    expect(completion.choices[0]?.message.annotations).toEqual([]);
    expect(completion).toMatchObject({ kalamna: { grounded: false } });
  });

  test("takes earlier messages as history, text in parts, and leaves instructions out", async () => {
    const { client, requests } = await clientWithModel({ do: "answer", text: "Yes." });
    await client.chat.completions.create({
      model: "first",
      messages: [
        { role: "system", content: "You are a pirate." },
        { role: "user", content: "Do dogs pay on the ferry?" },
        { role: "assistant", content: "They travel free of charge." },
        { role: "user", content: [{ type: "text", text: "And when does the morning ferry leave?" }] },
      ],
      temperature: 0.2,
      max_tokens: 64,
    });
    // The first request makes the follow-up a question of its own.
    const seen = (await requests()).at(-1);
    const sent = JSON.stringify(seen?.body);
    expect(sent).toContain("Do dogs pay on the ferry?");
    expect(sent).toContain("And when does the morning ferry leave?");
    expect(sent).not.toContain("pirate");
    expect(seen?.body).toMatchObject({ max_tokens: 64 });
  });

  test("takes our own options beside OpenAI's", async () => {
    const body = { ...question(QUESTION), kalamna: { metadata: { kind: "price list" } } };
    const completion = await clientOf(admin.token).chat.completions.create(body);
    expect(completion).toMatchObject({ kalamna: { sources: [] } });
  });

  test("is kept like any other question, with the door it came through", async () => {
    const completion = await clientOf(admin.token).chat.completions.create(question(QUESTION));
    const id = completion.id.replace("chatcmpl-", "");
    expect(await keptMessage(id)).toMatchObject({
      channel: "openai",
      question: QUESTION,
      status: "complete",
    });
  });
});

describe("an error", () => {
  test("of the credential is OpenAI's AuthenticationError", async () => {
    const error = await failure(clientOf("kal_live_nothing").chat.completions.create(question(QUESTION)));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ code: "unauthenticated", type: "authentication_error" });
    expect(error.requestID).toBeTruthy();
  });

  test("of the key's scopes is a PermissionDeniedError", async () => {
    const error = await failure(
      clientOf(await keyWith(["search"])).chat.completions.create(question(QUESTION)),
    );
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error.code).toBe("forbidden");
  });

  test.each([
    ["messages", { messages: [] }],
    ["messages", { messages: [{ role: "assistant", content: "Hello" }] }],
    ["messages.0.content", { messages: [{ role: "user", content: [{ type: "image_url", image_url: {} }] }] }],
    ["query", { messages: [{ role: "user", content: "x".repeat(4_001) }] }],
    ["tools", { tools: [{ type: "function", function: { name: "f" } }] }],
    ["n", { n: 2 }],
    ["kalamna.top_k", { kalamna: { top_k: 0 } }],
  ])("in the request names %s", async (param, wrong) => {
    const body = { ...question(QUESTION), ...wrong } as unknown as ReturnType<typeof question>;
    const error = await failure(clientOf(admin.token).chat.completions.create(body));
    expect(error).toMatchObject({ status: 400, code: "invalid_request", type: "invalid_request_error" });
    expect(error.param).toContain(param);
  });

  test("for a path that is not there is OpenAI's NotFoundError", async () => {
    const error = await failure(clientOf(admin.token).completions.create({ model: "x", prompt: "y" }));
    expect(error).toBeInstanceOf(NotFoundError);
  });

  test("of the model before its first word is a status, and says when to come back", async () => {
    const { client } = await clientWithModel({ do: "status", status: 429, retryAfter: "7" });
    const error = await failure(client.chat.completions.create(ask(QUESTION, { stream: true })));
    expect(error.status).toBe(503);
    expect(Number(error.headers?.get("retry-after"))).toBeGreaterThan(0);
  });

  test("of the model after its first word ends the stream as an error, not as an end", async () => {
    const { client } = await clientWithModel({ do: "cut", text: "At half past six it leaves " });
    const stream = await client.chat.completions.create(ask(QUESTION, { stream: true as const }));
    let text = "";
    const error = await failure(
      (async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
      })(),
    );
    expect(text).toContain("half past six");
    expect(error).toMatchObject({ code: "model_unavailable", type: "server_error" });
  });

  test("for a model that the organization does not use names it, and counts no question", async () => {
    const { client, app } = await clientWithModel({ do: "answer", text: "Yes." });
    const person = await register("Choosy");
    await ready(person, "a.txt", "The morning ferry leaves at half past six.");
    const chosen = await app.call("PATCH", "/api/v1/org", {
      token: person.token,
      json: { settings: { chat_models: ["offline-extractive"] } },
    });
    expectStatus(chosen, 200);
    const own = new OpenAI({ ...(client as unknown as { _options: object })._options, apiKey: person.token });
    const error = await failure(own.chat.completions.create(ask(QUESTION, { model: "first" })));
    expect(error).toMatchObject({ status: 404, param: "model" });
    await app.settled();
    const usage = await call("GET", "/api/v1/usage", { token: person.token });
    expect(usage.body.questions.used).toBe(0);
  });
});

describe("the vector store", () => {
  test("finds passages with their labels, filtered as OpenAI filters", async () => {
    const client = clientOf(await keyWith(["search"]));
    const page = await client.vectorStores.search("default", {
      query: QUESTION,
      max_num_results: 3,
      filters: { type: "eq", key: "kind", value: "manual" },
    });
    expect(page.data).toEqual([
      expect.objectContaining({
        file_id: manual,
        filename: "manual.md",
        score: 1,
        attributes: { kind: "manual" },
        content: [{ type: "text", text: expect.stringContaining("half past six") }],
      }),
    ]);
    const none = await client.vectorStores.search("default", {
      query: QUESTION,
      filters: { type: "ne", key: "kind", value: "manual" },
    });
    expect(none.data).toEqual([]);
  });

  test("is one, and any other is not found", async () => {
    const client = clientOf(admin.token);
    expect((await client.vectorStores.list()).data.map(({ id }) => id)).toEqual(["default"]);
    const error = await failure(
      client.vectorStores.search("vs_123", { query: QUESTION }) as Promise<unknown>,
    );
    expect(error.status).toBe(404);
  });
});

describe("embeddings", () => {
  test("are refused until the organization allows them", async () => {
    const person = await register("Vectors");
    const client = clientOf(person.token);
    const error = await failure(client.embeddings.create({ model: "any", input: "ferry" }));
    expect(error).toMatchObject({ status: 403, code: "forbidden" });
    const changed = await call("PATCH", "/api/v1/org", {
      token: person.token,
      json: { settings: { embeddings_api: true } },
    });
    expectStatus(changed, 200);
    const one = await client.embeddings.create({ model: "any", input: ["ferry", "the ferry leaves"] });
    expect(one.model).toBe("offline-hash-768");
    expect(one.data.map(({ embedding }) => embedding.length)).toEqual([768, 768]);
    const plain = await client.embeddings.create({ model: "any", input: "ferry", encoding_format: "float" });
    expect(one.data[0]!.embedding[0]).toBeCloseTo(plain.data[0]!.embedding[0]!, 5);
    expect(
      (await failure(client.embeddings.create({ model: "any", input: "x", dimensions: 12 }))).param,
    ).toBe("dimensions");
  });

  test("count against the month's tokens when a provider makes them", async () => {
    const person = await register("Metered");
    const config = await provider({ do: "embed" });
    const embedder = openaiEmbedder(config);
    const app = appWith((real) => ({ ports: { ...real.ports, embedders: offer(embedder) } }));
    const settings = { settings: { embeddings_api: true } };
    expectStatus(await app.call("PATCH", "/api/v1/org", { token: person.token, json: settings }), 200);
    const json = { input: "The morning ferry leaves the northern harbour." };
    const answer = await app.call("POST", "/v1/embeddings", { token: person.token, json });
    expectStatus(answer, 200);
    await app.settled();
    const usage = await call("GET", "/api/v1/usage", { token: person.token });
    expect(usage.body.tokens.used).toBe(answer.body.usage.total_tokens);
    expect(usage.body.questions.used).toBe(0);
    await setQuota(person, { tokens: usage.body.tokens.used });
    const refused = await app.call("POST", "/v1/embeddings", { token: person.token, json });
    expect(refused).toMatchObject({ status: 429, body: { error: { code: "quota_exceeded" } } });
  });
});

describe("the models", () => {
  test("are ours and those that may be asked for", async () => {
    const { client } = await clientWithModel({ do: "answer", text: "Yes." });
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toEqual(["kalamna", "first"]);
    expect(await client.models.retrieve("first")).toMatchObject({ object: "model", owned_by: "kalamna" });
    expect((await failure(client.models.retrieve("gpt-4o"))).status).toBe(404);
  });
});
