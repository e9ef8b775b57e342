/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { detect } from "../../../src/domain/ingestion/extract/detect.ts";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";
import { type Part, zip } from "../../fixtures/zip.ts";

const page = (title: string, body: string) =>
  `<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>${title}</title></head><body>${body}</body></html>`;

/** The spine names two, then one; the contents come first in it. */
function epub(one: string, two: string, more: Part[] = []): Uint8Array {
  return zip([
    { name: "mimetype", content: "application/epub+zip", stored: true },
    {
      name: "META-INF/container.xml",
      content: '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    },
    {
      name: "OEBPS/book.opf",
      content:
        '<package xmlns:dc="d"><metadata><dc:title>The Keeper</dc:title><dc:creator>A. Fenn</dc:creator></metadata><manifest><item id="nav" href="nav.xhtml" properties="nav"/>' +
        '<item id="a" href="text/one%20a.xhtml"/><item id="b" href="text/two.xhtml"/></manifest><spine><itemref idref="nav"/><itemref idref="b"/><itemref idref="a"/></spine></package>',
    },
    { name: "OEBPS/nav.xhtml", content: page("Contents", "<nav>Contents</nav>") },
    { name: "OEBPS/text/one a.xhtml", content: one },
    { name: "OEBPS/text/two.xhtml", content: two },
    ...more,
  ]);
}

const BOOK = epub(page("Storm", "<p>It rained.</p>"), page("x", "<h1>Arrival</h1><p>She came.</p>"));
const encryption = (algorithm: string): Part => ({
  name: "META-INF/encryption.xml",
  content: `<encryption><EncryptedData><EncryptionMethod Algorithm="${algorithm}"/></EncryptedData></encryption>`,
});

describe("extract, EPUB,", () => {
  it("reads chapters in the order of the spine, each with a heading", async () => {
    expect(detect(BOOK, "book.zip")).toBe("epub");
    const { text, title } = await extract("epub", BOOK, "x.epub");
    expect(text).toBe("# Arrival\n\nShe came.\n\n# Storm\n\nIt rained.");
    expect(title).toBe("The Keeper");
  });

  it("finds a chapter whose name has a percent sign that means nothing", async () => {
    const book = epub("", page("Sale", "<p>Half price.</p>"), [
      {
        name: "OEBPS/book.opf",
        content:
          '<package><manifest><item id="a" href="text/50%.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>',
      },
      { name: "OEBPS/text/50%.xhtml", content: page("Sale", "<p>Half price.</p>") },
    ]);
    expect((await extract("epub", book, "x.epub")).text).toBe("# Sale\n\nHalf price.");
  });

  it("recognizes copy protection, and that obfuscated fonts are none", async () => {
    const chapter = page("x", "<p>Hi</p>");
    const locked = epub(chapter, chapter, [encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc")]);
    await expect(extract("epub", locked, "x.epub")).rejects.toMatchObject({ code: "encrypted_document" });
    const fonts = epub(chapter, chapter, [encryption("http://www.idpf.org/2008/embedding")]);
    expect((await extract("epub", fonts, "x.epub")).text).toContain("Hi");
  });

  it("reads a chapter nested twenty thousand deep", async () => {
    const deep = page("x", `${"<div>".repeat(20_000)}deep${"</div>".repeat(20_000)}`);
    expect((await extract("epub", epub(deep, deep), "x.epub")).text).toContain("deep");
  });

  it("refuses chapters that unpack to far more than a book", async () => {
    const bomb = epub("", "", [{ name: "OEBPS/text/two.xhtml", content: "x", claimedSize: 300_000_000 }]);
    await expect(extract("epub", bomb, "x.epub")).rejects.toMatchObject({ code: "document_too_complex" });
  });
});
