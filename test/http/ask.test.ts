/** Searching and asking as a client does it. */
import { createExecutionContext } from "cloudflare:test";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { call, expectStatus, fetchWorker, type Person, ready, register, runtime } from "../support/api.ts";
import { eventsOf } from "../support/events.ts";
import type { Behaviour } from "../support/model-server.ts";
import { hungUp, provider, requestsOf } from "../support/models.ts";
import { colleague } from "../support/people.ts";

let person: Person;
let manual: string;
let prices: string;
beforeAll(async () => {
  person = await register("Harbour");
  [manual, prices] = await Promise.all([
    ready(
      person,
      "manual.md",
      "# Ferry manual\n\n## Departure\n\nThe morning ferry leaves the northern harbour at half past six. Passengers board twenty minutes earlier.\n\n## Dogs\n\nDogs travel free of charge but must wear a muzzle on deck.",
      { access_level: "external", metadata: { kind: "manual", year: 2026 } },
    ),
    ready(person, "prices.csv", "route,adult,child\nNorth Island,14.50,7.00\nSouth Island,18.00,9.00\n", {
      access_level: "internal",
      metadata: { kind: "prices", year: 2025 },
    }),
  ]);
}, 60_000);

const post = (path: string, json: unknown, token = person.token) =>
  call("POST", `/api/v1${path}`, { token, json });

describe("search", () => {
  test("returns the passages with scores, document, heading and offsets", async () => {
    const answer = await post("/search", { query: "When does the morning ferry leave?" });
    expectStatus(answer, 200);
    const [best] = answer.body.results;
    expect(best).toMatchObject({
      document_id: manual,
      document_name: "manual.md",
      heading: ["Ferry manual"],
      score: 1,
      content: expect.stringContaining("half past six"),
      scores: { lexical: expect.any(Number), vector: expect.any(Number) },
    });
    const { text } = await call("GET", `/api/v1/documents/${manual}/content?format=text`, {
      token: person.token,
    });
    expect(text.slice(best.start, best.end)).toBe(best.content);
    expect(answer.body.retrieval).toMatchObject({
      mode: "lexical",
      embedding_model: "offline-hash-768",
      off_topic: false,
    });
  });

  test.each([
    ["document ids", { document_ids: ["PRICES"] }],
    ["metadata", { metadata: { kind: "prices" } }],
    ["metadata of another type", { metadata: { year: 2025 } }],
    ["access level", { access_level: "internal" }],
    ["filters", { filters: { type: "and", filters: [{ type: "lt", key: "year", value: 2026 }] } }],
    ["a filter by format", { filters: { type: "eq", key: "document.format", value: "csv" } }],
  ])("keeps to %s", async (_, filter) => {
    const input = JSON.parse(
      JSON.stringify({ query: "island ferry dogs departure", ...filter }).replace("PRICES", prices),
    );
    const answer = await post("/search", input);
    expect(
      new Set(answer.body.results.map(({ document_id }: { document_id: string }) => document_id)),
    ).toEqual(new Set([prices]));
  });

  test("keeps to filters when it answers", async () => {
    const filters = { type: "eq", key: "kind", value: "manual" };
    const { body } = await post("/query/sync", { query: "ferry adult price island", filters });
    expect(new Set(body.sources.map((source: { document_id: string }) => source.document_id))).toEqual(
      new Set([manual]),
    );
  });

  test("returns no more than top_k", async () => {
    expect((await post("/search", { query: "ferry island", top_k: 1 })).body.results).toHaveLength(1);
  });

  test.each([
    ["query", { query: "" }],
    ["query", { query: "x".repeat(4001) }],
    ["top_k", { query: "x", top_k: 0 }],
    ["top_k", { query: "x", top_k: 51 }],
    ["document_ids.0", { query: "x", document_ids: ["1"] }],
    ["metadata.a", { query: "x", metadata: { a: { b: 1 } } }],
    ["access_level", { query: "x", access_level: "secret" }],
    ["filters.type", { query: "x", filters: { type: "regex", key: "a", value: "b" } }],
    ["filters.filters.0.key", { query: "x", filters: { type: "or", filters: [{ type: "eq", value: 1 }] } }],
    ["filters.value", { query: "x", filters: { type: "lt", key: "document.created_at", value: "soon" } }],
  ])("names a bad %s", async (path, json) => {
    const answer = await post("/search", json);
    expectStatus(answer, 400);
    expect(answer.body.errors[0].path).toBe(path);
  });

  test("gives an external reader external passages only, whatever they ask for", async () => {
    const guest = await colleague(person, "viewer", "external");
    for (const filter of [
      {},
      { access_level: "internal" },
      { document_ids: [prices] },
      { metadata: { kind: "prices" } },
      { filters: { type: "eq", key: "kind", value: "prices" } },
      { filters: { type: "eq", key: "document.id", value: prices } },
    ]) {
      const answer = await post("/search", { query: "adult price North Island", ...filter }, guest.token);
      expectStatus(answer, 200);
      expect(answer.text).not.toContain("14.50");
      expect(answer.text).not.toContain(prices);
    }
  });
});

describe("a question", () => {
  test("is answered as a stream of sources, tokens, verified citations and an end", async () => {
    const response = await fetchWorker("/api/v1/query", {
      method: "POST",
      headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json" },
      body: JSON.stringify({ query: "When does the morning ferry leave?" }),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(response.headers.get("content-encoding")).toBeNull();
    const events = eventsOf(await response.text());
    expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, at) => at + 1));
    expect(events[0]!.event).toBe("sources");
    expect(events.at(-1)!.event).toBe("done");
    const answer = events
      .filter(({ event }) => event === "token")
      .map(({ data }) => data.text)
      .join("");
    expect(answer).toContain("half past six");
    const { data: done } = events.at(-1)!;
    expect(done).toMatchObject({ answer, grounded: true, model: "offline-extractive", mode: "offline" });
    expect(done.ms).toMatchObject({ embed: expect.any(Number), database: expect.any(Number) });
    const { data: citation } = events.find(({ event }) => event === "citation")!;
    expect(answer.slice(citation.answer_start, citation.answer_end)).toBe(`[${citation.index}]`);
    const { text } = await call("GET", `/api/v1/documents/${citation.document_id}/content?format=text`, {
      token: person.token,
    });
    expect(text.slice(citation.start, citation.end)).toBe(citation.quote);
  });

  test("is answered the same as one JSON document", async () => {
    const streamed = eventsOf((await post("/query", { query: "May dogs travel?" })).text).at(-1)!.data;
    const answer = await post("/query/sync", { query: "May dogs travel?" });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({
      answer: streamed.answer,
      grounded: true,
      sources: expect.any(Array),
      citations: expect.any(Array),
    });
    expect(answer.body.answer).toContain("muzzle");
  });

  test.each([
    ["asked for by the Accept header", { accept: "text/plain" }, {}],
    ["asked for in the body", {}, { stream_format: "text" }],
  ])("is answered as bare text when %s", async (_, headers, more) => {
    const response = await call("POST", "/api/v1/query", {
      token: person.token,
      headers: headers as Record<string, string>,
      json: { query: "May dogs travel?", ...more },
    });
    expectStatus(response, 200);
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(response.text).toContain("muzzle");
    expect(response.text).not.toMatch(/event:|data:/);
  });

  test("that the documents do not answer is told so, without sources being cited", async () => {
    const answer = await post("/query/sync", { query: "Who won the chess championship in Reykjavik?" });
    expectStatus(answer, 200);
    expect(answer.body).toMatchObject({ grounded: false, citations: [] });
  });

  test("in an organization without documents is told so as well", async () => {
    const newcomer = await register();
    const answer = await post("/query/sync", { query: "Anything at all?" }, newcomer.token);
    expect(answer.body).toMatchObject({ grounded: false, sources: [], citations: [] });
    expect(answer.body.answer).not.toBe("");
  });
});

describe("with a language model behind it", () => {
  const ask = async (
    behaviours: Behaviour[],
    path = "/api/v1/query",
    signal?: AbortSignal,
    accept = "text/event-stream",
  ) => {
    const config = await provider(...behaviours);
    const real = runtime();
    const app = createApp({ ...real, ports: { ...real.ports, chat: openaiChat(config) } });
    const request = new Request(`http://kalamna.test${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json", accept },
      body: JSON.stringify({ query: "When does the morning ferry leave?" }),
      ...(signal ? { signal } : {}),
    });
    return { config, response: await app.fetch(request, {}, createExecutionContext()) };
  };

  test("the model sees the question and the passages, and its answer streams through", async () => {
    const { config, response } = await ask([{ do: "answer", text: "It leaves at half past six [1]." }]);
    const events = eventsOf(await response.text());
    expect(events.at(-1)!.data).toMatchObject({
      answer: "It leaves at half past six [1].",
      mode: "openai",
      grounded: true,
      citations_dropped: 0,
    });
    const [seen] = await requestsOf(config);
    expect(JSON.stringify(seen!.body)).toContain("Passengers board twenty minutes earlier");
  });

  test("an invented citation never reaches the reader", async () => {
    const { response } = await ask([
      { do: "answer", text: 'It leaves at noon [9], says the captain [1: "we leave at noon"].' },
    ]);
    const events = eventsOf(await response.text());
    expect(events.filter(({ event }) => event === "citation")).toEqual([]);
    expect(events.at(-1)!.data).toMatchObject({ grounded: false, citations_dropped: 2 });
    expect(events.at(-1)!.data.answer).not.toMatch(/\[\d/);
  });

  test.each<[string, Behaviour, number, string]>([
    ["is overloaded", { do: "status", status: 503 }, 503, "model_unavailable"],
    ["limits us", { do: "status", status: 429, retryAfter: "0" }, 503, "model_unavailable"],
    ["refuses our key", { do: "status", status: 401 }, 502, "model_failed"],
    ["answers with a web page", { do: "html" }, 502, "model_failed"],
    ["has nothing to say", { do: "empty" }, 502, "model_failed"],
  ])(
    "a model that %s before its first word is a status, not an event",
    async (_, behaviour, status, code) => {
      for (const path of ["/api/v1/query", "/api/v1/query/sync"]) {
        const { response } = await ask([behaviour], path);
        expect(response.status).toBe(status);
        expect(response.headers.get("content-type")).toBe("application/problem+json");
        expect(await response.json()).toMatchObject({ code });
      }
    },
  );

  test("a model that breaks off is an error event after what it said", async () => {
    const { response } = await ask([{ do: "cut", text: "It leaves at half " }]);
    expect(response.status).toBe(200);
    const events = eventsOf(await response.text());
    expect(
      events
        .filter(({ event }) => event === "token")
        .map(({ data }) => data.text)
        .join(""),
    ).toContain("It leaves");
    expect(events.at(-1)).toMatchObject({
      event: "error",
      data: { problem: { code: expect.stringMatching(/^model_/) } },
    });
    expect(events.map(({ event }) => event)).not.toContain("done");
  });

  test("a bare text that breaks off still has its line in the log", async () => {
    const { response } = await ask(
      [{ do: "cut", text: "It leaves at half " }],
      "/api/v1/query",
      undefined,
      "text/plain",
    );
    const spies = (["log", "error"] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => undefined),
    );
    await expect(response.text()).rejects.toThrow();
    const lines = spies.flatMap((spy) => spy.mock.calls.map(([line]) => String(line)));
    vi.restoreAllMocks();
    expect(lines.filter((line) => line.includes(response.headers.get("x-request-id") ?? "?"))).toHaveLength(
      1,
    );
  });

  test("a reader who goes away ends the model's work", async () => {
    const { config, response } = await ask([{ do: "stall", text: "It leaves at half past " }]);
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await hungUp(config);
  });

  test("a reader who goes away before the first word ends it too", async () => {
    const gone = new AbortController();
    const config = await provider({ do: "hang" });
    const real = runtime();
    const app = createApp({ ...real, ports: { ...real.ports, chat: openaiChat(config) } });
    const request = new Request("http://kalamna.test/api/v1/query", {
      method: "POST",
      headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json" },
      body: JSON.stringify({ query: "When does the morning ferry leave?" }),
      signal: gone.signal,
    });
    const answering = Promise.resolve(app.fetch(request, {}, createExecutionContext()));
    await expect.poll(() => requestsOf(config)).toHaveLength(1);
    gone.abort();
    await hungUp(config);
    await answering.catch(() => undefined);
  });
});
