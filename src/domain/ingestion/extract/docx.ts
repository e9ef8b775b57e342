/** DOCX to canonical text: one scan of its main part, whatever is nested in what. */
import { AppError } from "../../../errors.ts";
import { PAGE, splitPages, tableText } from "./docx-layout.ts";
import { readHeadings, readNotes, readNumbering } from "./docx-parts.ts";
import { mainPart, openOffice, readCoreTitle, xmlOf } from "./office-parts.ts";
import type { Extracted } from "./types.ts";
import { attribute, scanXml } from "./xml.ts";
import type { Zip } from "./zip.ts";

type Paragraph = {
  text: string;
  style: string;
  outline: number;
  num: string;
  level: string;
  notes: string[];
};
type Table = { rows: string[][]; row: string[]; cell: string[]; span: number };

/**
 * Reads a Word document. Tracked insertions count, deletions and reviewers' comments do not; a footnote follows the
 * paragraph that refers to it.
 * @throws AppError `broken_document` | `encrypted_document` | `document_too_complex`
 */
export function extractDocx(bytes: Uint8Array): Extracted {
  const zip = openOffice(bytes, "Word");
  const part = mainPart(zip, "word/document.xml");
  const xml = xmlOf(zip, part);
  if (xml === null) {
    throw new AppError("broken_document", {
      detail: "The file has no Word text in it; save it again as DOCX.",
    });
  }
  const { text, pages } = splitPages(readBody(zip, part.slice(0, part.lastIndexOf("/")), xml));
  const heading = /^# +(.+)$/m.exec(text.slice(0, 4000))?.[1];
  return { text, title: readCoreTitle(zip) ?? heading ?? null, pages };
}

function readBody(zip: Zip, folder: string, xml: string): string {
  const headings = readHeadings(zip, folder);
  const counted = readNumbering(zip, folder);
  const footnotes = readNotes(zip, `${folder}/footnotes.xml`);
  const endnotes = readNotes(zip, `${folder}/endnotes.xml`);
  const counters = new Map<string, number>();

  const blocks: string[] = [];
  const paragraphs: Paragraph[] = [];
  const tables: Table[] = [];
  let skipped = 0; // inside deleted text, field codes or a fallback drawing
  let inText = false;
  let hidden = false;
  let inRunProperties = false;
  let wasItem = false;

  const put = (block: string, isItem = false) => {
    const cell = tables.at(-1)?.cell;
    if (cell) cell.push(block);
    else if (isItem && wasItem) blocks.push(`${blocks.pop() ?? ""}\n${block}`);
    else blocks.push(block);
    wasItem = isItem && !cell;
  };

  const endParagraph = () => {
    const paragraph = paragraphs.pop();
    if (!paragraph) return;
    const text = paragraph.text
      .replace(/[ \t\n]*\n[ \t\n]*/g, "\n")
      .replace(/[ \t\u00a0]+/g, " ")
      .replace(/^[ \n]+|[ \n]+$/g, ""); // not trim(), which would take a page mark along
    const bare = text.replaceAll(PAGE, "").trim();
    const level = paragraph.outline || headings.get(paragraph.style) || 0;
    if (bare === "") {
      if (text !== "") put(text);
    } else if (level > 0 && tables.length === 0 && bare.length < 290) {
      put(`${text.startsWith(PAGE) ? PAGE : ""}${"#".repeat(level)} ${bare.replace(/\s+/g, " ")}`);
    } else if (paragraph.num !== "" && paragraph.num !== "0") {
      put(`${marker(paragraph)} ${text.replaceAll("\n", " ")}`, true);
    } else put(text);
    for (const note of paragraph.notes) put(`Footnote: ${note}`);
  };

  const marker = ({ num, level }: Paragraph): string => {
    const indent = "  ".repeat(Math.min(5, Number(level) || 0));
    const key = `${num} ${level}`;
    if (!counted.has(key)) return `${indent}-`;
    const count = (counters.get(key) ?? 0) + 1;
    counters.set(key, count);
    for (let deeper = Number(level) + 1; deeper < 9; deeper++) counters.delete(`${num} ${deeper}`);
    return `${indent}${count}.`;
  };

  const endTable = () => {
    const table = tables.pop();
    if (!table) return;
    if (tables.length > 0) put(table.rows.map((row) => row.filter(Boolean).join(", ")).join("; "));
    else put(tableText(table.rows));
  };

  scanXml(xml, {
    open(name, attributes) {
      const paragraph = paragraphs.at(-1);
      switch (name) {
        case "p":
          paragraphs.push({ text: "", style: "", outline: 0, num: "", level: "0", notes: [] });
          break;
        case "t":
        case "delText":
          inText = name === "t";
          break;
        case "rPr":
          inRunProperties = true;
          break;
        case "r":
          hidden = false;
          break;
        case "vanish":
          if (inRunProperties && !/^(0|false|off)$/.test(attribute(attributes, "val") ?? "")) hidden = true;
          break;
        case "del":
        case "moveFrom":
        case "Fallback":
        case "instrText":
          skipped++;
          break;
        case "tbl":
          tables.push({ rows: [], row: [], cell: [], span: 1 });
          break;
        case "gridSpan": {
          const table = tables.at(-1);
          if (table) table.span = Math.min(50, Number(attribute(attributes, "val")) || 1);
          break;
        }
      }
      if (!paragraph || skipped > 0) return;
      switch (name) {
        case "pStyle":
          paragraph.style = attribute(attributes, "val") ?? "";
          break;
        case "outlineLvl": {
          const level = Number(attribute(attributes, "val")) + 1;
          if (level >= 1 && level <= 6) paragraph.outline = level;
          break;
        }
        case "numId":
          paragraph.num = attribute(attributes, "val") ?? "";
          break;
        case "ilvl":
          paragraph.level = attribute(attributes, "val") ?? "0";
          break;
        case "tab":
        case "ptab":
          if (!hidden) paragraph.text += " ";
          break;
        case "br":
        case "cr":
          if (attribute(attributes, "type") !== "page") paragraph.text += "\n";
          break;
        case "noBreakHyphen":
          paragraph.text += "-";
          break;
        case "lastRenderedPageBreak":
          paragraph.text += PAGE;
          break;
        case "footnoteReference":
        case "endnoteReference": {
          const notes = name === "footnoteReference" ? footnotes : endnotes;
          const note = notes.get(attribute(attributes, "id") ?? "");
          if (note) paragraph.notes.push(note);
          break;
        }
      }
    },
    close(name) {
      const table = tables.at(-1);
      switch (name) {
        case "t":
          inText = false;
          break;
        case "rPr":
          inRunProperties = false;
          break;
        case "del":
        case "moveFrom":
        case "Fallback":
        case "instrText":
          skipped = Math.max(0, skipped - 1);
          break;
        case "p":
          endParagraph();
          break;
        case "tc":
          if (table) {
            table.row.push(table.cell.join(" "), ...new Array<string>(table.span - 1).fill(""));
            table.cell = [];
            table.span = 1;
          }
          break;
        case "tr":
          if (table) {
            table.rows.push(table.row);
            table.row = [];
          }
          break;
        case "tbl":
          endTable();
          break;
      }
    },
    text(value) {
      const paragraph = paragraphs.at(-1);
      if (paragraph && inText && skipped === 0 && !hidden) paragraph.text += value;
    },
  });
  while (paragraphs.length > 0) endParagraph();
  while (tables.length > 0) endTable();
  return blocks.filter((block) => block !== "").join("\n\n");
}
