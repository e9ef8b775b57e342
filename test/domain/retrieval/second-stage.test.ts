/** Pure; runs in workerd: what happens to hits between the search and the reader. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunk } from "../../../src/domain/ingestion/chunk.ts";
import { joinNeighbours } from "../../../src/domain/retrieval/neighbours.ts";
import { rank } from "../../../src/domain/retrieval/rank.ts";
import { withoutRepeats } from "../../../src/domain/retrieval/repeats.ts";
import { spread } from "../../../src/domain/retrieval/spread.ts";
import type { Found, Hit } from "../../../src/domain/retrieval/sql.ts";

const said = (content: string, ...heading: string[]) => ({ heading, content });
const warranty =
  "The warranty lasts two years from the day of purchase and covers seams, poles and zips; wear is not covered, nor is damage by storms above force eight.";

describe("withoutRepeats", () => {
  const kept = (...hits: ReturnType<typeof said>[]) => withoutRepeats(hits).length;
  it.each<[string, string]>([
    ["word for word", warranty],
    ["in other lines, with other marks", warranty.replaceAll(" ", "\n").replaceAll(",", " –").toUpperCase()],
  ])("drops what a better passage says %s", (_, worse) => {
    expect(kept(said(warranty), said(worse))).toBe(1);
  });

  it.each<[string, string]>([
    ["another number", warranty.replace("two", "three")],
    ["another name", `The Skarn tent: ${warranty}`],
    ["a negation", warranty.replace("and covers", "and never covers")],
    ["one more fact", `${warranty} Batteries are covered for six months.`],
    ["the same words in another order", warranty.split(" ").reverse().join(" ")],
  ])("keeps what says %s", (_, worse) => {
    expect(kept(said(warranty), said(worse))).toBe(2);
  });

  it("keeps the same words under another heading, and a passage within a much longer one", () => {
    expect(kept(said(warranty, "Tents"), said(warranty, "Stoves"))).toBe(2);
    expect(kept(said(warranty), said(warranty.slice(0, 60)))).toBe(2);
    expect(kept(said(warranty.slice(0, 60)), said(warranty))).toBe(2);
  });

  it("tells apart what is written without spaces, and passages without a word", () => {
    expect(kept(said("帐篷的保修期为两年。"), said("帐篷的保修期为三年。"))).toBe(2);
    expect(kept(said("帐篷的保修期为两年。"), said("帐篷的保修期为两年"))).toBe(1);
    expect(kept(said("***"), said("---"), said("***"))).toBe(2);
  });
});

describe("joinNeighbours", () => {
  const text = Array.from(
    { length: 60 },
    (_, at) => `Sentence ${at} of the long chapter says ${at * 7}.`,
  ).join(" ");
  const placed = (source: string, rest: object = {}) =>
    chunk({ text: source, title: null, pages: [] }).map((one) => ({
      ...one,
      chunk_id: `c${one.ordinal}`,
      document_id: "d",
      version: 1,
      content: one.text,
      ...rest,
    }));

  it("reads two chunks that overlap as one passage, in the order of the text and at the better one's place", () => {
    const [first, second, third] = placed(text);
    const other = { ...first!, document_id: "e", chunk_id: "x" };
    const passages = joinNeighbours([second!, other, first!], 2);
    expect(passages.map(({ document_id }) => document_id)).toEqual(["d", "e"]);
    expect(passages[0]).toMatchObject({
      chunk_id: "c1",
      start: 0,
      end: second!.end,
      content: text.slice(0, second!.end),
      chunks: [
        { chunk_id: "c0", ordinal: 0 },
        { chunk_id: "c1", ordinal: 1 },
      ],
    });
    expect(joinNeighbours([first!, third!], 2)).toHaveLength(2);
  });

  it("takes the place that becomes free, and no more places than there are", () => {
    const [first, second, third, fourth, fifth] = placed(text.repeat(3));
    expect(joinNeighbours([first!, second!, fourth!], 2).map(({ start }) => start)).toEqual([
      0,
      fourth!.start,
    ]);
    expect(joinNeighbours([first!, third!, fifth!], 2)).toHaveLength(2);
  });

  it("does not join across pages, headings, versions and copied table headers", () => {
    const [first, second] = placed(text);
    for (const other of [
      { ...second!, page: 2 },
      { ...second!, heading: ["B"] },
      { ...second!, version: 2 },
      { ...second!, content: `| a |\n${second!.content}` },
    ]) {
      expect(joinNeighbours([first!, other], 8)).toHaveLength(2);
    }
  });

  it("keeps every offset: the passage is the document's text from start to end, but for the white space between", () => {
    const word = fc.constantFrom(
      "lantern",
      "stove.",
      "A",
      "12.",
      "- item",
      "\n\n",
      "\n",
      "| a | b |\n",
      "# Head\n\n",
      "x".repeat(90),
    );
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 200, maxLength: 900 }),
        fc.infiniteStream(fc.nat()),
        (words, random) => {
          const source = words.join(" ");
          const hits = placed(source).sort(() => ((random.next().value ?? 0) % 3) - 1);
          for (const { content, start, end, chunks } of joinNeighbours(hits, 5)) {
            if (!chunks) continue;
            expect(content.length).toBe(end - start);
            expect(content.replace(/\s/g, " ")).toBe(source.slice(start, end).replace(/\s/g, " "));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("spread", () => {
  const hit = (document_id: string, score: number) => ({ document_id, score });
  const order = (hits: { document_id: string }[], places = 5) =>
    spread(
      hits.map((one) => one as ReturnType<typeof hit>),
      places,
    )
      .map(({ document_id }) => document_id)
      .join("");

  it("gives the last place to another document that is nearly as good", () => {
    expect(order([1, 0.95, 0.9, 0.85, 0.8].map((score) => hit("a", score)).concat(hit("b", 0.7)))).toBe(
      "aaaaba",
    );
  });

  it("does not for one that is much worse, nor where there is no other", () => {
    expect(order([1, 0.95, 0.9, 0.85, 0.8].map((score) => hit("a", score)).concat(hit("b", 0.5)))).toBe(
      "aaaaab",
    );
    expect(order([1, 0.9, 0.8, 0.7, 0.6, 0.5].map((score) => hit("a", score)))).toBe("aaaaaa");
    expect(order([])).toBe("");
  });
});

describe("rank", () => {
  const hit = (chunk_id: string, lexical: number, vector: number | null = null) =>
    ({ chunk_id, document_id: chunk_id, ordinal: 0, lexical, telling: lexical, vector }) as Hit;
  const found = (reach: number, ...hits: Hit[]) => ({ reach, hits }) as Found;

  it("says how much of the question a hit answers, however good the others are", () => {
    const [best, second] = rank([{ found: found(10, hit("a", 4), hit("b", 2)), weight: 1 }], 0);
    expect([best!.score, best!.relevance]).toEqual([1, 0.4]);
    expect([second!.score, second!.relevance]).toEqual([0.5, 0.2]);
    const [hybrid] = rank([{ found: found(10, hit("a", 4, 0.8)), weight: 1 }], 0.5);
    expect(hybrid!.relevance).toBe(0.6);
    expect(rank([{ found: found(2, hit("a", 4)), weight: 1 }], 0)[0]!.relevance).toBe(1);
  });

  it("weighs several searches, and keeps what only one of them brought", () => {
    const ranked = rank(
      [
        { found: found(10, hit("a", 10), hit("b", 8)), weight: 1 },
        { found: found(10, hit("b", 10)), weight: 0.25 },
        { found: found(10, hit("c", 9)), weight: 0.25 },
      ],
      0,
    );
    expect(ranked.map(({ chunk_id }) => chunk_id)).toEqual(["b", "a", "c"]);
    expect(ranked.find(({ chunk_id }) => chunk_id === "c")!.relevance).toBe(0.9);
  });
});
