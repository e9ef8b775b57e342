/** Answers in the form of a JSON Schema, as a client asks for them. */
import { createExecutionContext } from "cloudflare:test";
import { beforeAll, describe, expect, test } from "vitest";
import type { Ports } from "../../src/context.ts";
import { createApp } from "../../src/http/app.ts";
import { offerChats } from "../../src/infra/chat-model/offer.ts";
import { offlineChat } from "../../src/infra/chat-model/offline.ts";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { call, expectStatus, type Person, ready, register, runtime } from "../support/api.ts";
import type { Behaviour } from "../support/model-server.ts";
import { hungUp, provider, requestsOf } from "../support/models.ts";

let person: Person;
beforeAll(async () => {
  person = await register("Harbour");
  await ready(
    person,
    "returns.md",
    'Refunds take 5 days. The desk says "no refunds on Sundays". See https://harbour.example/r.',
  );
}, 60_000);

const QUESTION = "How long do refunds take?";
const SCHEMA = {
  type: "object",
  properties: {
    answer: { type: "string" },
    days: { type: "integer" },
    notes: {
      type: "array",
      items: { type: "object", properties: { text: { type: "string", maxLength: 60 } } },
    },
  },
  required: ["answer", "days"],
  additionalProperties: false,
};
const FORMAT = { type: "json_schema", json_schema: { name: "refund", schema: SCHEMA, strict: true } };

const ask = async (
  behaviours: Behaviour[],
  { path = "/query/sync", format = FORMAT as object, query = QUESTION } = {},
) => {
  const config = await provider(...behaviours);
  const response = await answer({ chat: openaiChat(config) }, path, { query, response_format: format });
  const text = await response.text();
  return { status: response.status, text, config };
};
async function answer(ports: Partial<Ports>, path: string, json: object, signal?: AbortSignal) {
  const real = runtime();
  const app = createApp({ ...real, ports: { ...real.ports, ...ports } });
  const request = new Request(`http://kalamna.test/api/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json" },
    body: JSON.stringify(json),
    ...(signal ? { signal } : {}),
  });
  return app.fetch(request, {}, createExecutionContext());
}
const say = (value: unknown, usage = true): Behaviour => ({
  do: "answer",
  text: typeof value === "string" ? value : JSON.stringify(value),
  usage,
});

describe("an answer in a schema", () => {
  const reply = {
    answer: 'Refunds take 5 days [1: "Refunds take 5 days"], always [9].',
    days: 5,
    notes: [{ text: 'Not "on Sundays" [1: "no refunds on Sundays"]. ![x](https://evil.example/5)' }],
  };

  test("holds verified marks in its strings only, and each citation says where", async () => {
    const { status, text, config } = await ask([say(`\`\`\`json\n${JSON.stringify(reply)}\n\`\`\``)]);
    expect(status, text).toBe(200);
    const body = JSON.parse(text);
    expect(body.structured).toEqual({
      answer: "Refunds take 5 days [1], always.",
      days: 5,
      notes: [{ text: 'Not "on Sundays" [1]. ! [x]' }],
    });
    expect(JSON.parse(body.answer)).toEqual(body.structured);
    expect(body).toMatchObject({ grounded: true, citations_dropped: 1, links_removed: 1, supported: 1 });
    expect(body.citations.map(({ path }: { path: string }) => path)).toEqual(["/answer", "/notes/0/text"]);
    for (const { answer_start, answer_end, claim_start, claim_end, index } of body.citations) {
      expect(body.answer.slice(answer_start, answer_end)).toBe(`[${index}]`);
      expect(body.answer.slice(claim_start, claim_end)).toMatch(
        /^(?:Refunds take 5 days|Not \\"on Sundays\\")$/,
      );
    }
    const [seen] = await requestsOf(config);
    expect(seen?.body.response_format).toEqual(FORMAT);
    expect(JSON.stringify(seen?.body.messages)).toContain("fits this JSON Schema");
  });

  test("streams as one token with its citations, or as bare JSON", async () => {
    const { text } = await ask([say(reply)], { path: "/query" });
    const events = text.split("\n\n").flatMap((frame) => /^event: (\w+)$/m.exec(frame)?.[1] ?? []);
    expect(events).toEqual(["sources", "token", "citation", "citation", "done"]);
  });

  test("that does not fit is put right once, and both replies are paid for", async () => {
    const { status, text, config } = await ask([
      say({ answer: "Five." }),
      say({ answer: "Five days.", days: 5 }),
    ]);
    expect(status, text).toBe(200);
    const body = JSON.parse(text);
    expect(body.structured).toEqual({ answer: "Five days.", days: 5 });
    const seen = await requestsOf(config);
    expect(seen).toHaveLength(2);
    const last = (seen[1]!.body.messages as { role: string; content: string }[]).slice(-2);
    expect(last).toEqual([
      { role: "assistant", content: '{"answer":"Five."}' },
      { role: "user", content: expect.stringContaining("days") },
    ]);
    const prompts = seen.map(({ body: { messages } }) => Math.ceil(JSON.stringify(messages).length / 4));
    expect(body.usage.prompt_tokens).toBe((prompts[0] ?? 0) + (prompts[1] ?? 0));
  });

  test.each<[string, Behaviour[]]>([
    ["is no JSON, twice", [say("Five days."), say("I said five days.")]],
    ["breaks the JSON as a document told it to", [say('"}],"answer":"void"')]],
    ["does not fit, twice", [say({ days: 5 }), say({ answer: 5, days: 5 })]],
    [
      "fits before its marks are read, but not after",
      [say({ answer: "x", days: 5, notes: [{ text: `${"a<b>".repeat(13)} end` }] })],
    ],
    ["is nested without end", [say(`{"answer":${"[".repeat(500)}${"]".repeat(500)},"days":1}`)]],
  ])("that %s is a failure with a name, on both routes", async (_, behaviours) => {
    for (const path of ["/query/sync", "/query"]) {
      const { status, text } = await ask(behaviours, { path });
      expect(status, text).toBe(502);
      expect(JSON.parse(text)).toMatchObject({
        code: "answer_unfit",
        errors: expect.arrayContaining([{ message: expect.any(String) }]),
      });
    }
  });

  test("that nothing was found for is told in words, with null in the place of the value", async () => {
    const { text, config } = await ask([say(reply)], {
      query: "Who won the chess championship in Reykjavik?",
    });
    expect(JSON.parse(text)).toMatchObject({ structured: null, grounded: false, citations: [] });
    expect(await requestsOf(config)).toEqual([]);
  });
});

test("where no language model answers, quotes are no way out", async () => {
  const down = openaiChat({ ...(await provider({ do: "status", status: 503 })), maxRetries: 0 });
  for (const path of ["/query/sync", "/query"]) {
    const ports = offerChats([down, offlineChat()], [], 5_000);
    const response = await answer(ports, path, { query: QUESTION, response_format: FORMAT });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      code: "model_unavailable",
      detail: "None of the language models answered, and response_format needs one.",
    });
  }
});

test("a reader who goes away ends the model's work on the form", async () => {
  const gone = new AbortController();
  const config = await provider({ do: "hang" });
  const json = { query: QUESTION, response_format: FORMAT };
  const ports = offerChats([openaiChat(config)], [], 30_000);
  const answering = answer(ports, "/query", json, gone.signal);
  await expect.poll(() => requestsOf(config)).toHaveLength(1);
  gone.abort();
  await hungUp(config);
  await answering.catch(() => undefined);
});

test("what was taught is a source for the form, not the answer itself", async () => {
  const query = "Who signs the zeppelin logbook?";
  const taught = await call("POST", "/api/v1/knowledge/answers", {
    token: person.token,
    json: { question: query, answer: "The logbook is signed by Mrs Hale." },
  });
  expectStatus(taught, 201);
  const reply = { answer: 'Mrs Hale does [1: "signed by Mrs Hale"].', days: 1 };
  const body = JSON.parse((await ask([say(reply)], { query })).text);
  expect(body.structured).toEqual({ answer: "Mrs Hale does [1].", days: 1 });
  expect(body.citations).toEqual([expect.objectContaining({ kind: "taught", path: "/answer" })]);
});

describe("any JSON object", () => {
  test("is accepted as it comes", async () => {
    const { text, config } = await ask([say({ tage: "5" })], { format: { type: "json_object" } });
    expect(JSON.parse(text).structured).toEqual({ tage: "5" });
    expect((await requestsOf(config))[0]?.body.response_format).toEqual({ type: "json_object" });
  });
  test("but a list is none", async () => {
    const { status } = await ask([say([1])], { format: { type: "json_object" } });
    expect(status).toBe(502);
  });
});

test("text may be asked for by name", async () => {
  const { text } = await ask([say("Refunds take 5 days [1].")], { format: { type: "text" } });
  expect(JSON.parse(text)).toMatchObject({ answer: "Refunds take 5 days [1]." });
  expect(JSON.parse(text)).not.toHaveProperty("structured");
});

test("the answerer that quotes says that it cannot, and the question is not counted", async () => {
  const before = await call("GET", "/api/v1/usage", { token: person.token });
  for (const path of ["/api/v1/query/sync", "/api/v1/query"]) {
    const answer = await call("POST", path, {
      token: person.token,
      json: { query: QUESTION, response_format: FORMAT },
    });
    expectStatus(answer, 422);
    expect(answer.body).toMatchObject({ code: "model_required" });
  }
  await expect
    .poll(async () => (await call("GET", "/api/v1/usage", { token: person.token })).body)
    .toMatchObject({ questions: { used: before.body.questions.used } });
});

test.each<[string, object]>([
  ["an unknown type", { type: "xml" }],
  ["no schema", { type: "json_schema", json_schema: { name: "a" } }],
  ["a name with spaces", { type: "json_schema", json_schema: { name: "a b", schema: {} } }],
  [
    "a schema that unfolds without end",
    { type: "json_schema", json_schema: { name: "a", schema: { $ref: "#" } } },
  ],
  [
    "a pattern that never ends",
    { type: "json_schema", json_schema: { name: "a", schema: { pattern: "^(a+)+$" } } },
  ],
])("%s is refused before anything is asked", async (_, response_format) => {
  const answer = await call("POST", "/api/v1/query", {
    token: person.token,
    json: { query: "x", response_format },
  });
  expectStatus(answer, 400);
  expect(answer.body.errors[0].path).toMatch(/^response_format/);
});
