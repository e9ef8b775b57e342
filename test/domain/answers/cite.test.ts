import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { citer } from "../../../src/domain/answers/cite.ts";
import type { Source } from "../../../src/domain/answers/events.ts";
import { linksIn } from "../../../src/domain/answers/links.ts";

const RETURNS =
  "Our shops open at nine. Unused items can be returned within 60 days of delivery. Refunds take 5 days.";
const CARDS = "Gift cards expire after three years. They cannot be exchanged for cash.";

const source = (
  index: number,
  content: string,
  more: Partial<Extract<Source, { kind: "document" }>> = {},
): Source => ({
  kind: "document",
  index,
  chunk_id: `chunk-${index}`,
  document_id: `document-${index}`,
  document_name: `document ${index}.md`,
  title: null,
  version: 1,
  content,
  page: 3,
  heading: ["Help"],
  start: 1_000,
  end: 1_000 + content.length,
  score: 1,
  ...more,
});
const SOURCES = [source(1, RETURNS), source(2, CARDS)];

function cite(deltas: string | string[], sources = SOURCES) {
  const cited = citer(sources, linksIn(sources.map(({ content }) => content)));
  const events = [
    ...(typeof deltas === "string" ? [deltas] : deltas).flatMap((delta) => cited.push(delta)),
    ...cited.end(),
  ];
  const text = events.map((event) => (event.type === "token" ? event.text : "")).join("");
  const citations = events.flatMap((event) => (event.type === "citation" ? [event.citation] : []));
  expect(text).toBe(cited.answer());
  for (const { index, answer_start, answer_end } of citations) {
    expect(text.slice(answer_start, answer_end)).toBe(`[${index}]`);
  }
  return { text, citations, dropped: cited.dropped(), events };
}

describe("a mark with a quote", () => {
  test("stays as a number, and its citation says where the words stand", () => {
    const { text, citations, dropped } = cite('Within 60 days [1: "returned within 60 days"].');
    expect(text).toBe("Within 60 days [1].");
    expect(dropped).toBe(0);
    const at = RETURNS.indexOf("returned within");
    expect(citations).toEqual([
      {
        index: 1,
        answer_start: 15,
        answer_end: 18,
        claim_start: 0,
        claim_end: 14,
        kind: "document",
        chunk_id: "chunk-1",
        document_id: "document-1",
        document_name: "document 1.md",
        version: 1,
        page: 3,
        heading: ["Help"],
        start: 1_000 + at,
        end: 1_000 + at + "returned within 60 days".length,
        quote: "returned within 60 days",
      },
    ]);
  });

  test("disappears and is counted when the passage does not say so", () => {
    const { text, citations, dropped } = cite('Within 90 days [1: "returned within 90 days"]. Really.');
    expect(text).toBe("Within 90 days. Really.");
    expect(citations).toEqual([]);
    expect(dropped).toBe(1);
  });

  test("points into the table row, not into the repeated header", () => {
    const header = "| Service | Price |\n|---|---|\n";
    const row = "| Express | £8.95 |";
    const { citations } = cite('£8.95 [1: "Express | £8.95"]', [
      source(1, header + row, { start: 500, end: 500 + row.length }),
    ]);
    expect(citations[0]).toMatchObject({ start: 502, end: 500 + row.length - 2, quote: "Express | £8.95" });
  });
});

describe("the words a mark stands behind", () => {
  const claims = (written: string) => {
    const { text, citations } = cite(written);
    return citations.map(({ claim_start, claim_end }) => text.slice(claim_start, claim_end));
  };
  test.each<[string, string, string[]]>([
    ["end before it", 'Refunds are quick. They take 5 days [1: "take 5 days"].', ["They take 5 days"]],
    ["may be a whole sentence", 'They take 5 days. [1: "take 5 days"] Yes.', ["They take 5 days."]],
    [
      "begin behind the mark before it",
      'They take 5 days [1: "take 5 days"], and cards expire [2: "Gift cards expire"].',
      ["They take 5 days", "and cards expire"],
    ],
    [
      "are the same for marks in a row",
      'Both are so [1: "take 5 days"][2: "Gift cards expire"].',
      ["Both are so", "Both are so"],
    ],
    [
      "may be a list item",
      '- Nine [1: "open at nine"]\n- Five days it is [1: "take 5 days"]',
      ["- Nine", "- Five days it is"],
    ],
    [
      "are counted as they are shown",
      'See <b>it</b>: 5 days [1: "take 5 days"].',
      ["See < b>it< /b>: 5 days"],
    ],
  ])("%s", (_, written, expected) => expect(claims(written)).toEqual(expected));
});

describe("a model that invents citations", () => {
  const INVENTED: [string, string][] = [
    ["a source that is not there", "Tents are waterproof [9]."],
    ["the source zero", "Refunds take 5 days [0]."],
    ["words that are nowhere", 'Free of charge [1: "always free of charge"].'],
    ["words of another source", 'Three years [1: "Gift cards expire after three years"].'],
    ["a number changed", 'Within 61 days [1: "returned within 61 days of delivery"].'],
    ["a word changed", 'Used items [1: "Used items can be returned"].'],
    ["a negation added", 'No [1: "Unused items can not be returned"].'],
    ["two halves joined", 'So [1: "Our shops open within 60 days"].'],
    ["a source in the wrong order", 'So [1: "Refunds take 5 days … Our shops open"].'],
    ["full-width digits", "Tents are waterproof ［９］."],
    ["Arabic digits", "Tents are waterproof [٩]."],
    ["superscript digits", "Tents are waterproof [⁹]."],
    ["other brackets", "Tents are waterproof 【9】 〔9〕."],
    ["emphasis inside", "Tents are waterproof [**9**]."],
    ["invisible characters inside", "Tents are waterproof [\u200b9\u200d]."],
    ["escaped brackets", "Tents are waterproof \\[9\\]."],
    ["a name before the number", "Tents are waterproof [Source 9]."],
    ["a range", "Tents are waterproof [3-9]."],
    ["a mark in a mark's words", 'Tents [1: "see [2: "tents"]"].'],
    ["brackets in brackets", "Tents are waterproof [[9]]."],
    ["an unfinished mark", 'Tents are waterproof [9: "water'],
    ["one open backtick before it", "Tents ` are waterproof [9]."],
    ["a list's code that may have ended", "1. Run:\n   ```\n   x\n     ```\nTents are waterproof [9]."],
    ["a fence in the middle of a line", "Tents ``` are waterproof [9]."],
  ];
  test.each(INVENTED)("gets none through: %s", (_, written) => {
    for (const pieces of [written, Array.from(written)]) {
      const { text, citations, dropped } = cite(pieces);
      expect(citations).toEqual([]);
      expect(dropped).toBeGreaterThan(0);
      expect(text.normalize("NFKC").replace(/[\p{Cf}*\\]/gu, "")).not.toMatch(/\[\s*(?:source )?\d/i);
    }
  });

  test("leaves code as it is, which cites nothing", () => {
    const written = "Run `a[9]` and\n\n```js\nb[9] = c[1]\n```\n\n1. Then:\n   ```\n   d[9]\n   ```";
    for (const pieces of [written, Array.from(written)])
      expect(cite(pieces)).toMatchObject({ text: written, citations: [], dropped: 0 });
  });
});

describe("whatever model and sources say", () => {
  const words = fc.constantFrom(
    ...[
      "Refunds",
      "take",
      "5",
      "days",
      "60",
      "لا",
      "返金は",
      "五日",
      "é",
      "|",
      "-",
      "*",
      "“",
      "…",
      "§ 4",
      "e.g.",
      "\n",
      "0",
    ],
  );
  const passage = fc.array(words, { minLength: 3, maxLength: 20 }).map((parts) => parts.join(" "));
  const answer = (passages: string[]) =>
    fc.array(
      fc.oneof(
        passage,
        fc
          .record({ n: fc.integer({ min: 0, max: 4 }), quote: passage })
          .map(({ n, quote }) => `[${n}: "${quote}"]`),
        fc
          .record({ n: fc.nat(passages.length - 1), from: fc.nat(60), length: fc.nat(60) })
          .map(({ n, from, length }) => `[${n + 1}: "${(passages[n] ?? "").slice(from, from + length)}"]`),
        fc.integer({ min: 0, max: 4 }).map((n) => `[${n}]`),
      ),
      { maxLength: 8 },
    );

  test("a citation's quote stands in its source, at the range it names", () => {
    let cited = 0;
    const cases = fc
      .array(passage, { minLength: 1, maxLength: 3 })
      .chain((passages) => fc.tuple(fc.constant(passages), answer(passages), fc.integer({ min: 1, max: 9 })));
    fc.assert(
      fc.property(cases, ([passages, parts, size]) => {
        // The document holds each passage somewhere; the last one is the piece of a table with a copy of its header.
        const header = "| Item | Days |\n|---|---|\n";
        const sources = passages.map((content, at) =>
          source(at + 1, at === 2 ? header + content : content, { start: 100, end: 100 + content.length }),
        );
        const written = parts.join(" ");
        const pieces = written.match(new RegExp(`[\\s\\S]{1,${size}}`, "gu")) ?? [];
        const { citations, text } = cite(pieces, sources);
        cited += citations.length;
        for (const one of citations) {
          const document = "#".repeat(100) + (passages[one.index - 1] ?? "");
          expect(document.slice(one.start, one.end)).toBe(one.quote);
          expect(one.quote).not.toBe("");
          expect(one.claim_start).toBeLessThanOrEqual(one.claim_end);
          expect(one.claim_end).toBeLessThanOrEqual(one.answer_start);
          expect(text.length).toBeGreaterThanOrEqual(one.answer_end);
        }
      }),
      { numRuns: 300 },
    );
    expect(cited).toBeGreaterThan(50);
  });
});

describe("a mark without a quote", () => {
  test("gets the sentence that supports what it stands behind", () => {
    const { text, citations } = cite(
      "Unused items go back within 60 days of delivery. [1] Gift cards expire after three years [2].",
    );
    expect(text).toBe(
      "Unused items go back within 60 days of delivery. [1] Gift cards expire after three years [2].",
    );
    expect(citations.map(({ quote }) => quote)).toEqual([
      "Unused items can be returned within 60 days of delivery.",
      "Gift cards expire after three years.",
    ]);
  });

  test("disappears when the source speaks of something else", () => {
    const { text, dropped } = cite("Tents are sewn in Portugal [1].");
    expect(text).toBe("Tents are sewn in Portugal.");
    expect(dropped).toBe(1);
  });
});

describe("several sources", () => {
  test("each is checked for itself: [1, 7] with two sources keeps [1]", () => {
    const { text, dropped } = cite("Unused items go back within 60 days of delivery [1, 7].");
    expect(text).toBe("Unused items go back within 60 days of delivery [1].");
    expect(dropped).toBe(1);
  });

  test("marks in a row are all kept", () => {
    const { text } = cite('Both [1: "Refunds take 5 days"][2: "Gift cards expire"].');
    expect(text).toBe("Both [1][2].");
  });

  test("other brackets and digits come out as [n]", () => {
    const { text } = cite('One 【1: "Refunds take 5 days"】 two [٢: "Gift cards expire"]');
    expect(text).toBe("One [1] two [2]");
  });
});

describe("what is not a mark", () => {
  test.each([
    "A list [x] and a year [2024].",
    "Run `list[1]` or\n```\na[2] = b\n```\nand go on.",
    "The call is at [12:30] today.",
    "One `open backtick\nand then text",
  ])("%s", (text) => {
    expect(cite(text)).toMatchObject({ text, citations: [], dropped: 0 });
  });
});

describe("the text around a mark that disappears", () => {
  test.each([
    ["[9] Hello there", "Hello there"],
    ["one [9] two", "one two"],
    ["one [9]\n\ntwo", "one\n\ntwo"],
    ["one\n\n[9] two", "one\n\ntwo"],
    ["end [9]", "end"],
    ["a [8] [9] b", "a b"],
  ])("%s", (text, expected) => {
    expect(cite(text).text).toBe(expected);
  });
});

describe("streaming", () => {
  const WRITTEN =
    'Unused items can be returned within 60 days of delivery. [1: "within 60 days"]\n\n- Cards: three years 【2】 [5, 7]\n- `code[1]` stays. [1: "never said"] Refunds take 5 days [1].';

  test("the pieces in which a model sends its text make no difference", () => {
    const whole = cite(WRITTEN);
    expect(whole.citations.length).toBeGreaterThanOrEqual(2);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
        const pieces: string[] = [];
        for (let at = 0, n = 0; at < WRITTEN.length; n++) {
          const size = sizes[n % sizes.length] ?? 1;
          pieces.push(WRITTEN.slice(at, at + size));
          at += size;
        }
        const streamed = cite(pieces);
        expect(streamed.text).toBe(whole.text);
        expect(streamed.citations).toEqual(whole.citations);
        expect(streamed.dropped).toBe(whole.dropped);
      }),
      { numRuns: 60 },
    );
  });

  test("text before a mark is not held back", () => {
    const cited = citer(SOURCES, linksIn([]));
    expect(cited.push("Hello")).toEqual([{ type: "token", text: "Hello" }]);
    expect(cited.push(" world [1")).toEqual([{ type: "token", text: " world" }]);
  });

  test("a mark that never closes is let go after the length of a passage", () => {
    const cited = citer(SOURCES, linksIn([]));
    cited.push('Well [1: "');
    let held = 0;
    for (let n = 0; n < 400 && held === 0; n++) held = cited.push("words and ").length;
    expect(held).toBeGreaterThan(0);
  });

  test.each(["[[9]1]", "[[٣】1]", "[1[9]]", "[1[9]2]", "【 [9]1】"])(
    "what is left of %s is no mark",
    (text) => {
      const { text: shown, citations } = cite(["Refunds take 5 days ", ...text]);
      expect(citations).toEqual([]);
      expect(shown).toContain("…");
      expect(cite(shown).text).toBe(shown);
    },
  );

  test("any text comes through without an exception, and no unchecked mark survives", () => {
    const bits = fc.constantFrom(
      "[",
      "]",
      "1",
      "9",
      ": ",
      '"',
      "\n",
      " ",
      "`",
      "word",
      "【",
      "】",
      ",",
      "-",
      "٣",
      "Refunds take 5 days",
      "]",
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 40 }), (parts) => {
        const { text, citations, events } = cite(parts.filter((part) => part !== "`"));
        const kept = text.match(/\[\d{1,3}\]/g) ?? [];
        expect(kept.length).toBe(citations.length);
        expect(events.every((event) => event.type !== "token" || event.text !== "")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
