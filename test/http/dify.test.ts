/** Dify's external knowledge base and LangChain's retriever, as those ask. */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { KalamnaRetriever } from "../../docs/examples/langchain-retriever.ts";
import { call, expectStatus, fetchWorker, type Person, ready, register } from "../support/api.ts";
import { colleague } from "../support/people.ts";

const QUESTION = "When does the morning ferry leave?";

let admin: Person;
let key: string;
let manual: string;
beforeAll(async () => {
  admin = await register("Harbour");
  manual = await ready(admin, "manual.md", "# Ferries\n\nThe morning ferry leaves at half past six.", {
    access_level: "internal",
    metadata: { kind: "manual", year: 2026 },
  });
  await ready(admin, "old.txt", "The morning ferry used to leave at seven.", {
    access_level: "external",
    metadata: { kind: "archive", year: 1998 },
  });
  const created = await call("POST", "/api/v1/api-keys", {
    token: admin.token,
    json: { name: "dify", scopes: ["search"], access: "internal" },
  });
  expectStatus(created, 201);
  key = created.body.key;
}, 60_000);

const retrieve = (more: object = {}, token = key) =>
  call("POST", "/retrieval", {
    token,
    json: {
      knowledge_id: "default",
      query: QUESTION,
      retrieval_setting: { top_k: 5, score_threshold: 0 },
      ...more,
    },
  });
const titles = ({ body }: { body: any }) => body.records.map(({ title }: { title: string }) => title).sort();

describe("Dify", () => {
  test("gets records with content, score, title and metadata", async () => {
    const answer = await retrieve();
    expectStatus(answer, 200);
    expect(answer.body.records).toHaveLength(2);
    const record = answer.body.records.find(({ metadata }: any) => metadata.document_id === manual);
    expect(record).toEqual({
      content: expect.stringContaining("half past six"),
      score: expect.any(Number),
      title: expect.any(String),
      metadata: expect.objectContaining({ kind: "manual", year: 2026, document_name: "manual.md" }),
    });
  });

  test.each([
    [{ name: ["kind"], comparison_operator: "is", value: "archive" }, ["old.txt"]],
    [{ name: ["kind"], comparison_operator: "is not", value: "archive" }, ["Ferries"]],
    [{ name: ["year"], comparison_operator: "≥", value: "2000" }, ["Ferries"]],
    [{ name: ["year", "other"], comparison_operator: "<", value: 2000 }, ["old.txt"]],
    [{ name: "document.created_at", comparison_operator: "before", value: "2001-01-01" }, []],
  ])("filters by %j", async (condition, wanted) => {
    const answer = await retrieve({
      metadata_condition: { logical_operator: "and", conditions: [condition] },
    });
    expectStatus(answer, 200);
    expect(titles(answer)).toEqual(wanted);
  });

  test("drops what scores too low", async () => {
    const answer = await retrieve({ retrieval_setting: { top_k: 5, score_threshold: 1 } });
    expect(answer.body.records).toHaveLength(1);
  });

  test("hears of failures in its own words", async () => {
    expect(await retrieve({ knowledge_id: "another" })).toMatchObject({
      status: 404,
      body: { error_code: 2001 },
    });
    expect(await retrieve({}, "kal_live_nothing")).toMatchObject({ status: 401, body: { error_code: 1002 } });
    const unsupported = { conditions: [{ name: ["kind"], comparison_operator: "contains", value: "x" }] };
    const refused = await retrieve({ metadata_condition: unsupported });
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect(refused.body.error_msg).toContain("contains");
  });

  test("gets external documents only with an external reader's credential", async () => {
    const guest = await colleague(admin, "member", "external");
    expect(titles(await retrieve({}, guest.token))).toEqual(["old.txt"]);
  });
});

describe("the LangChain retriever of docs/examples", () => {
  const { fetch } = globalThis;
  const toWorker: typeof fetch = (url, init) =>
    String(url).startsWith("http://kalamna.test")
      ? fetchWorker(new URL(String(url)).pathname, init)
      : fetch(url, init);
  beforeEach(() => void vi.stubGlobal("fetch", toWorker));
  afterEach(() => vi.unstubAllGlobals());

  test("finds passages as documents", async () => {
    const filters = { type: "eq", key: "kind", value: "manual" };
    const retriever = new KalamnaRetriever({ url: "http://kalamna.test", key, topK: 3, filters });
    const [found, ...more] = await retriever.invoke(QUESTION);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      pageContent: expect.stringContaining("half past six"),
      metadata: { document_id: manual, score: 1 },
    });
  });

  test("says what went wrong", async () => {
    const retriever = new KalamnaRetriever({ url: "http://kalamna.test", key: "kal_live_wrong" });
    await expect(retriever.invoke(QUESTION)).rejects.toThrow(/401/);
  });
});
