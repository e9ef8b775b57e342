/** What a collector of traces gets to see, and that nobody else notices whether there is one. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { offerChats } from "../../src/infra/chat-model/offer.ts";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { offer } from "../../src/infra/embedder/offer.ts";
import { openaiEmbedder } from "../../src/infra/embedder/openai.ts";
import { queueJobs } from "../../src/infra/jobs/queues.ts";
import { httpReranker } from "../../src/infra/reranker/http.ts";
import { consume } from "../../src/queue/consume.ts";
import { sweep } from "../../src/queue/sweep.ts";
import { expectStatus, type Person, ready, register, runtime } from "../support/api.ts";
import { appWith } from "../support/app.ts";
import { type Collector, newCollector, paths, type SeenSpan } from "../support/collector.ts";
import { provider, requestsOf } from "../support/models.ts";

const INCOMING = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const TRACE = "0af7651916cd43dd8448eb211c80319c";

let person: Person;
beforeEach(async () => {
  person = await register();
});

const linesOf = (spy: ReturnType<typeof vi.spyOn>) =>
  spy.mock.calls.map(([line]: unknown[]) => JSON.parse(String(line))) as Record<string, any>[];

const named = (spans: readonly SeenSpan[], name: string): SeenSpan => {
  const span = spans.find((one) => one.name === name);
  expect(span, spans.map((one) => one.name).join(", ")).toBeDefined();
  return span!;
};

/** The product with a provider for everything, and a collector. */
async function observed(collector: Collector = newCollector()) {
  const chat = await provider({
    do: "answer",
    text: 'At dawn [1: "The ferry leaves at dawn."].',
    usage: true,
  });
  const embedder = await provider({ do: "embed" });
  const reranker = await provider({ do: "rerank", prefer: "ferry" });
  const app = appWith(({ ports }) => ({
    tracing: collector.tracing,
    ports: {
      ...ports,
      ...offerChats([openaiChat(chat)], [], 5_000),
      embedders: offer(openaiEmbedder(embedder)),
      rerankers: httpReranker(reranker),
    },
  }));
  return { app, collector, chat, embedder, reranker };
}

const ask = (
  app: Awaited<ReturnType<typeof observed>>["app"],
  path = "/api/v1/query/sync",
  headers: Record<string, string> = {},
) => app.call("POST", path, { token: person.token, json: { query: "When does the ferry leave?" }, headers });

describe("a question is one trace", () => {
  test.each([
    ["as JSON", "/api/v1/query/sync"],
    ["streamed", "/api/v1/query"],
  ])("%s: proving who asks, embedding, searching, reranking, the model", async (_, path) => {
    await ready(person, "ferry.txt", "The ferry leaves at dawn.");
    await ready(person, "bus.txt", "The bus leaves at noon, when does it not.");
    const { app, collector, chat, embedder, reranker } = await observed();
    const answer = await ask(app, path);
    expectStatus(answer, 200);
    await app.settled();
    const root = `POST ${path}`;
    const spans = await collector.spans(root);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(answer.headers.get("traceresponse")).toBe(
      `00-${spans[0]!.traceId}-${named(spans, root).spanId}-01`,
    );
    const tree = paths(spans);
    for (const path of [
      root,
      `${root} > auth`,
      `${root} > embed > embeddings ${embedder.model} > POST`,
      `${root} > retrieve`,
      `${root} > rerank > POST`,
      `${root} > chat ${chat.model} > POST`,
    ])
      expect(tree, tree.join("\n")).toContain(path);
    expect(tree.filter((path) => !path.startsWith(root))).toEqual([]);
    expect(named(spans, root)).toMatchObject({
      kind: 2,
      failed: false,
      attributes: {
        "http.request.method": "POST",
        "http.route": path,
        "http.response.status_code": 200,
        "kalamna.org_id": person.orgId,
      },
    });
    expect(named(spans, "retrieve")).toMatchObject({
      kind: 3,
      attributes: { "db.system.name": "postgresql" },
    });
    expect(named(spans, "rerank").attributes).toMatchObject({ "gen_ai.request.model": reranker.model });
    expect(named(spans, `embeddings ${embedder.model}`).attributes).toMatchObject({
      "gen_ai.operation.name": "embeddings",
      "gen_ai.request.model": embedder.model,
    });
    expect(named(spans, `chat ${chat.model}`)).toMatchObject({
      kind: 3,
      events: ["gen_ai.first_token"],
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai_compatible",
        "gen_ai.request.model": chat.model,
        "gen_ai.response.model": expect.any(String),
        "gen_ai.usage.input_tokens": expect.any(Number),
        "gen_ai.usage.output_tokens": expect.any(Number),
      },
    });
  });

  test("that reaches the collector in one request, with the operator's headers and name", async () => {
    const { app, collector } = await observed();
    await app.call("GET", "/api/v1/documents", { token: person.token });
    await app.settled();
    await collector.spans("GET /api/v1/documents");
    const [request, ...more] = await collector.received();
    expect(more).toEqual([]);
    expect(request!.headers).toMatchObject({ "content-type": "application/json", "x-team": "t1" });
    expect(JSON.parse(request!.body).resourceSpans[0].resource.attributes).toContainEqual({
      key: "service.name",
      value: { stringValue: "kalamna-test" },
    });
  });

  test("that the models are told of", async () => {
    const { app, collector, chat, embedder } = await observed();
    await ready(person, "ferry.txt", "The ferry leaves at dawn.");
    await ask(app, "/api/v1/query/sync", { traceparent: INCOMING, tracestate: "vendor=x" });
    await app.settled();
    const spans = await collector.spans("POST /api/v1/query/sync");
    for (const [config, call] of [
      [chat, "chat"],
      [embedder, "embeddings"],
    ] as const) {
      const above = named(spans, `${call} ${config.model}`);
      const post = spans.find(({ parentSpanId }) => parentSpanId === above.spanId)!;
      expect((await requestsOf(config))[0]!.trace).toMatchObject({
        traceparent: `00-${TRACE}-${post.spanId}-01`,
        tracestate: "vendor=x",
      });
    }
  });

  test("and when the first model fails, both are in it, with the reason", async () => {
    await ready(person, "ferry.txt", "The ferry leaves at dawn.");
    const collector = newCollector();
    const [broken, works] = [
      await provider({ do: "status", status: 500 }),
      await provider({ do: "answer", text: 'At dawn [1: "The ferry leaves at dawn."].' }),
    ];
    const app = appWith(({ ports }) => ({
      tracing: collector.tracing,
      ports: {
        ...ports,
        ...offerChats([openaiChat({ ...broken, maxRetries: 0 }), openaiChat(works)], [], 5_000),
      },
    }));
    expectStatus(await ask(app), 200);
    await app.settled();
    const spans = await collector.spans("POST /api/v1/query/sync");
    expect(named(spans, `chat ${broken.model}`)).toMatchObject({
      failed: true,
      attributes: { "error.type": "model_unavailable" },
    });
    expect(named(spans, `chat ${works.model}`).failed).toBe(false);
  });

  test("without what was asked, what was answered, who asked or with which key", async () => {
    await ready(person, "ferry.txt", "The ferry leaves at dawn.");
    const { app, collector } = await observed();
    await ask(app);
    await app.settled();
    await collector.spans("POST /api/v1/query/sync");
    const sent = (await collector.received()).map(({ body }) => body).join("\n");
    for (const secret of ["ferry", "dawn", person.email, person.token, "test-key", "/hooks/"])
      expect(sent).not.toContain(secret);
  });
});

describe("an upload and the work of the queue are one trace", () => {
  test("from the request to the published document", async () => {
    const collector = newCollector();
    const sent: unknown[] = [];
    const queue = {
      sendBatch: async (messages: { body: unknown }[]) => void sent.push(...messages.map(({ body }) => body)),
    } as unknown as Queue;
    const jobs = queueJobs({ ingest: queue, "ingest-bulk": queue, webhooks: queue });
    const app = appWith(({ ports }) => ({ tracing: collector.tracing, ports: { ...ports, jobs } }));
    const upload = await app.call("POST", "/api/v1/documents", {
      token: person.token,
      json: { name: "a.txt", content: "The ferry leaves at dawn." },
      headers: { traceparent: INCOMING },
    });
    expectStatus(upload, 202);
    await app.settled();
    const batch = createMessageBatch("kalamna-ingest", [
      { id: "m1", timestamp: new Date(), attempts: 1, body: sent[0] },
    ]);
    const execution = createExecutionContext();
    const spy = vi.spyOn(console, "log").mockImplementation(() => undefined);
    await consume(batch, app.runtime, (work) => execution.waitUntil(work));
    expect(linesOf(spy).find(({ job }) => job === "document.extract")).toMatchObject({ trace_id: TRACE });
    spy.mockRestore();
    await getQueueResult(batch, execution);
    const spans = await collector.spans("process kalamna-ingest");
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    const tree = paths(spans);
    const step = "POST /api/v1/documents > send kalamna-ingest > process kalamna-ingest";
    for (const path of [
      step,
      `${step} > extract`,
      `${step} > chunk`,
      `${step} > embed`,
      `${step} > publish > database`,
    ])
      expect(tree, tree.join("\n")).toContain(path);
    expect(named(spans, "send kalamna-ingest")).toMatchObject({
      kind: 4,
      attributes: { "messaging.system": "cloudflare_queues", "messaging.destination.name": "kalamna-ingest" },
    });
    expect(named(spans, "process kalamna-ingest")).toMatchObject({
      kind: 5,
      attributes: {
        "messaging.message.id": "m1",
        "messaging.operation.type": "process",
        "kalamna.job": "document.extract",
        "kalamna.document_id": upload.body.document.id,
        "kalamna.outcome": "done",
      },
    });
  });
});

test("the sweeper's minute is a trace with a span for each thing it looks after", async () => {
  const collector = newCollector();
  const execution = createExecutionContext();
  await sweep({ ...runtime(), tracing: collector.tracing }, (work) => execution.waitUntil(work));
  const tree = paths(await collector.spans("sweep"));
  expect(tree).toContain("sweep > documents > database");
  expect(tree).toContain("sweep > webhooks > database");
});

describe("the caller's trace", () => {
  const askFor = async (headers: Record<string, string>, collector = newCollector()) => {
    const app = appWith(() => ({ tracing: collector.tracing }));
    const answer = await app.call("GET", "/api/v1/documents", { token: person.token, headers });
    await app.settled();
    return { answer, collector };
  };

  test("goes on", async () => {
    const { answer, collector } = await askFor({ traceparent: INCOMING });
    expect(answer.headers.get("traceresponse")).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    const root = named(await collector.spans("GET /api/v1/documents"), "GET /api/v1/documents");
    expect(root).toMatchObject({ traceId: TRACE, parentSpanId: "b7ad6b7169203331" });
  });

  test.each([
    ["of another form", "hello"],
    ["of version ff", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    ["of zeros", "00-00000000000000000000000000000000-b7ad6b7169203331-01"],
    ["without a parent", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"],
    ["with more behind it", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x"],
    ["in capitals", "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01"],
  ])("%s is ignored", async (_, traceparent) => {
    const { answer, collector } = await askFor({ traceparent });
    expectStatus(answer, 200);
    const root = named(await collector.spans("GET /api/v1/documents"), "GET /api/v1/documents");
    expect(root.parentSpanId).toBeUndefined();
    expect(root.traceId).not.toBe(TRACE);
  });

  const unsampled = INCOMING.replace(/01$/, "00");

  test.each([
    ["a flag that is set", INCOMING],
    // What OpenTelemetry's own ratio records at any share: it adds up to nothing.
    ["an id that was chosen for it", `00-${"0af7651916cd43dd".repeat(2)}-b7ad6b7169203331-01`],
  ])("is not recorded because of %s: the share is the operator's", async (_, traceparent) => {
    const few = newCollector({ share: 1e-9 });
    const { answer } = await askFor({ traceparent }, few);
    expect(answer.headers.get("traceresponse")).toMatch(/-00$/);
    const off = newCollector({ sampler: "always_off" });
    await askFor({ traceparent }, off);
    expect([...(await few.received()), ...(await off.received())]).toEqual([]);
  });

  test.each(["always_on", "traceidratio"] as const)(
    "is recorded though its flag is not set: %s",
    async (sampler) => {
      const { answer, collector } = await askFor({ traceparent: unsampled }, newCollector({ sampler }));
      expect(answer.headers.get("traceresponse")).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
      expect(await collector.spans("GET /api/v1/documents")).not.toEqual([]);
    },
  );

  test("decides where the operator says that callers do", async () => {
    const believing = newCollector({ sampler: "parentbased_always_on" });
    const { answer } = await askFor({ traceparent: unsampled }, believing);
    expect(answer.headers.get("traceresponse")).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(await believing.received()).toEqual([]);
    for (const sampler of ["parentbased_traceidratio", "parentbased_always_off"] as const) {
      const none = newCollector({ sampler, share: 0 });
      await askFor({}, none);
      expect(await none.received()).toEqual([]);
      await askFor({ traceparent: INCOMING }, none);
      expect(await none.spans("GET /api/v1/documents")).not.toEqual([]);
    }
  });
});

test("whatever does more than a thousand things records the first thousand, and does the others all the same", async () => {
  const { tracing, spans } = newCollector();
  const pending: Promise<unknown>[] = [];
  const trace = tracing.begin("bulk", { waitUntil: (work) => void pending.push(work) });
  let done = 0;
  for (let n = 0; n < 1_100; n++) await trace.run("line", {}, async () => void done++);
  const failing = trace.run("line", {}, () => Promise.reject(new Error("of no use")));
  await expect(failing).rejects.toThrow("of no use");
  trace.end();
  await Promise.all(pending);
  expect(done).toBe(1_100);
  expect(await spans("bulk")).toHaveLength(1_000);
});

describe("a collector that", () => {
  test("never answers keeps nobody waiting, and the log says that the trace is lost", async () => {
    const collector = newCollector({ timeoutMs: 300 });
    await collector.will({ hang: true });
    const app = appWith(() => ({ tracing: collector.tracing }));
    const spy = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    expectStatus(await app.call("GET", "/api/v1/documents", { token: person.token }), 200);
    expect(spy).not.toHaveBeenCalled();
    await app.settled();
    expect(linesOf(spy)).toMatchObject([{ event: "trace.lost", why: "TimeoutError" }]);
    spy.mockRestore();
  });

  test("refuses or is away changes nothing but the log", async () => {
    const spy = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const collector = newCollector();
    await collector.will({ status: 500 });
    const app = appWith(() => ({ tracing: collector.tracing }));
    expectStatus(await app.call("GET", "/api/v1/documents", { token: person.token }), 200);
    await app.settled();
    expect(linesOf(spy)).toMatchObject([{ event: "trace.lost", why: "500" }]);
    spy.mockRestore();
  });
});

describe("without a collector", () => {
  test("a request has a trace id for the log and for whoever asked, the caller's where there is one", async () => {
    const app = appWith(() => ({}));
    const spy = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const own = await app.call("GET", "/api/v1/documents", { token: person.token });
    const theirs = await app.call("GET", "/api/v1/documents", {
      token: person.token,
      headers: { traceparent: INCOMING },
    });
    const [first, second] = linesOf(spy);
    spy.mockRestore();
    expect(own.headers.get("traceresponse")).toBe(`00-${first!.trace_id}-${first!.span_id}-00`);
    expect(theirs.headers.get("traceresponse")).toBe(`00-${TRACE}-${second!.span_id}-00`);
    expect(second!.trace_id).toBe(TRACE);
  });

  test("the caller's trace is passed on to the models as it came", async () => {
    const chat = await provider({ do: "answer", text: "At dawn." });
    const app = appWith(({ ports }) => ({
      ports: { ...ports, ...offerChats([openaiChat(chat)], [], 5_000) },
    }));
    await ready(person, "ferry.txt", "The ferry leaves at dawn.");
    await ask(app, "/api/v1/query/sync", { traceparent: INCOMING, tracestate: "vendor=x" });
    expect((await requestsOf(chat))[0]!.trace).toMatchObject({
      traceparent: INCOMING,
      tracestate: "vendor=x",
    });
  });
});
