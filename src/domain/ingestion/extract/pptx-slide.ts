/** One slide, or one page of notes: its title, and its paragraphs, lists and tables in the order they were drawn. */
import { tableText } from "./docx-layout.ts";
import { attribute, scanXml } from "./xml.ts";

export type Slide = { title: string; blocks: string[] };

/** Kinds of placeholders that say nothing about the slide. */
const FRAME = /^(?:sldNum|dt|ftr|hdr|sldImg)$/;

type Line = { text: string; level: number };

/** Shapes nested in groups are read like any other; a fallback drawing repeats what its choice says and is skipped. */
export function readSlide(xml: string): Slide {
  const slide: Slide = { title: "", blocks: [] };
  let kind = ""; // of the placeholder
  let lines: Line[] = [];
  let level = 0;
  let text: string | null = null; // of the open paragraph
  let inText = false;
  let fallback = 0;
  let table: { rows: string[][]; row: string[]; cell: string[] } | null = null;

  const endShape = () => {
    const said = lines.filter((line) => line.text !== "");
    lines = [];
    if (said.length === 0 || FRAME.test(kind)) return;
    if (/^(?:title|ctrTitle)$/.test(kind) && slide.title === "") {
      slide.title = said.map((line) => line.text).join(" ");
    } else if (said.length === 1) slide.blocks.push(said[0]?.text ?? "");
    else slide.blocks.push(said.map((line) => `${"  ".repeat(line.level)}- ${line.text}`).join("\n"));
  };

  scanXml(xml, {
    open(name, attributes) {
      switch (name) {
        case "Fallback":
          fallback++;
          break;
        case "sp":
          kind = "";
          break;
        case "ph":
          kind = attribute(attributes, "type") ?? "";
          break;
        case "tbl":
          table = { rows: [], row: [], cell: [] };
          break;
        case "p":
          text = "";
          level = 0;
          break;
        case "pPr":
          level = Math.min(5, Number(attribute(attributes, "lvl")) || 0);
          break;
        case "t":
          inText = true;
          break;
        case "br":
        case "tab":
          if (text !== null) text += " ";
          break;
      }
    },
    close(name) {
      switch (name) {
        case "Fallback":
          fallback = Math.max(0, fallback - 1);
          break;
        case "t":
          inText = false;
          break;
        case "p": {
          const said = (text ?? "").replace(/\s+/g, " ").trim();
          text = null;
          if (table) table.cell.push(said);
          else if (fallback === 0) lines.push({ text: said, level });
          break;
        }
        case "tc":
          if (!table) break;
          table.row.push(table.cell.filter(Boolean).join(" "));
          table.cell = [];
          break;
        case "tr":
          table?.rows.push(table.row);
          if (table) table.row = [];
          break;
        case "tbl": {
          const written = table && fallback === 0 ? tableText(table.rows) : "";
          if (written !== "") slide.blocks.push(written);
          table = null;
          break;
        }
        case "sp":
          endShape();
          break;
      }
    },
    text(value) {
      if (text !== null && inText) text += value;
    },
  });
  endShape();
  return slide;
}
