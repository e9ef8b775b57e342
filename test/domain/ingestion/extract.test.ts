/** Pure; runs in workerd. Every format through the one door that ingestion uses. */
import { describe, expect, it } from "vitest";
import { detect } from "../../../src/domain/ingestion/extract/detect.ts";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";
import { pdf } from "../../fixtures/pdf.ts";
import { docx } from "../../fixtures/zip.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (...values: number[]) => Uint8Array.from(values);

describe("detect", () => {
  it("goes by content, not by name", () => {
    expect(detect(pdf([[]]), "letter.txt")).toBe("pdf");
    expect(detect(docx(""), "letter.pdf")).toBe("docx");
    expect(detect(utf8("<!DOCTYPE html><html><body>Hi</body></html>"), "page.txt")).toBe("html");
  });

  it("lets the name decide between kinds of text", () => {
    expect(detect(utf8("a,b\n1,2"), "x.csv")).toBe("csv");
    expect(detect(utf8("a,b\n1,2"), "x.txt")).toBe("text");
    expect(detect(utf8("Hello"), "x.md")).toBe("markdown");
    expect(detect(utf8("<p>Hello</p>"), "x.HTM")).toBe("html");
  });

  it("guesses the kind of text that has no telling name", () => {
    expect(detect(utf8("# Title\n\nSome **bold** text."), "notes")).toBe("markdown");
    expect(detect(utf8("name;age\nAnn;30\nBob;41\nCy;52"), "export")).toBe("csv");
    expect(detect(utf8("Dear all,\nplease come, and bring cake.\nAnn"), "mail")).toBe("text");
  });

  it.each([
    ["a PNG image", latin1(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0)],
    ["a JPEG image", latin1(0xff, 0xd8, 0xff, 0xe0, 0, 0x10)],
    ["a Windows program", latin1(0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xff, 0xff, 0, 0)],
    ["a gzip archive", latin1(0x1f, 0x8b, 8, 0, 0, 0, 0, 0)],
    ["binary data", Uint8Array.from({ length: 500 }, (_, i) => (i * 7919) % 256)],
    [
      "an SVG image",
      utf8('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>Hi</text></svg>'),
    ],
    [
      "an old Office document",
      latin1(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Array(100).fill(0)),
    ],
  ])("calls %s by its name", (label, bytes) => {
    expect(detect(bytes, "report")).toEqual({ unsupported: label });
  });

  it("reads notes that begin with the letters of another format", () => {
    expect(detect(utf8("BM25 is a ranking function. MZ is not."), "note.txt")).toBe("text");
  });

  it("takes text in legacy encodings for text", () => {
    expect(detect(latin1(0x96, 0xbc, 0x91, 0x4f, 0x2c, 0x94, 0x4e, 0x97, 0xee, 10), "x.csv")).toBe("csv");
    expect(detect(latin1(0xff, 0xfe, 0x48, 0, 0x69, 0), "x.txt")).toBe("text");
  });
});

describe("extract", () => {
  it("refuses a document without words and says which", async () => {
    for (const [format, bytes] of [
      ["text", utf8(" \n\t ")],
      ["markdown", utf8("---\n\n***\n")],
      ["csv", utf8(",,\n,,\n")],
      ["html", utf8("<html><script>let x</script><body></body></html>")],
      ["docx", docx("<w:p/>")],
    ] as const) {
      await expect(extract(format, bytes, "blank"), format).rejects.toMatchObject({ code: "empty_document" });
    }
    await expect(extract("text", utf8(""), "blank.txt")).rejects.toThrow("blank.txt");
  });

  it("refuses more text than an isolate can hold", async () => {
    const bytes = new Uint8Array(25 * 1024 * 1024).fill(0x61);
    await expect(extract("text", bytes, "x.txt")).rejects.toMatchObject({
      code: "document_too_complex",
      message: expect.stringContaining("24 MB"),
    });
  });

  it("leaves nothing in the text that Postgres cannot hold", async () => {
    const { text } = await extract("text", utf8("a\u0000b\u0007c\r\nd\u001fe\ufeff"), "x.txt");
    expect(text).toBe("abc\nde");
    const cut = await extract(
      "text",
      latin1(0x61, 0xed, 0xa0, 0x80, 0x62, ...utf8(" ordinary text ".repeat(9))),
      "x.txt",
    );
    expect(cut.text.isWellFormed()).toBe(true);
  });
});

describe("extract, text and Markdown,", () => {
  it.each([
    ["UTF-16 with a mark", latin1(0xff, 0xfe, 0x48, 0, 0x69, 0), "Hi"],
    ["UTF-16 without one", latin1(...[..."Hello there"].flatMap((c) => [c.charCodeAt(0), 0])), "Hello there"],
    ["Western", latin1(0x63, 0x61, 0x66, 0xe9, 0x20, 0x80, 0x35), "café €5"],
    [
      "Cyrillic",
      latin1(0xca, 0xee, 0xec, 0xef, 0xe0, 0xed, 0xe8, 0xff, 0x20, 0xe4, 0xe0, 0xe5, 0xf2),
      "Компания дает",
    ],
    ["Arabic", latin1(0xca, 0xe3, 0xe4, 0xcd, 0x20, 0xc7, 0xe1, 0xd4, 0xd1, 0xdf, 0xc9), "تمنح الشركة"],
    [
      "Japanese",
      latin1(0x96, 0xbc, 0x91, 0x4f, 0x2c, 0x94, 0x4e, 0x97, 0xee, 0x2c, 0x8f, 0x5a, 0x8f, 0x8a),
      "名前,年齢,住所",
    ],
    [
      "Chinese",
      latin1(0xb9, 0xab, 0xcb, 0xbe, 0xce, 0xaa, 0xcb, 0xf9, 0xd3, 0xd0, 0xd4, 0xb1, 0xb9, 0xa4),
      "公司为所有员工",
    ],
  ])("decodes %s", async (_, bytes, text) => {
    expect((await extract("text", bytes, "x.txt")).text).toBe(text);
  });

  it("decodes Western letters that come late in a long text", async () => {
    const letters = [0x63, 0x61, 0x66, 0xe9, 0x20, 0x80, 0x35];
    const bytes = Uint8Array.from([...utf8("Plain words. ".repeat(5_000)), ...letters]);
    expect((await extract("text", bytes, "x.txt")).text.slice(-7)).toBe("café €5");
  });

  it("takes the title from front matter and leaves the matter out", async () => {
    const { text, title } = await extract(
      "markdown",
      utf8('---\ntitle: "Leave policy"\ntags: [a]\n---\n# Leave\n\nText'),
      "x.md",
    );
    expect(title).toBe("Leave policy");
    expect(text).toBe("# Leave\n\nText");
  });

  it("takes the title from the first heading else", async () => {
    expect((await extract("markdown", utf8("# Leave\n\nText"), "x.md")).title).toBe("Leave");
    expect((await extract("markdown", utf8("Text only"), "x.md")).title).toBeNull();
  });

  it("keeps a rule at the start of Markdown that is no front matter", async () => {
    expect((await extract("markdown", utf8("---\n\nHello\n\n---\n"), "x.md")).text).toContain("Hello");
  });

  it("makes headings of the lines in capitals that plain text has for them", async () => {
    const { text } = await extract(
      "text",
      utf8("1. WHAT IS WRONG\n\nThe valve leaks.\n\nCALL US NOW!\n\nBye."),
      "x.txt",
    );
    expect(text).toBe("## 1. WHAT IS WRONG\n\nThe valve leaks.\n\nCALL US NOW!\n\nBye.");
  });
});

describe("extract, CSV,", () => {
  const rows = async (text: string) => (await extract("csv", utf8(text), "x.csv")).text.split("\n");

  it("refuses a small table that its columns' names make too large", async () => {
    const header = new Array(10).fill("name ".repeat(19)).join(",");
    await expect(rows(`${header}\n${"1,2,3,4,5,6,7,8,9,0\n".repeat(45_000)}`)).rejects.toMatchObject({
      code: "document_too_complex",
      message: expect.stringContaining("split it into several files"),
    });
  });

  it("names every value by its column", async () => {
    expect(await rows("product,price\nSkarn 2,329\nSkarn 3,389\n")).toEqual([
      "- product: Skarn 2; price: 329",
      "- product: Skarn 3; price: 389",
    ]);
  });

  it.each([";", "\t", "|"])("reads values between %j", async (mark) => {
    expect(await rows(`name${mark}sum\nAnn${mark}1,5\nBob${mark}2,5`)).toEqual([
      "- name: Ann; sum: 1,5",
      "- name: Bob; sum: 2,5",
    ]);
  });

  it("reads quoted values with separators, quotes and line breaks in them", async () => {
    expect(await rows('name,note\n"Ann, B.","said ""hi""\nand left"\n')).toEqual([
      '- name: Ann, B.; note: said "hi" and left',
    ]);
  });

  it("leaves empty values out and numbers columns that have no name", async () => {
    expect(await rows("name,,age\nAnn,x,\n")).toEqual(["- name: Ann; Column 2: x"]);
    expect(await rows("1,2\n3,4\n")).toEqual(["- Column 1: 1; Column 2: 2", "- Column 1: 3; Column 2: 4"]);
  });

  it("reads a header without rows", async () => {
    expect(await rows("name,age\n")).toEqual(["name; age"]);
  });

  it("reads on after a quote that is never closed", async () => {
    expect(await rows('name,note\nAnn,"oops\nBob,fine\n')).toEqual([
      '- name: Ann; note: "oops',
      "- name: Bob; note: fine",
    ]);
  });
});

describe("extract, any bytes,", () => {
  const codes = new Set([
    "broken_document",
    "encrypted_document",
    "needs_ocr",
    "document_too_complex",
    "empty_document",
  ]);
  const samples: ["pdf" | "docx" | "html" | "csv" | "markdown" | "text", Uint8Array][] = [
    ["pdf", pdf([[{ text: "Hello there, this is a page.", x: 50, y: 700 }]])],
    ["docx", docx("<w:p><w:r><w:t>Hello there, this is a page.</w:t></w:r></w:p>")],
    ["html", utf8("<html><body><table><tr><td>Hello</td></tr></table><ul><li>One<li>Two</ul></body></html>")],
    ["csv", utf8('name,"note"\nAnn,"x, y"\n')],
    ["markdown", utf8("---\ntitle: x\n---\n# Hello\n\n| a |\n")],
  ];

  /** Same numbers every time. */
  const random = (seed: number) => () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };

  it.each(samples)(
    "%s: cut short, flipped or made up, reads or fails with a reason",
    async (format, good) => {
      const next = random(7);
      for (let round = 0; round < 60; round++) {
        let bytes: Uint8Array;
        if (round % 3 === 0) bytes = good.slice(0, Math.floor(next() * good.length));
        else if (round % 3 === 1) {
          bytes = good.slice();
          for (let i = 0; i < 8; i++) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
        } else bytes = Uint8Array.from({ length: 300 }, () => Math.floor(next() * 256));
        try {
          const { text, pages } = await extract(format, bytes, "x");
          expect(text.isWellFormed()).toBe(true);
          expect(text).not.toContain("\u0000");
          for (const start of pages) expect(start).toBeLessThanOrEqual(text.length);
        } catch (error) {
          expect(codes, String((error as Error).stack)).toContain((error as { code?: string }).code);
        }
      }
    },
  );
});
