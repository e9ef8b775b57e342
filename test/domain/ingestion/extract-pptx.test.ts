/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { detect } from "../../../src/domain/ingestion/extract/detect.ts";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";
import { pptx, type SlideXml, shape } from "../../fixtures/zip.ts";

const read = (...slides: SlideXml[]) => extract("pptx", pptx(slides), "x.pptx");

describe("extract, PPTX,", () => {
  it("gives each slide a page and a heading, in the order of the show", async () => {
    const { text, pages, title } = await read(
      { xml: shape("ctrTitle", "Plan 2027") + shape("subTitle", "The north") },
      { xml: shape("", "No title here") + shape("sldNum", "2") + shape("ftr", "Confidential") },
      { xml: shape("title", "Next steps") + shape("body", "Hire &amp; train", "Open Oslo") },
    );
    expect(text).toBe(
      "# Plan 2027\n\nThe north\n\n# Slide 2\n\nNo title here\n\n# Next steps\n\n- Hire & train\n- Open Oslo",
    );
    expect(pages.map((start) => text.slice(start, start + 6))).toEqual(["# Plan", "# Slid", "# Next"]);
    expect(title).toBe("Plan 2027");
  });

  it("marks what only the speaker sees", async () => {
    const { text } = await read({ xml: shape("title", "Budget"), notes: "Mention the grant." });
    expect(text).toBe("# Budget\n\nSpeaker notes: Mention the grant.");
  });

  it("reads tables and groups, and a drawing with a fallback once", async () => {
    const cell = (text: string) =>
      `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`;
    const table = `<p:graphicFrame><a:tbl><a:tr>${cell("Band")}${cell("Pay")}</a:tr><a:tr>${cell("B1")}${cell("24")}</a:tr></a:tbl></p:graphicFrame>`;
    const twice = `<mc:AlternateContent><mc:Choice>${shape("", "In the box")}</mc:Choice><mc:Fallback>${shape("", "In the box")}</mc:Fallback></mc:AlternateContent>`;
    const { text } = await read({ xml: `${table}<p:grpSp>${shape("", "Grouped")}</p:grpSp>${twice}` });
    expect(text).toBe("# Slide 1\n\n| Band | Pay |\n| --- | --- |\n| B1 | 24 |\n\nGrouped\n\nIn the box");
  });

  it("indents points below points, and keeps the words on either side of a line break apart", async () => {
    const point = (level: number, text: string) =>
      `<a:p><a:pPr lvl="${level}"/><a:r><a:t>${text}</a:t></a:r></a:p>`;
    const broken = "<a:p><a:r><a:t>Open</a:t></a:r><a:br/><a:r><a:t>Oslo</a:t></a:r></a:p>";
    const body = `<p:sp><p:nvSpPr><p:nvPr><p:ph type="body"/></p:nvPr></p:nvSpPr><p:txBody>${point(0, "Hire")}${point(1, "Two cooks")}${broken}</p:txBody></p:sp>`;
    const { text } = await read({ xml: shape("title", "Steps") + body });
    expect(text).toBe("# Steps\n\n- Hire\n  - Two cooks\n- Open Oslo");
  });

  it("is known by its content", () => {
    expect(detect(pptx([{ xml: "" }]), "talk.zip")).toBe("pptx");
  });

  it("reads twenty thousand nested groups", async () => {
    const { text } = await read({
      xml: `${"<p:grpSp>".repeat(20_000)}${shape("", "deep")}${"</p:grpSp>".repeat(20_000)}`,
    });
    expect(text).toBe("# Slide 1\n\ndeep");
  });

  it("refuses entities of its own making, and a file without slides", async () => {
    const bomb = pptx([{ xml: shape("", "x") }], {
      "ppt/slides/slide1.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><p:sld>&a;</p:sld>',
    });
    await expect(extract("pptx", bomb, "x.pptx")).rejects.toMatchObject({ code: "broken_document" });
    await expect(read()).rejects.toMatchObject({ code: "broken_document" });
  });

  it("asks to split a show of more slides than it reads", async () => {
    const slides = Array.from({ length: 2001 }, (_, i) => ({ xml: shape("title", `Slide ${i}`) }));
    await expect(read(...slides)).rejects.toMatchObject({
      code: "document_too_complex",
      message: expect.stringContaining("split it into several files"),
    });
  });
});
