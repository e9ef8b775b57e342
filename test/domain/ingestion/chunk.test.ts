/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { type Chunk, type ChunkOptions, chunk } from "../../../src/domain/ingestion/chunk.ts";

const cut = (text: string, options?: ChunkOptions) => chunk({ text, title: null, pages: [] }, options);
const words = (count: number, word = "word") =>
  `${Array.from({ length: count }, (_, i) => `${word}${i}`).join(" ")}.`;
/** A paragraph of `count` sentences of about 60 characters. */
const prose = (count: number, subject = "tent") =>
  Array.from({ length: count }, (_, i) => `Sentence number ${i} says something about the ${subject}.`).join(
    " ",
  );
const repeated = (piece: Chunk) => piece.text.length - (piece.end - piece.start);

describe("chunk", () => {
  it("leaves a short document in one piece", () => {
    expect(cut("Hello there.")).toEqual([
      { ordinal: 0, start: 0, end: 12, page: null, heading: [], text: "Hello there." },
    ]);
  });

  it("finds nothing in an empty document", () => {
    expect(cut("")).toEqual([]);
    expect(cut(" \n\n ")).toEqual([]);
  });

  it("aims at a thousand characters and never exceeds the maximum", () => {
    const text = Array.from({ length: 60 }, (_, i) => prose(3 + (i % 5), `item${i}`)).join("\n\n");
    const lengths = cut(text).map(({ start, end }) => end - start);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1400);
    const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
    expect(mean).toBeGreaterThan(700);
    expect(mean).toBeLessThan(1100);
  });

  it("says where each piece stands in the document", () => {
    const text = `# Title\n\n${prose(40)}\n\n## Next\n\n${prose(30)}`;
    for (const piece of cut(text)) expect(piece.text).toBe(text.slice(piece.start, piece.end));
  });

  it("loses no word of the document", () => {
    const text = `Intro.\n\n# A\n\n${prose(50)}\n\n- ${words(300)}\n\n\`\`\`\n${"code();\n".repeat(400)}\`\`\`\n\nEnd.`;
    let covered = 0;
    for (const { start, end } of cut(text)) {
      expect(text.slice(covered, start).trim()).toBe("");
      covered = Math.max(covered, end);
    }
    expect(text.slice(covered).trim()).toBe("");
  });

  it.each([
    ["one long paragraph", " ", (n: number) => `Sentence number ${n} tells of ${(n * 7919) % 997} boats.`],
    ["a list of rows", "\n", (n: number) => `- id: ${n}; boats: ${(n * 7919) % 997}; harbour: north`],
    ["code", "\n", (n: number) => `sail(${n}, ${(n * 7919) % 997});`],
    ["Chinese", "", (n: number) => `第${n}条规定港口有${(n * 7919) % 997}艘船可以在黎明出发。`],
  ])("falls back into step after an insertion into %s", (what, separator, piece) => {
    const pieces = Array.from({ length: 2000 }, (_, n) => piece(n));
    const text = (all: string[]) =>
      what === "code" ? `\`\`\`\n${all.join(separator)}\n\`\`\`` : all.join(separator);
    const known = new Set(cut(text(pieces)).map((chunk) => chunk.text));
    for (const at of [3, 40, 500, 1200]) {
      const changed = cut(text([...pieces.slice(0, at), piece(5003), ...pieces.slice(at)]));
      expect(changed.filter((chunk) => !known.has(chunk.text)).length).toBeLessThanOrEqual(12);
    }
  });

  it("cuts a long paragraph at the ends of sentences", () => {
    for (const { text } of cut(prose(80))) expect(text).toMatch(/^Sentence .*tent\.$/s);
  });

  it("repeats at most 200 characters, from the start of a sentence", () => {
    const text = prose(80);
    const pieces = cut(text);
    expect(pieces.length).toBeGreaterThan(3);
    for (const [i, piece] of pieces.slice(1).entries()) {
      const shared = (pieces[i] as Chunk).end - piece.start;
      expect(shared).toBeGreaterThan(0);
      expect(shared).toBeLessThanOrEqual(200);
      expect(piece.text).toMatch(/^Sentence number/);
    }
  });

  it("repeats nothing when told so", () => {
    const pieces = cut(prose(80), { overlap: 0 });
    for (const [i, piece] of pieces.slice(1).entries())
      expect(piece.start).toBeGreaterThanOrEqual((pieces[i] as Chunk).end);
  });

  it("repeats nothing across a section", () => {
    const text = `# One\n\n${prose(12)}\n\n# Two\n\n${prose(12)}`;
    const second = cut(text).find(({ heading }) => heading[0] === "Two");
    expect(second?.text.startsWith("# Two")).toBe(true);
  });

  it("knows Chinese and Arabic sentence ends", () => {
    for (const { text } of cut("公司为所有员工提供每年十五天的带薪年假。".repeat(200)))
      expect(text).toMatch(/。$/);
    for (const { text } of cut("هل يمكن ترحيل الأيام غير المستخدمة إلى السنة التالية؟ ".repeat(100))) {
      expect(text).toMatch(/^هل.*؟$/s);
    }
  });

  it("carries the path of headings", () => {
    const text = `# Handbook\n\n${prose(5)}\n\n## Leave\n\n${prose(5)}\n\n### Sick *leave*\n\n${prose(30)}\n\n## Pay\n\n${prose(5)}`;
    const paths = cut(text).map(({ heading }) => heading.join(" > "));
    expect(paths[0]).toBe("Handbook");
    expect(paths).toContain("Handbook > Leave > Sick leave");
    expect(paths.at(-1)).toBe("Handbook > Pay");
  });

  it("names the path that all of a piece lies under", () => {
    const text = "# Faq\n\nShort.\n\n## First\n\nOne.\n\n## Second\n\nTwo.";
    expect(cut(text)).toHaveLength(1);
    expect(cut(text)[0]?.heading).toEqual(["Faq"]);
  });

  it("keeps a heading with the block after it", () => {
    const text = Array.from({ length: 40 }, (_, i) => `### Step ${i}\n\n${prose(2 + (i % 9))}`).join("\n\n");
    for (const piece of cut(text)) expect(piece.text.split("\n").at(-1)).not.toMatch(/^#/);
  });

  it("reads underlined headings", () => {
    const [piece] = cut("Leave\n=====\n\nEveryone has 26 days.");
    expect(piece?.heading).toEqual(["Leave"]);
  });

  it("does not mistake a comment in code for a heading", () => {
    const [piece] = cut("Run this:\n\n```sh\n# install\nnpm start\n```");
    expect(piece?.heading).toEqual([]);
  });

  it("cuts code and lists between lines", () => {
    const code = `\`\`\`js\n${Array.from({ length: 200 }, (_, i) => `const value${i} = ${i};`).join("\n")}\n\`\`\``;
    for (const { text } of cut(code)) {
      for (const line of text.split("\n")) expect(line).toMatch(/^(?:```(?:js)?|const value\d+ = \d+;)$/);
    }
    for (const mark of ["-", "*", "+", "•", "1."]) {
      const list = Array.from({ length: 200 }, (_, i) => `${mark} Item ${i} of. The list`).join("\n");
      for (const { text } of cut(list, { overlap: 0 }))
        for (const line of text.split("\n"))
          expect(line.replace(mark, "")).toMatch(/^ Item \d+ of. The list$/);
    }
  });

  it("leaves a paragraph whole that just fits, rather than repeat what stands before it", () => {
    const [before, long] = [prose(18), prose(21, "tent of the guests")];
    expect(cut(`${before}\n\n${long}`).map(({ text }) => text)).toEqual([before, long]);
  });

  it("gives every piece of a table its header, and tells quotes from the repetition", () => {
    const rows = Array.from({ length: 120 }, (_, i) => `| TN-${i} | Tent ${i} | £${i}.00 |`);
    const text = `Prices:\n\n| Article | Name | Price |\n| --- | --- | --- |\n${rows.join("\n")}`;
    const pieces = cut(text);
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces) {
      expect(piece.text).toContain("| Article | Name | Price |\n| --- | --- | --- |\n| TN-");
      expect(piece.text.slice(repeated(piece))).toBe(text.slice(piece.start, piece.end));
    }
    const last = pieces.at(-1) as Chunk;
    const at = last.text.indexOf("| TN-119 |");
    expect(text.startsWith("| TN-119 |", last.start + at - repeated(last))).toBe(true);
  });

  it("says on which page a piece starts, what it repeats not counted", () => {
    const first = prose(20);
    const second = prose(20, "stove");
    const text = `${first}\n\n${second}`;
    const pieces = chunk({ text, title: null, pages: [0, first.length + 2] });
    expect(pieces[0]?.page).toBe(1);
    expect(pieces.at(-1)?.page).toBe(2);
    const turned = pieces.find(({ page }) => page === 2) as Chunk;
    expect(turned.start).toBeLessThan(first.length);
    expect(turned.end).toBeGreaterThan(first.length + 2);
  });

  it("obeys another target", () => {
    const pieces = cut(prose(100), { target: 300, max: 420, overlap: 60 });
    for (const { start, end } of pieces) expect(end - start).toBeLessThanOrEqual(420);
    expect(pieces.length).toBeGreaterThan(15);
  });

  it("does not cut a character in half", () => {
    for (const unit of ["😀", "👨‍👩‍👧", "e\u0301", "𠀀"]) {
      for (const { text } of cut(unit.repeat(3000))) expect(text.isWellFormed()).toBe(true);
    }
  });
});

describe("chunk, with four million hostile characters,", () => {
  const SIZE = 4_000_000;
  /** Milliseconds. Alone each takes less than half a second; a scan without a limit takes minutes. */
  const LIMIT = 15_000;
  const fill = (unit: string) => unit.repeat(Math.ceil(SIZE / unit.length)).slice(0, SIZE);
  const inputs: [string, string][] = [
    ["one word", fill("a")],
    ["spaces", fill(" ")],
    ["line breaks", fill("\n")],
    ["one-letter paragraphs", fill("a\n\n")],
    ["headings only", fill("# a\n")],
    ["headings after one word", `word\n\n${fill("## a heading of some length\n")}`],
    ["deep headings only", fill("###### a\n")],
    ["headings with one letter each", fill("# a\n\nb\n\n")],
    ["underlined headings", fill("a\n---\n")],
    ["full stops", fill(".")],
    ["spaced full stops", fill(". ")],
    ["abbreviations", fill("Mr. ")],
    ["marks and quotes", fill('!"')],
    ["fences", fill("```\n")],
    ["a fence that never closes", `\`\`\`\n${fill("x\n")}`],
    ["back-ticks", fill("`")],
    ["hashes", fill("#")],
    ["a table", `| a | b |\n|---|---|\n${fill("| 1 | 2 |\n")}`],
    ["one table row", fill("| a ")],
    ["a table with an endless header", `|${fill(" a |")}\n|---|\n| 1 |`],
    ["list items", fill("- a\n")],
    ["quote marks", fill("> ")],
    ["rules", fill("---\n")],
    ["Chinese without an end", fill("漢")],
    ["combining marks", fill("\u0301")],
    ["numbers", fill("1. ")],
    ["nested lists", fill(`${" ".repeat(400)}- x\n`)],
  ];
  it.each(inputs)("%s, is done in time and within the maximum", (_, text) => {
    const before = performance.now();
    const pieces = cut(text);
    expect(performance.now() - before).toBeLessThan(LIMIT);
    expect(pieces.length).toBeLessThan(SIZE / 100);
    expect(pieces.filter(({ start, end }) => end - start > 1400 || end <= start)).toEqual([]);
  });
});
