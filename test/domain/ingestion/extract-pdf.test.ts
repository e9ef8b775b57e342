/** Pure; runs in workerd with the real engine. */
import { describe, expect, it } from "vitest";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";
import { font, words } from "../../fixtures/font.ts";
import { lines, type Piece, pdf } from "../../fixtures/pdf.ts";

const read = (pages: Piece[][], options?: Parameters<typeof pdf>[1]) =>
  extract("pdf", pdf(pages, options), "x.pdf");
const LONG = [
  "The tent stands on level ground away from single trees and dry stream beds, and",
  "its narrow end faces the wind. Peg the four corners before you push the poles",
  "through the sleeves. Never pull them, because a pulled pole comes apart.",
];

const MB = 1024 * 1024;

const code = (letters: string, letter: string) => String.fromCharCode(33 + letters.indexOf(letter));

describe("extract, PDF,", () => {
  it("joins the lines of a paragraph and separates paragraphs", async () => {
    const { text } = await read([[...lines(LONG), ...lines(["A new paragraph begins here."], { top: 630 })]]);
    expect(text).toBe(`${LONG.join(" ")}\n\nA new paragraph begins here.`);
  });

  it("knows headings by their size", async () => {
    const { text, title } = await read([
      [
        { text: "Owner's manual", x: 60, y: 790, size: 20 },
        { text: "Pitching", x: 60, y: 740, size: 14 },
        ...lines(LONG),
        { text: "Care", x: 60, y: 640, size: 14 },
        ...lines(["Never store the tent wet, because mildew eats the coating."], { top: 620 }),
      ],
    ]);
    expect(text).toContain("# Owner's manual\n\n## Pitching\n\nThe tent stands");
    expect(text).toContain("## Care\n\nNever store");
    expect(title).toBe("Owner's manual");
  });

  it("knows headings by their weight", async () => {
    const { text } = await read([
      [
        ...lines(LONG),
        { text: "Strong wind", x: 60, y: 640, bold: true },
        ...lines(LONG, { top: 622 }),
        ...lines(LONG, { top: 560 }),
      ],
    ]);
    expect(text).toContain("\n\n# Strong wind\n\n");
  });

  it("takes the title from the file's properties, but no file name", async () => {
    expect((await read([lines(LONG)], { title: "Dealer terms" })).title).toBe("Dealer terms");
    expect((await read([lines(LONG)], { title: "draft_v2.docx" })).title).toBeNull();
  });

  it("says where each page starts", async () => {
    const { text, pages } = await read([
      lines(["First page."]),
      lines(["Second page."]),
      [],
      lines(["Fourth page."]),
    ]);
    expect(pages).toHaveLength(4);
    expect(text.slice(pages[0], pages[1]).trim()).toBe("First page.");
    expect(text.slice(pages[1], pages[2]).trim()).toBe("Second page.");
    expect(text.slice(pages[3]).trim()).toBe("Fourth page.");
  });

  it("joins a sentence that goes on over the page", async () => {
    const { text, pages } = await read([
      lines(["The tent stands on level ground and"], { top: 100 }),
      lines(["its narrow end faces the wind."]),
    ]);
    expect(text).toBe("The tent stands on level ground and its narrow end faces the wind.");
    expect(text.slice(pages[1])).toBe("its narrow end faces the wind.");
  });

  it("drops running heads and page numbers, keeping the first that says something", async () => {
    const page = (n: number): Piece[] => [
      { text: "Tarnholt owner's manual", x: 60, y: 810 },
      ...lines([`Chapter text number ${"one two three four five".split(" ")[n]} stands here.`]),
      { text: `Page ${n + 1} of 5`, x: 270, y: 30 },
    ];
    const { text } = await read([0, 1, 2, 3, 4].map(page));
    expect(text.match(/Tarnholt owner's manual/g)).toHaveLength(1);
    expect(text).not.toMatch(/Page \d of 5/);
    expect(text.match(/Chapter text/g)).toHaveLength(5);
  });

  it("reads columns of words as a table", async () => {
    const rows = [
      ["Article", "Part", "Price"],
      ["TN-1", "Replacement pole", "29.00"],
      ["TN-2", "", "9.50"],
      ["TN-3", "Fabric | patch", "7.00"],
    ];
    const pieces = rows.flatMap((row, i) =>
      row.map((text, j) => ({ text, x: 60 + j * 150, y: 700 - i * 18 })),
    );
    const { text } = await read([
      [...pieces.filter(({ text: word }) => word !== ""), ...lines(LONG, { top: 600 })],
    ]);
    expect(text).toBe(
      [
        "| Article | Part | Price |",
        "| --- | --- | --- |",
        "| TN-1 | Replacement pole | 29.00 |",
        "| TN-2 |  | 9.50 |",
        "| TN-3 | Fabric \\| patch | 7.00 |",
        "",
        LONG.join(" "),
      ].join("\n"),
    );
  });

  it("reads bullets and numbers as lists", async () => {
    const pieces = ["1 flysheet", "1 inner tent"].flatMap((text, i) => [
      { text: "\x95", x: 60, y: 700 - i * 16 },
      { text, x: 85, y: 700 - i * 16 },
    ]);
    const { text } = await read([
      [...pieces, ...lines(["1. Spread it out.", "2. Peg it down."], { top: 640 })],
    ]);
    expect(text).toBe("- 1 flysheet\n- 1 inner tent\n\n1. Spread it out.\n2. Peg it down.");
  });

  it("asks for text recognition when pages are pictures", async () => {
    await expect(read([[]], { picture: true })).rejects.toMatchObject({ code: "needs_ocr" });
  });

  it("says that blank pages are empty", async () => {
    await expect(read([[], []])).rejects.toMatchObject({ code: "empty_document" });
  });

  it("says that a password is needed", async () => {
    await expect(read([lines(LONG)], { encrypted: true })).rejects.toMatchObject({
      code: "encrypted_document",
    });
  });

  it("says that a file is damaged", async () => {
    const good = pdf([lines(LONG)]);
    await expect(extract("pdf", good.slice(0, 40), "x.pdf")).rejects.toMatchObject({
      code: "broken_document",
    });
    await expect(
      extract("pdf", new TextEncoder().encode("%PDF-1.7\nnothing"), "x.pdf"),
    ).rejects.toMatchObject({
      code: "broken_document",
      message: expect.stringContaining("save it again"),
    });
  });

  it("reads the next file after a broken one, and many in a row", async () => {
    for (let i = 0; i < 20; i++) {
      await extract("pdf", new TextEncoder().encode(`%PDF-1.7\n${i}`), "x.pdf").catch(() => {});
      expect((await read([lines([`File number ${i}.`])])).text).toBe(`File number ${i}.`);
    }
  });

  it("frees the bytes of a large file, and of no other", async () => {
    const small = pdf([lines(["Small."])]);
    await extract("pdf", small, "x.pdf");
    expect(small.length).toBeGreaterThan(0);
    const large = new Uint8Array(9 * 1024 * 1024).fill(0x20);
    large.set(small);
    expect((await extract("pdf", large, "x.pdf")).text).toBe("Small.");
    expect(large.length).toBe(0);
  });

  it.each([
    ["a picture", 1000, { filler: 6_000, picture: 43 * MB }],
    ["little on each of many pages", 4000, { filler: 12_600 }],
  ])("reads a manual of 49 MB, %s", async (_, count, options) => {
    const sheets = Array.from({ length: count }, (_, n) => lines([`This is page number ${n + 1}.`]));
    const { text, pages } = await read(sheets, options);
    expect(pages).toHaveLength(count);
    expect(text.slice(pages.at(-1))).toBe(`This is page number ${count}.`);
  });

  it("says that a page needs too much memory, and reads the next file", async () => {
    await expect(read([lines(LONG)], { filler: 52 * MB })).rejects.toMatchObject({
      code: "document_too_complex",
      message: expect.stringContaining("more than the 104 MB of memory"),
    });
    expect((await read([lines(["Small."])])).text).toBe("Small.");
  });

  it.each([
    ["says its length", "/Length 5000"],
    ["names its length", "/Length 9 0 R"],
  ])("still sees a picture that it empties, when the file %s", async (_, length) => {
    const file = Buffer.from(pdf([[]], { picture: 5000 })).toString("latin1");
    const bytes = Buffer.from(file.replace("/Length 5000", length.padEnd(12)), "latin1");
    await expect(extract("pdf", new Uint8Array(bytes), "x.pdf")).rejects.toMatchObject({ code: "needs_ocr" });
  });

  it("reads two files at once", async () => {
    const [one, two] = await Promise.all([read([lines(["One."])]), read([lines(["Two."])])]);
    expect([one.text, two.text]).toEqual(["One.", "Two."]);
  });

  it("reads Arabic from the right, with what does not turn: its numbers", async () => {
    // As a page draws it, from its left: the last letter comes first, a number's digits stand as they are.
    const drawn = "249 :رعسلا";
    const letters = [...new Set(drawn)].join("");
    const codes = [...drawn].map((letter) => code(letters, letter)).join("");
    const { text } = await read([lines([codes])], { letters });
    expect(text).toBe("السعر: 249");
  });

  it("goes on with a cell in the line below it", async () => {
    const row = (y: number, cells: string[]) =>
      cells.map((text, i) => ({ text, x: 60 + i * 170, y })).filter(({ text }) => text !== "");
    const { text } = await read([
      [
        ...row(700, ["Part", "Material", "Care"]),
        ...row(680, ["Floor", "Nylon, coated", "Wipe it"]),
        ...row(668, ["", "on both sides", ""]),
        ...row(648, ["Poles", "Aluminium", "Keep dry"]),
      ],
    ]);
    expect(text).toContain("| Floor | Nylon, coated on both sides | Wipe it |\n| Poles |");
  });

  it("joins a word that a line's end divides", async () => {
    const { text } = await read([
      lines([
        ...LONG.slice(0, 2),
        "and never store it wet, because mil-",
        "dew eats the coating of the fly.",
      ]),
    ]);
    expect(text).toContain("because mildew eats");
  });

  it("takes headings from the bookmarks", async () => {
    const { text } = await read([[...lines(["Pitching"], { top: 730 }), ...lines(LONG)]], {
      bookmark: "Pitching",
    });
    expect(text).toMatch(/^# Pitching\n\nThe tent stands/);
  });

  it("refuses more pages than it reads, and says how many are too many", async () => {
    await expect(read(Array.from({ length: 5001 }, () => []))).rejects.toThrow(
      "The PDF has 5001 pages; split it into parts of at most 5000.",
    );
  });

  it.each([
    ["ﬁnd the ﬁords", "find the fiords"],
    // Armenian ones come from the engine as they are drawn.
    ["ﬕայն", "միայն"],
  ])("writes ligatures as the letters a reader would type: %s", async (drawn, typed) => {
    const letters = [...new Set(drawn.replaceAll(" ", ""))].join("");
    const codes = [...drawn].map((letter) => (letter === " " ? " " : code(letters, letter))).join("");
    expect((await read([lines([codes])], { letters })).text).toBe(typed);
  });

  it("writes the drawn shapes of Arabic letters as the letters a reader would type", async () => {
    const drawn = "\ufe94\ufee4\ufef4\ufea7";
    const codes = [...drawn].map((letter) => code(drawn, letter)).join("");
    expect((await read([lines([codes])], { letters: drawn })).text).toBe("خيمة");
  });

  it("keeps letters beyond the sixteen bits of the first ones, and leaves out half of one", async () => {
    expect((await read([lines(['!"#!'])], { letters: "a😀𝒷" })).text).toBe("a😀𝒷a");
    expect((await read([lines(['!"!#!'])], { letters: "a\ude00\ud83d" })).text).toBe("aaa");
  });

  it("reads letters in a font of the file's own, also when its table of letters is broken", async () => {
    const subtable = words(0, 1, 1, 0, 0, 12, 0, 10, 0);
    expect((await read([lines(LONG)], { font: font(subtable) })).text).toBe(LONG.join(" "));
  });

  it("keeps what is set smaller apart from the paragraph above it", async () => {
    const small = "Only in the countries that page 12 names.";
    const { text } = await read([[...lines(LONG), { text: small, x: 60, y: 656, size: 7 }]]);
    expect(text).toBe(`${LONG.join(" ")}\n\n${small}`);
  });

  it("refuses more letters than it reads, and says how many are too many", { timeout: 120_000 }, async () => {
    const page = lines(Array.from({ length: 7 }, () => "abcdefghij".repeat(3_000)));
    await expect(read(Array.from({ length: 101 }, () => page))).rejects.toThrow(
      "The PDF has more than the 20 million characters we read; split it into parts.",
    );
  });

  it("asks for text recognition when the fonts hide which letters they show", async () => {
    const letters = "\ue001\ue002\ue003";
    const hidden = lines(Array.from({ length: 5 }, () => '!"#"!#!"#"!#'));
    await expect(read([hidden], { letters })).rejects.toMatchObject({
      code: "needs_ocr",
      message: expect.stringContaining("fonts hide"),
    });
  });

  it("begins an Arabic table at the right", async () => {
    const rows = [
      ["رعسلا", "نوللا", "عونلا"],
      ["ددع", "قرزأ", "ةميخ"],
      ["مقر", "رضخأ", "لبح"],
    ];
    const letters = [...new Set(rows.flat().join(""))].join("");
    const pieces = rows.flatMap((row, n) =>
      row.map((text, i) => ({
        text: [...text].map((letter) => code(letters, letter)).join(""),
        x: 60 + i * 170,
        y: 700 - n * 20,
      })),
    );
    const { text } = await read([pieces], { letters });
    expect(text.split("\n")[0]).toBe("| النوع | اللون | السعر |");
  });
});
