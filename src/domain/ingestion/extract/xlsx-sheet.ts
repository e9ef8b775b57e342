/** The rows of one worksheet in order, as they stream by; empty cells and rows cost nothing, however far apart. */
import { clean } from "./encoding.ts";
import { type NumberKind, tooLargeTable } from "./xlsx-parts.ts";
import { columnOf, numberText } from "./xlsx-values.ts";
import { attribute, scanXml } from "./xml.ts";
import type { Zip } from "./zip.ts";
import { streamXml } from "./zip-stream.ts";

/** Text by column, in the order of columns; `at` counts from 0. */
export type Row = { at: number; cells: Map<number, string> };
/** Cells shown as one, counted from 0, ends included. */
export type Merge = { top: number; left: number; bottom: number; right: number };
export type Values = { strings: string[]; styles: NumberKind[]; since1904: boolean };

/** Bytes one sheet may unpack to: half a million full rows. */
export const MAX_SHEET = 96 * 1024 * 1024;
const MAX_CELLS_PER_ROW = 2_000;
const MAX_MERGES = 5_000;

/** Merges are written behind the cells they concern, so they are read in a pass of their own. */
export async function readMerges(zip: Zip, part: string): Promise<Merge[]> {
  const merges: Merge[] = [];
  for await (const xml of streamXml(zip, part, MAX_SHEET)) {
    if (!xml.includes("mergeCell")) continue;
    for (const [, reference = ""] of xml.matchAll(/<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]{1,30})"/g)) {
      const [from = "", to = ""] = reference.split(":");
      const merge = { top: rowOf(from), left: columnOf(from), bottom: rowOf(to), right: columnOf(to) };
      if (merge.top >= 0 && merge.left >= 0 && merges.length < MAX_MERGES) merges.push(merge);
    }
  }
  return merges;
}

/**
 * Calls `take` for each row that has text. Formulas give the value they had when the file was saved.
 * @throws AppError `document_too_complex` | `broken_document`
 */
export async function readRows(zip: Zip, part: string, values: Values, take: (row: Row) => void) {
  let row: Row = { at: -1, cells: new Map() };
  let column = -1;
  let type = "";
  let style = 0;
  let raw = "";
  let inValue = false;
  const visitor = {
    open(name: string, attributes: string) {
      if (name === "c") {
        const reference = attribute(attributes, "r");
        column = reference === null ? column + 1 : columnOf(reference);
        type = attribute(attributes, "t") ?? "n";
        style = Number(attribute(attributes, "s") ?? 0);
        raw = "";
      } else if (name === "v" || name === "t") inValue = true;
      else if (name === "row") {
        const given = Number(attribute(attributes, "r"));
        row = { at: given > 0 ? given - 1 : row.at + 1, cells: new Map() };
        column = -1;
      }
    },
    close(name: string) {
      if (name === "v" || name === "t") inValue = false;
      else if (name === "c") {
        if (raw === "") return;
        const text = cellText(raw, type, values.styles[style] ?? "number", values);
        if (text === "" || column < 0) return;
        row.cells.set(column, text);
        if (row.cells.size > MAX_CELLS_PER_ROW) throw tooLargeTable();
      } else if (name === "row" && row.cells.size > 0) take(row);
    },
    text(value: string) {
      if (inValue) raw += value;
    },
  };
  for await (const xml of streamXml(zip, part, MAX_SHEET)) scanXml(xml, visitor);
}

function cellText(raw: string, type: string, kind: NumberKind, { strings, since1904 }: Values): string {
  switch (type) {
    case "s":
      return strings[Number(raw)] ?? "";
    case "str":
    case "inlineStr":
      return clean(raw).replace(/\s+/g, " ").trim();
    case "b":
      return raw.trim() === "1" ? "TRUE" : "FALSE";
    case "e": // #N/A and the like: nothing anybody would ask for
      return "";
    case "d":
      return raw.trim().replace(/T00:00:00(?:\.0+)?Z?$/, "");
    default:
      return numberText(raw, kind, since1904);
  }
}

function rowOf(reference: string): number {
  return Number(/\d+$/.exec(reference)?.[0] ?? 0) - 1;
}
