/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { figures, quantile } from "../../eval/metrics.ts";

const judged = new Map([
  ["a", 1],
  ["b", 1],
  ["c", 0],
]);

describe("figures", () => {
  it("are perfect when everything relevant comes first", () => {
    expect(figures(["b", "a", "c"], judged)).toEqual({ ndcg: 1, recall: 1, mrr: 1 });
  });

  it("follow trec_eval: gain over log2 of the place, the ideal over all that is judged", () => {
    const { ndcg, recall, mrr } = figures(["c", "a", "x"], judged);
    expect(ndcg).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3)), 12);
    expect(recall).toBe(0.5);
    expect(mrr).toBe(0.5);
  });

  it("count nothing beyond the depth", () => {
    expect(figures(["x", "y", "a", "b"], judged, 2)).toEqual({ ndcg: 0, recall: 0, mrr: 0 });
  });

  it("let a higher judgement weigh more", () => {
    const graded = new Map([
      ["a", 3],
      ["b", 1],
    ]);
    expect(figures(["a", "b"], graded).ndcg).toBe(1);
    expect(figures(["b", "a"], graded).ndcg).toBeCloseTo((1 + 3 / Math.log2(3)) / (3 + 1 / Math.log2(3)), 12);
  });
});

describe("quantile", () => {
  it("gives the value below which the share lies, and 0 of nothing", () => {
    expect(quantile([3, 1, 2, 4], 0.5)).toBe(3);
    expect(quantile([5], 0.95)).toBe(5);
    expect(quantile([], 0.5)).toBe(0);
  });
});
