/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { detect } from "../../../src/domain/ingestion/extract/detect.ts";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";
import { type SheetXml, sheetRows, xlsx, zip } from "../../fixtures/zip.ts";

const read = (sheets: SheetXml[], parts?: Record<string, string>) =>
  extract("xlsx", xlsx(sheets, parts), "x.xlsx");
const one = async (xml: string, parts?: Record<string, string>) =>
  (await read([{ name: "S", xml }], parts)).text.replace("# S\n\n", "");
const STYLES =
  '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[Red]0.0&quot; days&quot;"/><numFmt numFmtId="165" formatCode="yyyy\\-mm"/></numFmts>' +
  '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>';

describe("extract, XLSX,", () => {
  it("gives each sheet a heading and each value its column", async () => {
    const { text } = await read([
      {
        name: "Prices &amp; fees",
        xml: sheetRows([
          ["Product", "Price"],
          ["Skarn 2", 329],
          ["Skarn 3", 389.5],
        ]),
      },
      { name: "Notes", xml: sheetRows([["Prices hold until May."]]) },
      {
        name: "Secret",
        xml: sheetRows([
          ["Product", "Cost"],
          ["Skarn 2", 12],
        ]),
        state: "hidden",
      },
    ]);
    expect(text).toBe(
      "# Prices & fees\n\n- Product: Skarn 2; Price: 329\n- Product: Skarn 3; Price: 389.5\n\n# Notes\n\nPrices hold until May.",
    );
  });

  it("reads shared strings, without the reading aids of Japanese", async () => {
    const strings =
      "<sst><si><t>City</t></si><si><t>Country</t></si><si><r><t>Os</t></r><r><t>lo</t></r></si><si><t>東京</t><rPh><t>トウキョウ</t></rPh></si></sst>";
    const cells = (row: number, a: number, b: number) =>
      `<row r="${row}"><c r="A${row}" t="s"><v>${a}</v></c><c r="B${row}" t="s"><v>${b}</v></c></row>`;
    const text = await one(`<sheetData>${cells(1, 0, 1)}${cells(2, 2, 3)}</sheetData>`, {
      "xl/sharedStrings.xml": strings,
    });
    expect(text).toBe("- City: Oslo; Country: 東京");
  });

  it("shows dates, times, percent and booleans as people see them, and no errors", async () => {
    const row = `<row r="1"><c r="A1" s="1"><v>45717</v></c><c r="B1" s="2"><v>45717.604166666664</v></c><c r="C1" s="3"><v>0.075</v></c><c r="D1" s="4"><v>12.5</v></c><c r="E1" s="5"><v>60</v></c><c r="F1" t="b"><v>1</v></c><c r="G1" t="e"><v>#N/A</v></c><c r="H1"><v>0.30000000000000004</v></c></row>`;
    expect(await one(`<sheetData>${row}</sheetData>`, { "xl/styles.xml": STYLES })).toBe(
      "- Column A: 2025-03-01; Column B: 2025-03-01 14:30; Column C: 7.5%; Column D: 12.5; Column E: 1900-02-28; Column F: TRUE; Column H: 0.3",
    );
  });

  it("reads dates that are written out, and those of files that count from 1904", async () => {
    const row =
      '<row r="1"><c r="A1" t="d"><v>2025-03-01T00:00:00Z</v></c><c r="B1" s="1"><v>44255</v></c></row>';
    const { text } = await read([{ name: "S", xml: `<sheetData>${row}</sheetData>` }], {
      "xl/styles.xml": STYLES,
      "xl/workbook.xml":
        '<workbook><workbookPr date1904="1"/><sheets><sheet name="S" sheetId="1" r:id="s0"/></sheets></workbook>',
    });
    expect(text).toBe("# S\n\n- Column A: 2025-03-01; Column B: 2025-03-01");
  });

  it("keeps a title above the table, and joins the rows of a merged header", async () => {
    const text = await one(
      `${sheetRows([
        ["Sales of the north"],
        ["Region", "2026", null],
        [null, "Q1", "Q2"],
        ["Oslo", 5, 7],
        [null, 6, 8],
      ])}<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="B2:C2"/><mergeCell ref="A2:A3"/><mergeCell ref="A4:A5"/></mergeCells>`,
    );
    expect(text).toBe(
      "Sales of the north\n\n- Region: Oslo; 2026 Q1: 5; 2026 Q2: 7\n- Region: Oslo; 2026 Q1: 6; 2026 Q2: 8",
    );
  });

  it("reads a sheet with one row at its far end at once", async () => {
    const far = '<row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD1048576"><v>2</v></c></row>';
    expect(await one(`<dimension ref="A1:XFD1048576"/><sheetData>${far}</sheetData>`)).toBe(
      "- Column A: 1; Column XFD: 2",
    );
  });

  it("reads thirty thousand rows, with the header beside the last one too", async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => [`Item ${i}`, i]);
    const text = await one(sheetRows([["Name", "Count"], ...rows]));
    expect(text.endsWith("\n- Name: Item 29999; Count: 29999")).toBe(true);
    expect(text.split("\n")).toHaveLength(30_000);
  });

  it("refuses two hundred megabytes in one, whatever the directory says", async () => {
    const huge = (claimedSize: number, content: string) =>
      zip([
        ...["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"].map((name) => ({
          name,
          content: parts[name] ?? "",
        })),
        { name: "xl/worksheets/sheet1.xml", content, claimedSize },
      ]);
    const link = (id: string, type: string, target: string) =>
      `<Relationships><Relationship Id="${id}" Type="x/${type}" Target="${target}"/></Relationships>`;
    const parts: Record<string, string> = {
      "_rels/.rels": link("a", "officeDocument", "xl/workbook.xml"),
      "xl/workbook.xml": '<workbook><sheet name="S" r:id="s0"/></workbook>',
      "xl/_rels/workbook.xml.rels": link("s0", "worksheet", "worksheets/sheet1.xml"),
    };
    for (const bytes of [
      huge(200_000_000, "<a/>"),
      huge(1000, `<row>${" ".repeat(100 * 1024 * 1024)}</row>`),
    ]) {
      await expect(extract("xlsx", bytes, "x.xlsx")).rejects.toMatchObject({ code: "document_too_complex" });
    }
  });

  it("refuses a short text repeated into a long one", async () => {
    const strings = `<sst><si><t>${"word ".repeat(20_000)}</t></si></sst>`;
    const cell = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>';
    await expect(
      one(`<sheetData>${cell.repeat(5000)}</sheetData>`, { "xl/sharedStrings.xml": strings }),
    ).rejects.toMatchObject({ code: "document_too_complex" });
  });

  it("refuses entities of its own making", async () => {
    const bytes = xlsx([{ name: "S", xml: "" }], {
      "xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>',
    });
    await expect(extract("xlsx", bytes, "x.xlsx")).rejects.toMatchObject({ code: "broken_document" });
  });

  it("says that a password is needed", async () => {
    const container = new Uint8Array(2048);
    container.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    for (const [i, letter] of [..."EncryptedPackage"].entries())
      container.set([letter.charCodeAt(0), 0], 1024 + 2 * i);
    expect(detect(container, "plan.xlsx")).toBe("xlsx");
    await expect(extract("xlsx", container, "x.xlsx")).rejects.toMatchObject({ code: "encrypted_document" });
  });
});
