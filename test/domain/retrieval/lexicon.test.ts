/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { indexTerms, queryTerms } from "../../../src/domain/retrieval/lexicon.ts";
import { ANALYZER } from "../../../src/text/words.ts";

const ORG = "8c6d7b9e-0000-4000-8000-000000000001";
const OTHER = "8c6d7b9e-0000-4000-8000-000000000002";

const weightsOf = (indexed: { sv: string }) => {
  const [, body, dimensions] = /^\{(.*)\}\/(\d+)$/.exec(indexed.sv)!;
  expect(dimensions).toBe("536870912");
  return body === "" ? [] : body!.split(",").map((entry) => entry.split(":").map(Number) as [number, number]);
};

describe("indexTerms", () => {
  it("writes indexes in ascending order within the dimensions", () => {
    const indexes = weightsOf(
      indexTerms(ORG, { title: "Warranty", content: "Tents carry two years of warranty." }),
    ).map(([index]) => index);
    expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
    expect(new Set(indexes).size).toBe(indexes.length);
    for (const index of indexes) expect(index > 0 && index <= 2 ** 29).toBe(true);
  });

  it("gives the formula's weight: tf 1, ten tokens, in the title", () => {
    const indexed = indexTerms(ORG, { title: "tent", content: "a b c d e f g h i" });
    const tent = indexed.terms[indexed.lexemes.indexOf("tent")]!;
    const weight = weightsOf(indexed).find(([index]) => index === (tent >>> 3) + 1)![1];
    expect(weight).toBeCloseTo(2.2 / (1 + 1.2 * (0.25 + (0.75 * 10) / 130)) + 0.72, 3);
  });

  it("lets a long title weigh less than a short one", () => {
    const weightIn = (title: string) => {
      const indexed = indexTerms(ORG, { title, content: "x ".repeat(100) });
      const tent = indexed.terms[indexed.lexemes.indexOf("tent")]!;
      return weightsOf(indexed).find(([index]) => index === (tent >>> 3) + 1)![1]!;
    };
    expect(weightIn("tent")).toBeGreaterThan(weightIn(`tent ${"and so on ".repeat(8)}`) + 0.3);
  });

  it("keeps terms and lexemes aligned, ascending and without repeats", () => {
    const { terms, lexemes } = indexTerms(ORG, { title: "", content: "stove stove tent Stoves lantern" });
    expect([...lexemes].sort()).toEqual(["lantern", "stove", "tent"]);
    expect(terms).toEqual([...terms].sort((a, b) => a - b));
    expect(terms[lexemes.indexOf("stove")]).toBe(queryTerms(ORG, "stove").terms[0]);
  });

  it("gives every organization its own numbers", () => {
    const chunk = { title: "", content: "tent" };
    expect(indexTerms(ORG, chunk).terms).not.toEqual(indexTerms(OTHER, chunk).terms);
  });

  it("stays within what a sparsevec can hold", () => {
    const content = Array.from({ length: 20_000 }, (_, at) => `w${at.toString(36)}q`).join(" ");
    expect(weightsOf(indexTerms(ORG, { title: "", content })).length).toBeLessThanOrEqual(16_000);
  });

  it("accepts a chunk without words", () => {
    expect(indexTerms(ORG, { title: "", content: "—" })).toEqual({
      sv: "{}/536870912",
      terms: [],
      lexemes: [],
      analyzer: ANALYZER,
    });
  });
});

describe("queryTerms", () => {
  const weight = (query: ReturnType<typeof queryTerms>, word: string) =>
    query.weights[query.terms.indexOf(queryTerms(ORG, word).terms[0]!)];

  it("counts a stop word little and a repeated word with a square root", () => {
    const query = queryTerms(ORG, "the tent and the other tent");
    expect(weight(query, "tent")).toBeCloseTo(Math.SQRT2, 3);
    expect(weight(query, "and")).toBe(0.35);
    expect(weight(query, "the")).toBe(0.7);
  });

  it("remembers the last two questions and, faintly, the last answer", () => {
    const query = queryTerms(ORG, "and how long?", [
      { role: "user", content: "lantern" },
      { role: "assistant", content: "kayak" },
      { role: "user", content: "warranty" },
      { role: "assistant", content: "stove" },
      { role: "user", content: "repair" },
    ]);
    expect(weight(query, "warranty")).toBe(0.25);
    expect(weight(query, "repair")).toBe(0.25);
    expect(weight(query, "stove")).toBe(0.05);
    expect(weight(query, "kayak")).toBeUndefined();
    expect(weight(query, "lantern")).toBeUndefined();
  });

  it("gives a word's forms after it, with its weight below zero", () => {
    const { weights } = queryTerms(ORG, "ERR-4042");
    expect([weights[0], weights[1], weights.at(-1)]).toEqual([1, -1, 1]);
    const rechnung = queryTerms(ORG, "Rechnungen");
    expect(rechnung.weights[0]).toBe(1);
    const indexed = indexTerms(ORG, {
      title: "",
      content: "Die Rechnung ist für das Haus und nicht mehr offen.",
    });
    expect(rechnung.terms.slice(1).some((term) => indexed.terms.includes(term))).toBe(true);
  });

  it("offers only real words of the question for spelling correction", () => {
    const { lexemes } = queryTerms(ORG, "where is the warrenty for ERR4042 or abc", [
      { role: "user", content: "lantern" },
    ]);
    expect(lexemes.filter((lexeme) => lexeme !== null)).toEqual(["warrenti"]);
  });
});
