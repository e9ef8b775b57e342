/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { hashVector, offlineEmbedder } from "../../../src/infra/embedder/offline.ts";
import { DIMENSIONS } from "../../../src/infra/embedder/port.ts";

const cosine = (a: string, b: string) => {
  const [x, y] = [hashVector(a), hashVector(b)];
  return x.reduce((sum, value, at) => sum + value * y[at]!, 0);
};

describe("the offline embedder", () => {
  it("gives one unit-length vector of 768 numbers per text, in order", async () => {
    const texts = ["Tents are waterproof.", "Refunds take ten days.", "خيمة مقاومة للماء"];
    const vectors = await offlineEmbedder().embed(texts, new AbortController().signal);
    expect(vectors).toHaveLength(3);
    for (const [at, vector] of vectors.entries()) {
      expect(vector).toHaveLength(DIMENSIONS);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
      expect(vector).toEqual(hashVector(texts[at]!));
    }
  });

  it("puts texts about the same thing closer than texts about different things", () => {
    const question = "how do I return a tent";
    expect(cosine(question, "Returning tents: send the tent back within 30 days.")).toBeGreaterThan(
      cosine(question, "The quarterly meeting is on Tuesday in Rotterdam."),
    );
  });

  it("still recognises a misspelt word", () => {
    expect(cosine("warrenty", "warranty")).toBeGreaterThan(0.2);
    expect(Math.abs(cosine("warrenty", "kitchen"))).toBeLessThan(0.15);
  });

  it("gives a usable vector for a text without words", () => {
    expect(Math.hypot(...hashVector(" …! "))).toBeCloseTo(1, 10);
    expect(hashVector("")).toEqual(hashVector("---"));
  });

  it("spreads even a short question over all dimensions, so that the signs alone tell near from far", () => {
    const bits = (text: string) => hashVector(text).map((value) => value > 0);
    const same = (a: string, b: string) =>
      bits(a).filter((bit, at) => bit === bits(b)[at]).length / DIMENSIONS;
    const question = "how do I return a tent";
    expect(hashVector(question).filter((value) => value === 0)).toHaveLength(0);
    expect(same(question, "Returning tents: send the tent back within 30 days.")).toBeGreaterThan(
      same(question, "The quarterly meeting is on Tuesday in Rotterdam.") + 0.02,
    );
  });

  it("says that it adds nothing to the lexical ranking", () => {
    expect(offlineEmbedder()).toMatchObject({ model: "offline-hash-768", mode: "offline", fusionWeight: 0 });
  });
});
