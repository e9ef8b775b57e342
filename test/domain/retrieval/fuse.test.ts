/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { fuse } from "../../../src/domain/retrieval/fuse.ts";

const hit = (document_id: string, lexical: number, vector: number | null, ordinal = 0) => ({
  document_id,
  ordinal,
  lexical,
  vector,
});
const order = (hits: { document_id: string }[]) => hits.map(({ document_id }) => document_id).join("");

describe("fuse", () => {
  const hits = [hit("a", 10, 0.1), hit("b", 5, 0.9), hit("c", 0, 0.5), hit("d", 8, null)];

  it("leaves the order to the words when the vectors have no say", () => {
    expect(order(fuse(hits, 0, 10))).toBe("adb");
  });

  it("leaves the order to the vectors when they have all of it", () => {
    expect(order(fuse(hits, 1, 10))).toBe("bca");
  });

  it("weighs both, scaled to the best of each", () => {
    const fused = fuse(hits, 0.5, 10);
    expect(fused.map(({ document_id, score }) => [document_id, Number(score.toFixed(3))])).toEqual([
      ["b", 0.75],
      ["a", 0.5],
      ["d", 0.4],
      ["c", 0.25],
    ]);
  });

  it("keeps the order of the text among equals, however they arrive", () => {
    const equals = [hit("b", 3, 0.2, 1), hit("a", 3, 0.2, 2), hit("b", 3, 0.2, 0), hit("a", 3, 0.2, 1)];
    const orders = [equals, [...equals].reverse()].map((list) =>
      fuse(list, 0.5, 10).map(({ document_id, ordinal }) => `${document_id}${ordinal}`),
    );
    expect(orders[0]).toEqual(["a1", "a2", "b0", "b1"]);
    expect(orders[1]).toEqual(orders[0]);
  });

  it("returns no more than asked for and nothing that no arm with a say brought", () => {
    expect(fuse(hits, 0.5, 2)).toHaveLength(2);
    expect(fuse([hit("a", 0, null), hit("b", 0, 0.4)], 0, 8)).toEqual([]);
    expect(order(fuse([hit("a", 0, null), hit("b", 0, 0.4)], 0.5, 8))).toBe("b");
    expect(fuse([], 0.5, 8)).toEqual([]);
  });
});
