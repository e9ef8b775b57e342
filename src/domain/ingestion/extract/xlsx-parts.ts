/** The parts of an XLSX beside its cells: sheets, shared strings, which number formats are dates or percent. */
import { AppError } from "../../../errors.ts";
import { clean } from "./encoding.ts";
import { relationsOf, xmlOf } from "./office-parts.ts";
import { attribute, scanXml } from "./xml.ts";
import type { Zip } from "./zip.ts";
import { streamXml } from "./zip-stream.ts";

export type Sheet = { name: string; part: string };
export type NumberKind = "number" | "date" | "percent";
export type Workbook = { sheets: Sheet[]; since1904: boolean };

/** Characters of all shared strings; they stay in memory while the sheets are read. */
const MAX_STRINGS = 16_000_000;
const MAX_SHEETS = 500;
/** Number formats that Excel knows without naming them. */
const DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57]);

/** Visible sheets in the order of their tabs. What people hid, and charts, are left out. */
export function readWorkbook(zip: Zip, main: string): Workbook {
  const targets = new Map(
    relationsOf(zip, main).flatMap(({ id, type, target }) => (type === "worksheet" ? [[id, target]] : [])),
  );
  const workbook: Workbook = { sheets: [], since1904: false };
  scanXml(xmlOf(zip, main) ?? "", {
    open: (name, attributes) => {
      if (name === "workbookPr") {
        workbook.since1904 = /^(?:1|true)$/.test(attribute(attributes, "date1904") ?? "");
      } else if (name === "sheet" && !/hidden/i.test(attribute(attributes, "state") ?? "")) {
        const part = targets.get(attribute(attributes, "r:id") ?? "");
        const title = (attribute(attributes, "name") ?? "").trim();
        if (part !== undefined && zip.entries.has(part)) workbook.sheets.push({ name: title, part });
      }
    },
    close: () => {},
    text: () => {},
  });
  if (workbook.sheets.length > MAX_SHEETS) throw tooLargeTable();
  return workbook;
}

/** @throws AppError `document_too_complex` past 16 million characters */
export async function readStrings(zip: Zip, part: string): Promise<string[]> {
  const strings: string[] = [];
  let text = "";
  let size = 0;
  let inText = false;
  let inPhonetic = false; // how a Japanese word is read, beside the word itself
  for await (const xml of streamXml(zip, part, 64 * 1024 * 1024)) {
    scanXml(xml, {
      open: (name) => {
        if (name === "si") text = "";
        else if (name === "t") inText = true;
        else if (name === "rPh") inPhonetic = true;
      },
      close: (name) => {
        if (name === "t") inText = false;
        else if (name === "rPh") inPhonetic = false;
        else if (name === "si") {
          size += text.length + 8;
          if (size > MAX_STRINGS) throw tooLargeTable();
          strings.push(clean(text).replace(/\s+/g, " ").trim());
        }
      },
      text: (value) => {
        if (inText && !inPhonetic) text += value;
      },
    });
  }
  return strings;
}

/** What kind of number a cell holds, by the style index it carries. */
export function readStyles(zip: Zip, part: string): NumberKind[] {
  const custom = new Map<number, NumberKind>();
  const kinds: NumberKind[] = [];
  let inCells = false;
  scanXml(xmlOf(zip, part) ?? "", {
    open: (name, attributes) => {
      if (name === "numFmt") {
        const code = attribute(attributes, "formatCode") ?? "";
        custom.set(Number(attribute(attributes, "numFmtId")), kindOf(code));
      } else if (name === "cellXfs") inCells = true;
      else if (name === "xf" && inCells) {
        const id = Number(attribute(attributes, "numFmtId"));
        const builtIn = DATES.has(id) ? "date" : id === 9 || id === 10 ? "percent" : "number";
        kinds.push(custom.get(id) ?? builtIn);
      }
    },
    close: (name) => {
      if (name === "cellXfs") inCells = false;
    },
    text: () => {},
  });
  return kinds;
}

/** Letters in quotes, brackets (but hours that go past 24) and after a backslash are no date. */
function kindOf(format: string): NumberKind {
  const bare = format.slice(0, 500).replace(/"[^"]*"|\\.|_.|\[(?!h|m|s)[^\]]*\]/gi, "");
  if (/[dmyhs]/i.test(bare.replace(/general/gi, ""))) return "date";
  return bare.includes("%") ? "percent" : "number";
}

export function tooLargeTable(): AppError {
  return new AppError("document_too_complex", {
    detail: "This workbook is too large to read in one piece; split it into several files.",
  });
}
