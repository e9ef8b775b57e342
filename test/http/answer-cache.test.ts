import { sql } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { collect } from "../../src/domain/answers/answer.ts";
import { AskInput, ask as askDocuments } from "../../src/domain/answers/ask.ts";
import { sweepCache } from "../../src/domain/cache/sweep.ts";
import { openaiChat } from "../../src/infra/chat-model/openai.ts";
import { call, expectStatus, type Person, ready, register } from "../support/api.ts";
import { provider, requestsOf } from "../support/models.ts";
import { baseCtx, colleague, ctxFor } from "../support/people.ts";

const QUESTION = "How long is the pier at Whitby?";
const TEXT = "The pier at Whitby is 310 metres long. It was built from local stone.";

async function ask(by: Person, query = QUESTION, more: Record<string, unknown> = {}) {
  const answer = await call("POST", "/api/v1/query/sync", { token: by.token, json: { query, ...more } });
  expectStatus(answer, 200);
  return answer.body;
}
const rows = async (orgId: string) =>
  (
    await baseCtx().ports.db.execute<{ created_at: string; text: string }>(
      sql`select created_at, payload::text as text from kalamna.answer_cache where org_id = ${orgId}`,
    )
  ).rows;
/** Asks, and waits until the answer is kept. */
async function askAndKeep(by: Person, query = QUESTION, more: Record<string, unknown> = {}) {
  const before = await rows(by.orgId);
  const answer = await ask(by, query, more);
  expect(answer.cache).toEqual({ hit: false });
  await vi.waitUntil(async () => JSON.stringify(await rows(by.orgId)) !== JSON.stringify(before), {
    timeout: 10_000,
    interval: 50,
  });
  return answer;
}
async function library(text = TEXT): Promise<{ org: Person; document: string }> {
  const org = await register("Piers");
  return { org, document: await ready(org, "piers.txt", text) };
}

describe("a question asked again", () => {
  test("gets the same answer with the same evidence, no model is asked, and the message says so", async () => {
    const { org } = await library();
    const config = await provider({ do: "answer", text: 'It is 310 metres [1: "310 metres long"].' });
    const waiting: Promise<unknown>[] = [];
    const base = ctxFor(org);
    const ctx = {
      ...base,
      ports: { ...base.ports, chat: openaiChat(config) },
      waitUntil: (work: Promise<unknown>) => void waiting.push(work),
    };
    const answer = async () => {
      const whole = await collect(askDocuments(ctx, AskInput.parse({ query: QUESTION })));
      await Promise.all(waiting);
      return whole;
    };
    const first = await answer();
    const second = await answer();
    expect(first).toMatchObject({ answer: "It is 310 metres [1].", cache: { hit: false } });
    expect(second).toMatchObject({
      answer: first.answer,
      citations: first.citations,
      sources: first.sources,
      grounded: true,
      model: config.model,
      cost: 0,
      usage: null,
      cache: { hit: true, kind: "exact", age_seconds: expect.any(Number) },
    });
    expect(second.message_id).not.toBe(first.message_id);
    expect(await requestsOf(config)).toHaveLength(1);
    const { rows: kept } = await base.ports.db.execute<{ cache: string; cost: string | null }>(
      sql`select cache, cost from kalamna.messages where org_id = ${org.orgId} order by created_at`,
    );
    expect(kept.map(({ cache }) => cache)).toEqual(["miss", "hit"]);
  });

  test.each([
    ["how long is the pier at whitby", "exact"],
    ["Hello, how long is a pier at Whitby, please?", "near"],
    ["How long are the piers at Whitby?", "near"],
  ])("also as: %s", async (query, kind) => {
    const { org } = await library();
    await askAndKeep(org);
    expect((await ask(org, query)).cache).toMatchObject({ hit: true, kind });
  });

  test.each([
    "How long is the pier at Whitby not?",
    "How long was the pier at Whitby?",
    "How long is pier 2 at Whitby?",
    "How wide is the pier at Whitby?",
    "How long is the Whitby at the pier?",
  ])("but not as: %s", async (query) => {
    const { org } = await library();
    await askAndKeep(org);
    expect((await ask(org, query)).cache?.hit).not.toBe(true);
  });

  test.each([
    ["more passages", { top_k: 3 }],
    ["other documents", { metadata: { kind: "pier" } }],
    ["other readers' documents only", { access_level: "internal" }],
  ])("is another one with %s", async (_, more) => {
    const { org } = await library();
    await askAndKeep(org);
    expect((await ask(org, QUESTION, more)).cache).toEqual({ hit: false });
  });

  test("streams like any answer: sources, tokens with their citations, done", async () => {
    const { org } = await library();
    const first = await askAndKeep(org);
    const { text } = await call("POST", "/api/v1/query", { token: org.token, json: { query: QUESTION } });
    expect(text.match(/^event: \w+/gm)).toEqual([
      "event: sources",
      "event: token",
      "event: citation",
      "event: done",
    ]);
    const bare = await call("POST", "/api/v1/query", {
      token: org.token,
      json: { query: QUESTION, stream_format: "text" },
    });
    expect(bare.text).toBe(first.answer);
  });
});

describe("an answer is made anew at once", () => {
  test.each<[string, (org: Person, document: string) => Promise<unknown>]>([
    [
      "a document was published",
      (org) => ready(org, "b.txt", "The pier at Whitby grew: it is 400 metres long."),
    ],
    [
      "a document has new bytes",
      async (org, document) => {
        const put = await call("PUT", `/api/v1/documents/${document}/content`, {
          token: org.token,
          json: { content: "The pier at Whitby is 320 metres long." },
        });
        expectStatus(put, 202);
        await vi.waitUntil(
          async () =>
            (await call("GET", `/api/v1/documents/${document}`, { token: org.token })).body.document
              .published_version === 2,
          { timeout: 10_000, interval: 50 },
        );
      },
    ],
    [
      "a document has other readers",
      (org, document) =>
        call("PATCH", `/api/v1/documents/${document}`, {
          token: org.token,
          json: { access_level: "external" },
        }),
    ],
    [
      "a document has another label",
      (org, document) =>
        call("PATCH", `/api/v1/documents/${document}`, {
          token: org.token,
          json: { metadata: { year: 2026 } },
        }),
    ],
    [
      "something was taught",
      (org) =>
        call("POST", "/api/v1/knowledge/answers", { token: org.token, json: { question: "x", answer: "y" } }),
    ],
    [
      "a setting was changed",
      (org) =>
        call("PATCH", "/api/v1/org", { token: org.token, json: { settings: { over_budget: "extractive" } } }),
    ],
  ])("when %s", async (_, happens) => {
    const { org, document } = await library();
    await askAndKeep(org);
    expect((await ask(org)).cache.hit).toBe(true);
    await happens(org, document);
    expect((await ask(org)).cache).toEqual({ hit: false });
  });

  test("when its document was deleted, whose text is nowhere in the cache from then on", async () => {
    const { org, document } = await library();
    await askAndKeep(org);
    expect((await rows(org.orgId))[0]?.text).toContain("310 metres");
    expectStatus(await call("DELETE", `/api/v1/documents/${document}`, { token: org.token }), 200);
    expect(await rows(org.orgId)).toEqual([]);
    const after = await ask(org);
    expect(JSON.stringify(after)).not.toContain("310");
    expect(after.cache).toEqual({ hit: false });
  });

  test("when the question says so, or the organization wants no cache", async () => {
    const { org } = await library();
    await askAndKeep(org);
    expect((await ask(org, QUESTION, { cache: false })).cache).toBeUndefined();
    const set = (settings: Record<string, unknown>) =>
      call("PATCH", "/api/v1/org", { token: org.token, json: { settings } });
    expectStatus(await set({ answer_cache: "off" }), 200);
    expect((await ask(org)).cache).toBeUndefined();
    expectStatus(await set({ answer_cache: "on", answer_cache_hours: 1 }), 200);
    await askAndKeep(org);
    const { db } = baseCtx().ports;
    await db.execute(
      sql`update kalamna.answer_cache set created_at = now() - interval '59 minutes' where org_id = ${org.orgId}`,
    );
    expect((await ask(org)).cache).toMatchObject({ hit: true, age_seconds: expect.any(Number) });
    await db.execute(
      sql`update kalamna.answer_cache set created_at = now() - interval '61 minutes' where org_id = ${org.orgId}`,
    );
    expect((await ask(org)).cache).toEqual({ hit: false });
  });
});

describe("two readers", () => {
  test("of different groups, levels or organizations never share an answer; of the same they do", async () => {
    const { org } = await library();
    const [pilot, other, peer, guest] = await Promise.all([
      colleague(org, "member"),
      colleague(org, "member"),
      colleague(org, "viewer"),
      colleague(org, "member", "external"),
    ]);
    const { group } = (await call("POST", "/api/v1/groups", { token: org.token, json: { name: "Pilots" } }))
      .body;
    await call("PUT", `/api/v1/groups/${group.id}/members/${pilot.userId}`, { token: org.token });
    await ready(org, "secret.txt", "The pier at Whitby is 311 metres long, pilots know.", {
      groups: [group.id],
    });
    await askAndKeep(pilot);
    for (const reader of [org, other, guest])
      expect((await ask(reader)).cache?.hit, reader.email).not.toBe(true);
    expect(JSON.stringify(await ask(other))).not.toContain("311");
    await vi.waitUntil(async () => (await ask(other)).cache.hit, { timeout: 10_000, interval: 100 });
    expect((await ask(peer)).cache).toMatchObject({ hit: true });
    await call("PUT", `/api/v1/groups/${group.id}/members/${peer.userId}`, { token: org.token });
    expect((await ask(peer)).answer).toMatch(/31[01]/);
    expect((await ask(peer)).cache).toMatchObject({ hit: true });
    const { org: stranger } = await library("The pier at Whitby is 500 metres long.");
    expect((await ask(stranger)).cache).toEqual({ hit: false });
  });

  test("who left a group get its answers no more", async () => {
    const { org } = await library();
    const pilot = await colleague(org, "member");
    const { group } = (await call("POST", "/api/v1/groups", { token: org.token, json: { name: "Pilots" } }))
      .body;
    const path = `/api/v1/groups/${group.id}/members/${pilot.userId}`;
    await call("PUT", path, { token: org.token });
    await ready(org, "secret.txt", "The pier at Whitby is 311 metres long, pilots know.", {
      groups: [group.id],
    });
    await askAndKeep(pilot);
    expectStatus(await call("DELETE", path, { token: org.token }), 200);
    const after = await ask(pilot);
    expect(after.cache).toEqual({ hit: false });
    expect(JSON.stringify(after)).not.toContain("311");
  });
});

describe("is not kept:", () => {
  test("an answer after other turns, one without evidence, and one that nothing was found for", async () => {
    const { org } = await library();
    const history = [{ role: "user", content: "Tell me about piers." }];
    expect((await ask(org, QUESTION, { history })).cache).toBeUndefined();
    expect((await ask(org, "Who won the football match yesterday?")).grounded).toBe(false);
    const config = await provider({ do: "answer", text: "I believe it is long." });
    const waiting: Promise<unknown>[] = [];
    const base = ctxFor(org);
    const ctx = {
      ...base,
      ports: { ...base.ports, chat: openaiChat(config) },
      waitUntil: (work: Promise<unknown>) => void waiting.push(work),
    };
    await collect(askDocuments(ctx, AskInput.parse({ query: QUESTION })));
    await Promise.all(waiting);
    expect(await rows(org.orgId)).toEqual([]);
  });

  test("one whose documents changed while it was written", async () => {
    const { org } = await library();
    const waiting: Promise<unknown>[] = [];
    const ctx = { ...ctxFor(org), waitUntil: (work: Promise<unknown>) => void waiting.push(work) };
    const events = askDocuments(ctx, AskInput.parse({ query: QUESTION }));
    await events.next();
    await ready(org, "later.txt", "The pier at Whitby is 400 metres long.");
    for await (const _ of events);
    await Promise.all(waiting);
    expect(await rows(org.orgId)).toEqual([]);
    expect((await ask(org)).cache).toEqual({ hit: false });
  });
});

test("the sweeper takes away what answers no more, and counting the changes anew changes nothing", async () => {
  const { org } = await library();
  const { db } = baseCtx().ports;
  await askAndKeep(org);
  for (let n = 0; n < 12; n++) {
    await call("PATCH", "/api/v1/org", { token: org.token, json: { name: `Piers ${n}` } });
  }
  const changes = async () =>
    (
      await db.execute<{ lines: number; changes: number }>(sql`
        select count(*)::int as lines, sum(changes)::int as changes from kalamna.corpus_changes where org_id = ${org.orgId}`)
    ).rows[0]!;
  const before = await changes();
  await sweepCache(baseCtx());
  expect(await changes()).toEqual({ lines: 1, changes: before.changes });
  expect(await rows(org.orgId)).toEqual([]);
  await askAndKeep(org);
  await sweepCache(baseCtx());
  expect((await ask(org)).cache).toMatchObject({ hit: true });
});
