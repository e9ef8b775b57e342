/** Pure: what outcomes add up to. */
import { describe, expect, test } from "vitest";
import { says } from "../../src/domain/evals/facts.ts";
import { checksOf, figuresOf, type Judged } from "../../src/domain/evals/figures.ts";
import { judgeFailure } from "../../src/domain/evals/judge.ts";

const asked = {
  question: "?",
  document_ids: ["a"],
  external_ids: [],
  facts: ["x"],
  answerable: true,
  tags: [],
};
const judged = (over: Partial<Judged["outcome"]>, more: Partial<typeof asked> = {}): Judged => ({
  asked: { ...asked, ...more },
  outcome: {
    documents: [],
    rank: 1,
    ndcg: 1,
    refused: false,
    taught: false,
    facts: [true],
    citations: { all: 2, expected: 1, dropped: 0 },
    supported: 1,
    model: "m",
    tokens: 10,
    cost: 0.5,
    ms: 100,
    ...over,
  },
});

describe("a fact", () => {
  test.each([
    ["It leaves at half past six.", "half past six"],
    ["You may bring it back within 60 days.", "60 days"],
    ["The boots can be returned.", "returning boots"],
    ["Kinder fahren kostenlos.", "Kinder kostenlos"],
  ])("is said: %s / %s", (text, fact) => expect(says(text, fact)).toBe(true));

  test.each([
    ["It leaves at half past six.", "half past seven"],
    ["You may bring it back within 160 days.", "60 days"],
    ["", "noon"],
  ])("is not said: %s / %s", (text, fact) => expect(says(text, fact)).toBe(false));
});

describe("figures", () => {
  test("without a case are null, and pass no gate", () => {
    const none = figuresOf([]);
    expect(none).toMatchObject({ cases: 0, hit_at_5: null, mrr: null, latency_p95: null, errors: 0 });
    expect(checksOf({ hit_at_5: 0 }, none)).toEqual([
      { figure: "hit_at_5", wanted: 0, got: null, better: "more", ok: false },
    ]);
  });

  test("count places, marks, facts and refusals, each among the cases it is about", () => {
    const figures = figuresOf([
      judged({}),
      judged({
        rank: 4,
        ndcg: 0.43,
        facts: [false],
        citations: { all: 0, expected: 0, dropped: 2 },
        ms: 300,
      }),
      judged({ rank: null, ndcg: null, taught: true, cost: null }),
      judged({ rank: null, ndcg: null, refused: true, facts: [] }, { answerable: false, facts: [] }),
    ]);
    expect(figures).toMatchObject({
      cases: 4,
      answerable: 3,
      taught: 1,
      hit_at_1: 0.5,
      hit_at_3: 0.5,
      hit_at_5: 1,
      mrr: 0.625,
      citation_precision: 0.5,
      citations_verified: 0.6667,
      facts_found: 0.6667,
      right_refusals: 1,
      false_refusals: 0,
      latency_p50: 100,
      latency_p95: 300,
      tokens: 40,
      cost: null,
    });
  });

  test("take a question that failed for a miss", () => {
    const outcome = judgeFailure(asked, { code: "model_failed", detail: "" });
    expect(figuresOf([judged({}), { asked, outcome }])).toMatchObject({
      hit_at_1: 0.5,
      facts_found: 0.5,
      errors: 1,
      latency_p50: 100,
    });
  });

  test("where less is better are a gate's most", () => {
    const figures = figuresOf([judged({ ms: 900 })]);
    const checks = checksOf({ latency_p95: 1_000, errors: 0, false_refusals: 0 }, figures);
    expect(checks.every(({ ok }) => ok)).toBe(true);
    expect(checksOf({ latency_p95: 800 }, figures)[0]).toMatchObject({ better: "less", ok: false });
  });
});
