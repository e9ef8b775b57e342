/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";
import { documentXml, docx, paragraph, zip } from "../../fixtures/zip.ts";

const read = (body: string, parts?: Record<string, string>) => extract("docx", docx(body, parts), "x.docx");
const STYLES = `<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
  <w:style w:type="paragraph" w:styleId="Eigen"><w:basedOn w:val="berschrift1"/><w:name w:val="Mine"/></w:style>
  <w:style w:type="paragraph" w:styleId="H3"><w:name w:val="Other"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style></w:styles>`;
const NUMBERING = `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>
  <w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>`;
const item = (text: string, level = 0) =>
  paragraph(text, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="3"/></w:numPr>`);
const cell = (text: string, properties = "") =>
  `<w:tc><w:tcPr>${properties}</w:tcPr>${paragraph(text)}</w:tc>`;

describe("extract, DOCX,", () => {
  it("reads paragraphs, tabs and line breaks", async () => {
    const { text } = await read(
      `${paragraph("One &amp; two.")}<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>`,
    );
    expect(text).toBe("One & two.\n\na b\nc");
  });

  it("knows headings by their style, whatever language names it", async () => {
    const { text, title } = await read(
      paragraph("Leave", '<w:pStyle w:val="berschrift1"/>') +
        paragraph("Own style", '<w:pStyle w:val="Eigen"/>') +
        paragraph("By outline", '<w:pStyle w:val="H3"/>') +
        paragraph("Text"),
      { "word/styles.xml": STYLES },
    );
    expect(text).toBe("# Leave\n\n# Own style\n\n### By outline\n\nText");
    expect(title).toBe("Leave");
  });

  it("prefers the title in the file's properties", async () => {
    const core =
      '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>Handbook 2026</dc:title></cp:coreProperties>';
    expect((await read(paragraph("Text"), { "docProps/core.xml": core })).title).toBe("Handbook 2026");
  });

  it("counts numbered lists and nests bullets", async () => {
    const { text } = await read(item("first") + item("inner", 1) + item("second") + paragraph("After"), {
      "word/numbering.xml": NUMBERING,
    });
    expect(text).toBe("1. first\n  - inner\n2. second\n\nAfter");
  });

  it("reads tables, also merged cells", async () => {
    const { text } = await read(
      `<w:tbl><w:tr>${cell("Band")}${cell("Salary", '<w:gridSpan w:val="2"/>')}</w:tr><w:tr>${cell("B1")}${cell("24,800")}${cell("27,500")}</w:tr></w:tbl>`,
    );
    expect(text).toBe("| Band | Salary |  |\n| --- | --- | --- |\n| B1 | 24,800 | 27,500 |");
  });

  it("takes a table of one column for a frame around text", async () => {
    expect(
      (await read(`<w:tbl><w:tr>${cell("Note")}</w:tr><w:tr>${cell("Careful.")}</w:tr></w:tbl>`)).text,
    ).toBe("Note\n\nCareful.");
  });

  it("starts pages where Word last broke them", async () => {
    const { text, pages } = await read(
      `${paragraph("First page.")}<w:p><w:r><w:lastRenderedPageBreak/><w:t>Second page </w:t></w:r><w:r><w:lastRenderedPageBreak/><w:t>third page.</w:t></w:r></w:p>`,
    );
    expect(text).toBe("First page.\n\nSecond page third page.");
    expect(pages.map((start) => text.slice(start, start + 5))).toEqual(["First", "Secon", "third"]);
  });

  it("has no pages when Word left none", async () => {
    expect((await read(paragraph("Text"))).pages).toEqual([]);
  });

  it("counts tracked insertions, not deletions, hidden text, field codes or comments", async () => {
    const { text } = await read(
      `<w:p><w:r><w:t>Pay </w:t></w:r><w:del><w:r><w:delText>ten</w:delText></w:r></w:del><w:ins><w:r><w:t>twelve</w:t></w:r></w:ins>` +
        `<w:r><w:rPr><w:vanish/></w:rPr><w:t> secret</w:t></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:t> pounds.</w:t></w:r></w:p>`,
      {
        "word/comments.xml":
          '<w:comments xmlns:w="w"><w:comment w:id="1"><w:p><w:r><w:t>why?</w:t></w:r></w:p></w:comment></w:comments>',
      },
    );
    expect(text).toBe("Pay twelve pounds.");
  });

  it("puts a footnote after its paragraph", async () => {
    const notes =
      '<w:footnotes xmlns:w="w"><w:footnote w:id="2"><w:p><w:r><w:t>Since 2024.</w:t></w:r></w:p></w:footnote></w:footnotes>';
    const body = `<w:p><w:r><w:t>26 days.</w:t><w:footnoteReference w:id="2"/></w:r></w:p>${paragraph("Next.")}`;
    expect((await read(body, { "word/footnotes.xml": notes })).text).toBe(
      "26 days.\n\nFootnote: Since 2024.\n\nNext.",
    );
  });

  it("reads a text box once", async () => {
    const box = `<w:txbxContent>${paragraph("In the box")}</w:txbxContent>`;
    const body = `<w:p><w:r><mc:AlternateContent><mc:Choice>${box}</mc:Choice><mc:Fallback>${box}</mc:Fallback></mc:AlternateContent><w:t>Outside</w:t></w:r></w:p>`;
    const { text } = await read(body);
    expect(text.match(/In the box/g)).toHaveLength(1);
    expect(text).toContain("Outside");
  });

  it("reads twenty thousand nested paragraphs", async () => {
    const { text } = await read(`${"<w:p><w:r><w:t>x</w:t>".repeat(20_000)}${"</w:r></w:p>".repeat(20_000)}`);
    expect(text.match(/x/g)).toHaveLength(20_000);
  });

  it("refuses a file that unpacks to far more than a document, without unpacking it", async () => {
    const bomb = zip([
      {
        name: "word/document.xml",
        content: documentXml(paragraph(" ".repeat(200_000))),
        claimedSize: 300_000_000,
      },
    ]);
    await expect(extract("docx", bomb, "x.docx")).rejects.toMatchObject({ code: "document_too_complex" });
  });

  it("refuses a file that lies about how much it unpacks to", async () => {
    const liar = zip([
      { name: "word/document.xml", content: documentXml(" ".repeat(3_000_000)), claimedSize: 1000 },
    ]);
    await expect(extract("docx", liar, "x.docx")).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:broken_document|document_too_complex)$/),
    });
  });

  it("refuses entities of its own making", async () => {
    const xml = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${documentXml(paragraph("&b;"))}`;
    const bytes = zip([{ name: "word/document.xml", content: xml }]);
    await expect(extract("docx", bytes, "x.docx")).rejects.toMatchObject({ code: "broken_document" });
  });

  it("says that a password is needed", async () => {
    const locked = zip([
      { name: "word/document.xml", content: documentXml(paragraph("x")), encrypted: true },
    ]);
    await expect(extract("docx", locked, "x.docx")).rejects.toMatchObject({ code: "encrypted_document" });
    const container = new Uint8Array(2048);
    container.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    for (const [i, letter] of [..."EncryptedPackage"].entries())
      container.set([letter.charCodeAt(0), 0], 1024 + 2 * i);
    await expect(extract("docx", container, "x.docx")).rejects.toMatchObject({ code: "encrypted_document" });
  });

  it("says that a package without Word text is none", async () => {
    await expect(extract("docx", zip([{ name: "a.txt", content: "hi" }]), "x.docx")).rejects.toMatchObject({
      code: "broken_document",
    });
  });

  it("finds the text where the file says it is", async () => {
    const relations =
      '<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="/word/other.xml"/></Relationships>';
    const bytes = zip([
      { name: "_rels/.rels", content: relations },
      { name: "word/other.xml", content: documentXml(paragraph("Elsewhere.")) },
    ]);
    expect((await extract("docx", bytes, "x.docx")).text).toBe("Elsewhere.");
  });

  it("knows a heading by the outline level of its own paragraph", async () => {
    expect((await read(paragraph("Care", '<w:outlineLvl w:val="1"/>') + paragraph("Dry it."))).text).toBe(
      "## Care\n\nDry it.",
    );
  });

  it("keeps a hyphen that must not break, and characters written as numbers", async () => {
    const body = "<w:p><w:r><w:t>X</w:t><w:noBreakHyphen/><w:t>ray &#8364;&#x35;&#0;</w:t></w:r></w:p>";
    expect((await read(body)).text).toBe("X-ray €5");
  });

  it("passes over comments and takes raw text as it stands", async () => {
    const body = "<!-- secret --><w:p><w:r><w:t><![CDATA[a < b & c]]></w:t></w:r></w:p>";
    expect((await read(body)).text).toBe("a < b & c");
  });
});
