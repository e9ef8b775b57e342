/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { detect } from "../../../src/domain/ingestion/extract/detect.ts";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = async (source: string) => (await extract("json", utf8(source), "x.json")).text;

describe("extract, JSON,", () => {
  it("names every value by its path", async () => {
    const source = {
      title: "Offices",
      hq: { city: "Oslo", open: true, fax: null },
      tags: ["a", 2],
      rooms: [{ n: 1 }, { n: 2 }],
    };
    expect(await read(JSON.stringify(source))).toBe(
      "title: Offices\nhq.city: Oslo\nhq.open: true\ntags: a, 2\nrooms[1].n: 1\nrooms[2].n: 2",
    );
    expect((await extract("json", utf8(JSON.stringify(source)), "x.json")).title).toBe("Offices");
  });

  it("makes a paragraph of each record, in a list or on a line of its own", async () => {
    const records = [
      { name: "Ann", age: 30 },
      { name: "Bob", age: 41 },
    ];
    const text = "name: Ann\nage: 30\n\nname: Bob\nage: 41";
    expect(await read(JSON.stringify(records))).toBe(text);
    expect(await read(records.map((record) => JSON.stringify(record)).join("\r\n"))).toBe(text);
  });

  it("keeps the lines of a long text below its name, and leaves pictures out", async () => {
    const body = `First line.\n\n${"More words. ".repeat(50)}`.trim();
    expect(await read(JSON.stringify({ body, logo: "iVBORw0KGgo".repeat(200) }))).toBe(`body:\n\n${body}`);
  });

  it("says on which line it stops being JSON", async () => {
    await expect(read('{"a": 1}\n{"a": 2\n')).rejects.toMatchObject({
      code: "broken_document",
      message: expect.stringContaining("line 2"),
    });
  });

  it("refuses twenty thousand levels, and values too large or too many to hold", async () => {
    for (const source of [
      `${"[".repeat(20_000)}1${"]".repeat(20_000)}`,
      `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
      `["${"x ".repeat(5_000_000)}"]`,
      `[${"[],".repeat(2_000_000)}1]`,
      `{"a":[{},${"1,".repeat(2_000_000)}1]}`,
    ]) {
      await expect(read(source)).rejects.toMatchObject({ code: "document_too_complex" });
    }
  });

  it("refuses a small file that its names make too large", async () => {
    const rows = `{"a":1}${',{"a":1}'.repeat(99_999)}`;
    await expect(read(`{"${"name ".repeat(60)}":[${rows}]}`)).rejects.toMatchObject({
      code: "document_too_complex",
      message: expect.stringContaining("split it into several files"),
    });
  });

  it("is told from other text by its start or its name", () => {
    expect(detect(utf8('{"a": 1}'), "data.txt")).toBe("text");
    expect(detect(utf8('{"a": 1}'), "data")).toBe("json");
    expect(detect(utf8('[{"a": 1}]'), "export")).toBe("json");
    expect(detect(utf8('"a"\n"b"'), "x.ndjson")).toBe("json");
    expect(detect(utf8("[see](https://a.b) and **that**"), "notes")).toBe("markdown");
  });

  it("reads a notebook as its author sees it: words, code and what that printed, no pictures", async () => {
    const notebook = {
      nbformat: 4,
      metadata: { language_info: { name: "python" } },
      cells: [
        { cell_type: "code", source: "# A comment, no heading" },
        { cell_type: "markdown", source: ["# Tides\n", "\n", "When is high water?"] },
        {
          cell_type: "code",
          source: "print(tide('Ulm'))",
          outputs: [
            { output_type: "stream", text: ["at nine\n"] },
            { output_type: "display_data", data: { "image/png": "iVBORw0KGgo" } },
            { output_type: "execute_result", data: { "text/plain": "x".repeat(3_000) } },
          ],
        },
      ],
    };
    const bytes = utf8(JSON.stringify(notebook));
    expect(detect(bytes, "tides.ipynb")).toBe("json");
    const { text, title } = await extract("json", bytes, "tides.ipynb");
    expect(title).toBe("Tides");
    expect(text).toBe(
      [
        "```python\n# A comment, no heading\n```",
        "# Tides\n\nWhen is high water?",
        "```python\nprint(tide('Ulm'))\n```",
        "```\nat nine\n```",
        `\`\`\`\n${"x".repeat(2_000)} …\n\`\`\``,
      ].join("\n\n"),
    );
    expect(await read('{"nbformat": 4, "cells": "none"}')).toBe("nbformat: 4\ncells: none");
  });
});
