/** An organization moves from one embedding model to another, message by message, and answers all the while. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../../src/errors.ts";
import { tenantBatch } from "../../../src/infra/db/tenant.ts";
import { offer } from "../../../src/infra/embedder/offer.ts";
import { offlineEmbedder } from "../../../src/infra/embedder/offline.ts";
import { openaiEmbedder } from "../../../src/infra/embedder/openai.ts";
import type { Embedder, Embedders } from "../../../src/infra/embedder/port.ts";
import type { Job } from "../../../src/infra/jobs/port.ts";
import type { ProviderConfig } from "../../../src/infra/openai/provider.ts";
import { consume } from "../../../src/queue/consume.ts";
import { sweep } from "../../../src/queue/sweep.ts";
import { expectStatus, type Person, register } from "../../support/api.ts";
import { appWith, type TestApp } from "../../support/app.ts";
import { apiKey } from "../../support/credentials.ts";
import { provider, requestsOf } from "../../support/models.ts";
import { colleague, ctxFor } from "../../support/people.ts";
import { queueAway } from "../../support/rigged.ts";

let old: ProviderConfig;
let next: ProviderConfig;
let admin: Person;
/** Messages waiting in the queue, oldest first. */
let queue: Job[];
let app: TestApp;

beforeEach(async () => {
  queue = [];
  [old, next, admin] = await Promise.all([
    provider({ do: "embed", salt: "old" }),
    provider({ do: "embed", salt: "next" }),
    register(),
  ]);
  app = isolate(offer(openaiEmbedder(old), openaiEmbedder(next), offlineEmbedder()));
});

/** A Worker of its own: what it offers, and what it remembers. */
const isolate = (embedders: Embedders) =>
  appWith((real) => ({
    ports: { ...real.ports, embedders, jobs: { send: async (_, more) => void queue.push(...more) } },
  }));

async function deliver(job: Job, over = app, name = "kalamna-ingest-bulk") {
  const batch = createMessageBatch(name, [
    { id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body: job },
  ]);
  const execution = createExecutionContext();
  await consume(batch, over.runtime, (work) => execution.waitUntil(work));
  return getQueueResult(batch, execution);
}

/** Delivers what waits, and what that sends, until nothing waits. */
async function work(over = app): Promise<void> {
  for (let most = 200; queue.length > 0; most--) {
    if (most === 0) throw new Error("the queue does not run empty");
    await deliver(queue.shift()!, over);
  }
}

const api = (method: string, path: string, json?: unknown, token = admin.token) =>
  app.call(method, `/api/v1/${path}`, { token, ...(json === undefined ? {} : { json }) });

async function add(name: string, content: string, more: object = {}): Promise<string> {
  const answer = await api("POST", "documents", { name, content, ...more });
  expectStatus(answer, 202);
  return answer.body.document.id;
}
async function published(name: string, content: string, more: object = {}): Promise<string> {
  const id = await add(name, content, more);
  await work();
  expect((await api("GET", `documents/${id}`)).body.document).toMatchObject({
    status: "ready",
    failure: null,
  });
  return id;
}
const begin = async (model = next.model) => {
  const answer = await api("POST", "models/embedding", { model });
  expectStatus(answer, 202);
  return answer.body.models.embedding;
};
const models = async () => {
  const answer = await api("GET", "models");
  expectStatus(answer, 200);
  return answer.body.models.embedding;
};
const ask = async (query: string, over = app, token = admin.token) => {
  const answer = await over.call("POST", "/api/v1/search", { token, json: { query } });
  expectStatus(answer, 200);
  return answer.body;
};
/** How many vectors and segments of each model there are. */
const stored = async (of = admin) => {
  const [{ rows }] = await tenantBatch(ctxFor(of), (db) => [
    db.execute<{ model: string; vectors: number; grouped: number }>(sql`
      select v.embedding_model as model, count(*)::int as vectors,
             (select sum(s.size)::int from kalamna.segments s where s.embedding_model = v.embedding_model) as grouped
        from kalamna.chunk_vec v group by 1`),
  ]);
  return Object.fromEntries(rows.map(({ model, vectors, grouped }) => [model, [vectors, grouped]]));
};
const set = (change: ReturnType<typeof sql>) =>
  tenantBatch(ctxFor(admin), (db) => [db.execute(sql`update kalamna.org_embedding set ${change}`)]);

const DAWN = "The northern ferry leaves the harbour at dawn.";
const book = (sections: number) =>
  Array.from(
    { length: sections },
    (_, n) => `# Part ${n}\n\nChapter ${n} is about lantern ${n}. ${"It glows. ".repeat(20)}`,
  ).join("\n\n");

/** What the target model was asked to embed, each text once per time it was sent. */
const sentTo = async (config: ProviderConfig) =>
  (await requestsOf(config)).flatMap(({ body }) => body.input as string[]);

describe("changing the embedding model", () => {
  test("answers with the old model until the last chunk is done, then with the new one, and keeps nothing of the old", async () => {
    await published("ferry.txt", DAWN);
    await published("book.md", book(12));
    const before = await models();
    expect(before).toMatchObject({ current: old.model, available: true, change: null });
    expect(before.estimate.tokens).toBeGreaterThan(100);
    const total = before.chunks.total;
    expect(total).toBe(13);

    const begun = await begin();
    expect(begun.change).toMatchObject({
      phase: "embedding",
      target: next.model,
      progress: { done: 0, total },
    });
    expect((await ask("northern ferry")).retrieval).toMatchObject({
      mode: "hybrid",
      embedding_model: old.model,
    });
    expect(queue).toHaveLength(1);
    await deliver(queue.shift()!);
    // Both are there now; only the new one is looked at.
    expect(await stored()).toEqual({ [old.model]: [total, total], [next.model]: [total, total] });
    const after = await ask("northern ferry");
    expect(after.retrieval).toMatchObject({
      mode: "hybrid",
      embedding_model: next.model,
      candidates: { vector: total },
    });
    expect(after.results[0]).toMatchObject({ content: DAWN });
    expect(after.results[0].scores.vector).toBeGreaterThan(0.3);
    expect((await models()).change).toMatchObject({ phase: "removing", target: null });

    await work();
    const done = await models();
    expect(done).toMatchObject({ current: next.model, change: null, chunks: { total, embedded: total } });
    expect(await stored()).toEqual({ [next.model]: [total, total] });
    const { body: log } = await api("GET", "audit?limit=10");
    expect(log.data.map((entry: { action: string }) => entry.action)).toEqual(
      expect.arrayContaining(["models.embedding_change_begun", "models.embedding_changed"]),
    );
  });

  test("takes as many messages as there are pieces, one at a time, and says how far it is", async () => {
    await published("book.md", book(720));
    const { chunks } = await models();
    expect(chunks.total).toBeGreaterThan(550);
    await begin();
    const seen: number[] = [];
    while (queue.length > 0) {
      expect(queue).toHaveLength(1);
      await deliver(queue.shift()!);
      const { change } = await models();
      if (change?.phase === "embedding") {
        seen.push(change.progress.done);
        expect(change.tokens.spent).toBeGreaterThan(0);
        expect(change.tokens.left).toBeGreaterThan(0);
      }
    }
    expect(seen).toEqual([500]);
    expect(await stored()).toEqual({ [next.model]: [chunks.total, chunks.total] });
  });

  test("sends equal texts once", async () => {
    await published("a.txt", DAWN, { external_id: "a" });
    await published("b.txt", DAWN, { external_id: "b" });
    await begin();
    await work();
    expect((await sentTo(next)).filter((text) => text === DAWN)).toHaveLength(1);
    expect(await stored()).toEqual({ [next.model]: [2, 2] });
  });

  test("to the model it has gives vectors to chunks that lack one", async () => {
    await published("book.md", book(5));
    await tenantBatch(ctxFor(admin), (db) => [
      db.execute(
        sql`delete from kalamna.chunk_vec where ctid in (select ctid from kalamna.chunk_vec limit 2)`,
      ),
    ]);
    expect((await models()).chunks).toEqual({ total: 5, embedded: 3 });
    await begin(old.model);
    await work();
    expect(await models()).toMatchObject({
      current: old.model,
      change: null,
      chunks: { total: 5, embedded: 5 },
    });
  });

  test("of an organization that has published nothing is a choice for its first document", async () => {
    await begin();
    await work();
    expect(await models()).toMatchObject({ current: next.model, change: null });
    await published("ferry.txt", DAWN);
    expect(await stored()).toEqual({ [next.model]: [1, 1] });
  });
});

describe("taught answers", () => {
  const QUESTION = "When does the northern ferry leave?";
  async function teach(question = QUESTION): Promise<string> {
    const answer = await api("POST", "knowledge/answers", {
      question,
      answer: "At dawn.",
      variants: ["Dawn?"],
    });
    expectStatus(answer, 201);
    return answer.body.answer.id;
  }
  /** How many phrases have a vector of each model. */
  const phrases = async () => {
    const [{ rows }] = await tenantBatch(ctxFor(admin), (db) => [
      db.execute<{ model: string; vectors: number }>(sql`
        select embedding_model as model, count(*)::int as vectors from kalamna.taught_vectors group by 1`),
    ]);
    return Object.fromEntries(rows.map(({ model, vectors }) => [model, vectors]));
  };

  test("move to the new model with the documents, and nothing of the old one stays", async () => {
    await published("ferry.txt", DAWN);
    await teach();
    expect(await phrases()).toEqual({ [old.model]: 2 });
    await begin();
    await deliver(queue.shift()!);
    expect((await models()).current).toBe(next.model);
    expect(await phrases()).toEqual({ [old.model]: 2, [next.model]: 2 });
    await work();
    expect(await phrases()).toEqual({ [next.model]: 2 });
    expect(await sentTo(next)).toEqual(expect.arrayContaining([QUESTION, "Dawn?"]));
  });

  test("taught while the model changes are not left behind", async () => {
    await published("book.md", book(4));
    await teach();
    await begin();
    let taught = false;
    const slow = withEmbed(next, async (texts, signal, embed) => {
      const vectors = await embed(texts, signal);
      // The chunks are done by then.
      if (!taught && texts.includes(QUESTION)) {
        taught = true;
        await teach("Where does it leave from?");
      }
      return vectors;
    });
    await deliver(queue.shift()!, isolate(offer(openaiEmbedder(old), slow)));
    expect(taught).toBe(true);
    await work();
    expect((await models()).current).toBe(next.model);
    expect(await phrases()).toEqual({ [next.model]: 4 });
  });

  test("deleted or reworded while they are embedded stay so", async () => {
    const [gone, changed] = [await teach(), await teach("Where does it leave from?")];
    await begin();
    const meddling = withEmbed(next, async (texts, signal, embed) => {
      const vectors = await embed(texts, signal);
      await api("DELETE", `knowledge/answers/${gone}`);
      await api("PATCH", `knowledge/answers/${changed}`, { question: "From where?", variants: [] });
      return vectors;
    });
    await deliver(queue.shift()!, isolate(offer(openaiEmbedder(old), meddling)));
    await work();
    expect((await models()).current).toBe(next.model);
    expect(await phrases()).toEqual({ [next.model]: 1 });
    expect(await sentTo(next)).toContain("From where?");
  });

  test("keep their vectors when the change is called off", async () => {
    await published("book.md", book(4));
    await teach();
    await begin();
    const off = withEmbed(next, async (texts, signal, embed) => {
      const vectors = await embed(texts, signal);
      if (texts.includes(QUESTION)) expectStatus(await api("DELETE", "models/embedding/change"), 200);
      return vectors;
    });
    await deliver(queue.shift()!, isolate(offer(openaiEmbedder(old), off)));
    await work();
    expect(await models()).toMatchObject({ current: old.model, change: null });
    expect(await phrases()).toEqual({ [old.model]: 2 });
  });
});

describe("while the model changes", () => {
  test("a new document is found at once, and is there for the new model as well", async () => {
    await published("book.md", book(4));
    await begin();
    const [piece] = queue.splice(0);
    await published("ferry.txt", DAWN);
    expect((await ask("northern ferry")).results[0]).toMatchObject({ content: DAWN });
    expect((await ask("northern ferry")).retrieval.embedding_model).toBe(old.model);
    await deliver(piece!);
    await work();
    expect((await ask("northern ferry")).retrieval).toMatchObject({
      embedding_model: next.model,
      candidates: { vector: 5 },
    });
    expect(await stored()).toEqual({ [next.model]: [5, 5] });
  });

  test("a document published behind the cursor is picked up before the flip", async () => {
    await published("book.md", book(4));
    await begin();
    let published_ = false;
    const slow = withEmbed(next, async (texts, signal, embed) => {
      const vectors = await embed(texts, signal);
      if (!published_) {
        published_ = true;
        const id = await add("ferry.txt", DAWN);
        await deliver(queue.pop()!, app, "kalamna-ingest");
        expect((await api("GET", `documents/${id}`)).body.document.status).toBe("ready");
      }
      return vectors;
    });
    await deliver(queue.shift()!, isolate(offer(openaiEmbedder(old), slow)));
    expect(published_).toBe(true);
    await work();
    expect(await models()).toMatchObject({ current: next.model, chunks: { total: 5, embedded: 5 } });
  });

  test("a document embedded before the flip and published after it is embedded again", async () => {
    await published("book.md", book(4));
    const id = await add("ferry.txt", DAWN);
    const read = queue.shift()!;
    await begin();
    let turned = false;
    const slow = withEmbed(old, async (texts, signal, embed) => {
      const vectors = await embed(texts, signal);
      if (!turned) {
        turned = true;
        await work();
      }
      return vectors;
    });
    await deliver(read, isolate(offer(slow, openaiEmbedder(next))), "kalamna-ingest");
    expect(turned).toBe(true);
    expect((await api("GET", `documents/${id}`)).body.document).toMatchObject({ status: "ready" });
    expect(await stored()).toEqual({ [next.model]: [5, 5] });
    expect((await ask("northern ferry")).results[0]).toMatchObject({ content: DAWN });
  });

  test("a deleted document stays deleted, and a restricted one is restricted in both models", async () => {
    const gone = await published("gone.txt", "The secret tunnel ends below the lighthouse.");
    const moved = await published("moved.txt", DAWN, { access_level: "external" });
    const guest = await colleague(admin, "viewer", "external");
    expect((await ask("northern ferry", app, guest.token)).results).toHaveLength(1);
    await begin();
    const meddling = withEmbed(next, async (texts, signal, embed) => {
      const vectors = await embed(texts, signal);
      await api("DELETE", `documents/${gone}`);
      expectStatus(await api("PATCH", `documents/${moved}`, { access_level: "internal" }), 200);
      return vectors;
    });
    await deliver(queue.shift()!, isolate(offer(openaiEmbedder(old), meddling)));
    expect((await models()).current).toBe(next.model);
    expect(await stored()).toEqual({ [old.model]: [1, 1], [next.model]: [1, 1] });
    expect((await ask("northern ferry", app, guest.token)).results).toEqual([]);
    expect(
      (await ask("secret tunnel")).results.map(({ content }: { content: string }) => content),
    ).not.toContain("The secret tunnel ends below the lighthouse.");
    // Also after its vectors of both models are there.
    expectStatus(await api("PATCH", `documents/${moved}`, { access_level: "external" }), 200);
    expectStatus(await api("PATCH", `documents/${moved}`, { access_level: "internal" }), 200);
    expect((await ask("northern ferry", app, guest.token)).results).toEqual([]);
    await work();
    expect(await stored()).toEqual({ [next.model]: [1, 1] });
  });

  test("another organization notices nothing", async () => {
    const other = await register("Elsewhere");
    await published("ferry.txt", DAWN);
    const answer = await app.call("POST", "/api/v1/documents", {
      token: other.token,
      json: { name: "o.txt", content: "A kayak." },
    });
    expectStatus(answer, 202);
    await work();
    const before = await stored(other);
    await begin();
    await work();
    expect(await stored(other)).toEqual(before);
    expect((await api("GET", "models", undefined, other.token)).body.models.embedding).toMatchObject({
      current: old.model,
      change: null,
    });
    expect((await ask("kayak", app, other.token)).retrieval.embedding_model).toBe(old.model);
  });

  test("a second change is refused, and so is a model nobody offers", async () => {
    await published("ferry.txt", DAWN);
    await begin();
    const second = await api("POST", "models/embedding", { model: "offline-hash-768" });
    expectStatus(second, 409);
    expect(second.body).toMatchObject({
      code: "change_running",
      detail: expect.stringContaining(next.model),
    });
    const unknown = await api("POST", "models/embedding", { model: "gpt-∞" });
    expectStatus(unknown, 400);
    expect(unknown.body.offered).toEqual([old.model, next.model, "offline-hash-768"]);
    for (const json of [{}, { model: 7 }, { model: "" }, { model: next.model, org: "x" }]) {
      expectStatus(await api("POST", "models/embedding", json), 400);
    }
    expect((await models()).change).toMatchObject({ target: next.model });
  });

  test("only admins see and do it", async () => {
    const { key } = await apiKey(admin, [
      "documents:read",
      "documents:write",
      "search",
      "chat",
      "analytics:read",
    ]);
    for (const token of [
      (await colleague(admin, "member")).token,
      (await colleague(admin, "viewer")).token,
      key,
    ]) {
      expectStatus(await api("GET", "models", undefined, token), 403);
      expectStatus(await api("POST", "models/embedding", { model: next.model }, token), 403);
      expectStatus(await api("DELETE", "models/embedding/change", undefined, token), 403);
    }
  });
});

describe("a message of a change", () => {
  test("delivered twice, at once or later, does its piece once", async () => {
    await published("book.md", book(12));
    await begin();
    const [first] = queue.splice(0);
    await Promise.all([deliver(first!), deliver(first!), deliver(first!)]);
    expect(await stored()).toMatchObject({ [next.model]: [12, 12] });
    expect(queue).toHaveLength(1);
    await deliver(first!);
    expect(queue).toHaveLength(1);
    await work();
    await deliver(first!);
    expect(queue).toHaveLength(0);
    expect(await stored()).toEqual({ [next.model]: [12, 12] });
    expect(new Set(await sentTo(next)).size).toBe((await sentTo(next)).length);
  });

  test("that could not be sent is sent by the sweeper: the change was accepted all the same", async () => {
    await published("ferry.txt", DAWN);
    const away = appWith(() => ({
      ...app.runtime,
      ports: { ...app.runtime.ports, jobs: queueAway },
    }));
    expectStatus(
      await away.call("POST", "/api/v1/models/embedding", {
        token: admin.token,
        json: { model: next.model },
      }),
      202,
    );
    expect(queue).toEqual([]);
    await set(sql`run_after = now() - interval '1 second'`);
    await sweep(app.runtime, () => undefined);
    queue = queue.filter(({ org_id }) => org_id === admin.orgId);
    await work();
    expect(Object.keys(await stored())).toEqual([next.model]);
  });

  test("that was lost is sent again by the sweeper, and so is one whose consumer died", async () => {
    await published("ferry.txt", DAWN);
    await begin();
    const [lost] = queue.splice(0);
    await sweep(app.runtime, () => undefined);
    expect(queue.filter(({ org_id }) => org_id === admin.orgId)).toEqual([]);
    await set(sql`run_after = now() - interval '1 second'`);
    await sweep(app.runtime, () => undefined);
    queue = queue.filter(({ org_id }) => org_id === admin.orgId);
    expect(queue).toEqual([{ ...lost, request_id: expect.any(String) }]);
    // Claimed by a consumer that died: nobody else works on it before its lease is over.
    await set(sql`lease_until = now() + interval '1 minute'`);
    await deliver(queue[0]!);
    expect((await stored())[next.model]).toBeUndefined();
    await set(sql`lease_until = now() - interval '1 second'`);
    await work();
    expect(await models()).toMatchObject({ current: next.model, change: null });
  });

  test("of a change that was called off does nothing", async () => {
    await published("ferry.txt", DAWN);
    await begin();
    const [stale] = queue.splice(0);
    const off = await api("DELETE", "models/embedding/change");
    expectStatus(off, 200);
    await deliver(stale!);
    expect(await sentTo(next)).toEqual([]);
    await work();
    expect(await models()).toMatchObject({ current: old.model, change: null });
    expectStatus(await api("DELETE", "models/embedding/change"), 404);
  });

  test("that is embedding when the change is called off stores nothing", async () => {
    await published("ferry.txt", DAWN);
    await begin();
    const slow = withEmbed(next, async (texts, signal, embed) => {
      expectStatus(await api("DELETE", "models/embedding/change"), 200);
      return embed(texts, signal);
    });
    await deliver(queue.shift()!, isolate(offer(openaiEmbedder(old), slow)));
    expect((await stored())[next.model]).toBeUndefined();
    await work();
    expect(await models()).toMatchObject({ current: old.model, change: null });
  });

  test("of an organization that is gone is dropped", async () => {
    const job = {
      kind: "organization.reembed",
      change_id: crypto.randomUUID(),
      piece: 1,
      request_id: "r",
    } as const;
    expect((await deliver({ ...job, org_id: crypto.randomUUID() })).explicitAcks).toHaveLength(1);
    expect((await deliver({ ...job, org_id: admin.orgId })).explicitAcks).toHaveLength(1);
  });
});

describe("a target that fails", () => {
  test("is tried again, the reason can be read, the old model answers, and calling off leaves nothing of it", async () => {
    await published("book.md", book(120));
    await begin();
    let calls = 0;
    const flaky = withEmbed(next, (texts, signal, embed) => {
      if (++calls === 1) return embed(texts, signal);
      throw new AppError("embedder_unavailable", { detail: "The embedding model did not answer in time." });
    });
    const over = isolate(offer(openaiEmbedder(old), flaky));
    const [job] = queue.splice(0);
    const first = await deliver(job!, over);
    expect(first.retryMessages).toHaveLength(1);
    expect((await models()).change).toMatchObject({
      progress: { done: 100 },
      failure: { code: "embedder_unavailable", detail: "The embedding model did not answer in time." },
    });
    expect((await ask("lantern")).retrieval).toMatchObject({ embedding_model: old.model, mode: "hybrid" });
    // Past its tries it rests, and the sweeper brings it back.
    await deliver(job!, over, "kalamna-dead-letters");
    expect((await models()).change.failure).toMatchObject({ code: "embedder_unavailable" });
    await set(sql`run_after = now() - interval '1 second'`);
    await sweep(app.runtime, () => undefined);
    expect(queue.filter(({ org_id }) => org_id === admin.orgId)).toHaveLength(1);
    queue = [];
    expectStatus(await api("DELETE", "models/embedding/change"), 200);
    await work();
    expect(await stored()).toEqual({ [old.model]: [120, 120] });
    expect(await models()).toMatchObject({ current: old.model, change: null });
  });

  test("for a moment goes on where it stopped", async () => {
    await published("book.md", book(120));
    await begin();
    const broken = await provider({ do: "embed", salt: "next" }, { do: "status", status: 400 });
    const [job] = queue.splice(0);
    const named = { ...openaiEmbedder({ ...broken, maxRetries: 0 }), model: next.model };
    await deliver(job!, isolate(offer(openaiEmbedder(old), named)));
    expect((await models()).change).toMatchObject({
      progress: { done: 100 },
      failure: { code: "embedder_failed" },
    });
    await deliver(job!);
    await work();
    expect(await sentTo(next)).toHaveLength(20);
    expect(await stored()).toEqual({ [next.model]: [120, 120] });
  });

  test("because nobody offers it any more says so, and may be called off", async () => {
    await published("ferry.txt", DAWN);
    await begin();
    await deliver(queue.shift()!, isolate(offer(openaiEmbedder(old))));
    expect((await models()).change.failure).toMatchObject({ code: "embedding_model_gone" });
    expectStatus(await api("DELETE", "models/embedding/change"), 200);
  });
});

describe("an organization's model", () => {
  test("stays what it is when the operator's default changes", async () => {
    await published("ferry.txt", DAWN);
    const later = isolate(offer(openaiEmbedder(next), openaiEmbedder(old)));
    expect((await ask("northern ferry", later)).retrieval).toMatchObject({
      embedding_model: old.model,
      mode: "hybrid",
      candidates: { vector: 1 },
    });
    await add("kayak.txt", "A kayak has a hatch.");
    await work(later);
    expect(await stored()).toEqual({ [old.model]: [2, 2] });
  });

  test("that changed elsewhere is noticed at the next question, whatever this isolate remembers", async () => {
    await published("ferry.txt", DAWN);
    const elsewhere = isolate(offer(openaiEmbedder(old), openaiEmbedder(next)));
    expect((await ask("northern ferry", elsewhere)).retrieval.embedding_model).toBe(old.model);
    await begin();
    await work();
    const { retrieval, results } = await ask("northern ferry", elsewhere);
    expect(retrieval).toMatchObject({
      embedding_model: next.model,
      mode: "hybrid",
      candidates: { vector: 1 },
    });
    expect(results[0].scores.vector).toBeGreaterThan(0.3);
    const seen = (await requestsOf(next)).length;
    await ask("harbour", elsewhere);
    expect((await requestsOf(next)).length).toBe(seen + 1);
  });

  test("that is not offered any more leaves the words to find, and documents wait with a reason", async () => {
    await published("ferry.txt", DAWN);
    app = isolate(offer(openaiEmbedder(next), offlineEmbedder()));
    for (const _ of ["a first time", "knowing it"]) {
      const { retrieval, results } = await ask("northern ferry");
      expect(retrieval).toMatchObject({
        mode: "lexical",
        embedding_model: old.model,
        candidates: { vector: 0 },
        paths: { vector: "none" },
      });
      expect(results[0]).toMatchObject({ content: DAWN, scores: { vector: null } });
    }
    expect(await models()).toMatchObject({ current: old.model, available: false });
    const id = await add("kayak.txt", "A kayak has a hatch.");
    await work();
    expect((await api("GET", `documents/${id}`)).body.document).toMatchObject({
      status: "failed",
      failure: { code: "embedding_model_gone", detail: expect.stringContaining(old.model) },
    });
    const taught = await api("POST", "knowledge/answers", { question: "When?", answer: "At dawn." });
    expect(taught.body).toMatchObject({
      code: "embedding_model_gone",
      detail: expect.stringContaining(old.model),
    });
    expectStatus(await api("PATCH", "org", { settings: { embeddings_api: true } }), 200);
    const vectors = await app.call("POST", "/v1/embeddings", { token: admin.token, json: { input: DAWN } });
    expect(vectors).toMatchObject({ status: 503, body: { error: { code: "embedder_unavailable" } } });
    await begin();
    await work();
    expect(await models()).toMatchObject({ current: next.model, available: true });
    expectStatus(await api("POST", `documents/${id}/reindex`), 202);
    await work();
    expect(await stored()).toEqual({ [next.model]: [2, 2] });
  });
});

type Embed = Embedder["embed"];

/** The model with something happening while it embeds. */
function withEmbed(
  config: ProviderConfig,
  embed: (texts: readonly string[], signal: AbortSignal, real: Embed) => Promise<number[][]>,
): Embedder {
  const real = openaiEmbedder(config);
  return { ...real, embed: async (texts, signal) => embed(texts, signal, real.embed) };
}
