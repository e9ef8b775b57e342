/** The parts of a DOCX beside its text: styles, numbering, notes. */
import { xmlOf } from "./office-parts.ts";
import { attribute, scanXml } from "./xml.ts";
import type { Zip } from "./zip.ts";

/** Heading level of a paragraph style (1 to 6), by style id; a style without one is absent. */
export type Headings = Map<string, number>;

/** Names of built-in styles are English in every language of Word; ids are not. */
export function readHeadings(zip: Zip, folder: string): Headings {
  const headings: Headings = new Map();
  const basedOn = new Map<string, string>();
  let style = "";
  const level = (value: string | null) => {
    const found = Number(value) + 1;
    if (style !== "" && value !== null && found >= 1 && found <= 6) headings.set(style, found);
  };
  scanXml(xmlOf(zip, `${folder}/styles.xml`) ?? "", {
    open: (name, attributes) => {
      if (name === "style") {
        style = attribute(attributes, "type") === "paragraph" ? (attribute(attributes, "styleId") ?? "") : "";
      } else if (name === "name") {
        const title = attribute(attributes, "val") ?? "";
        const found = /^heading (\d)$/i.exec(title);
        if (found) level(String(Number(found[1]) - 1));
        else if (/^title$/i.test(title)) level("0");
      } else if (name === "basedOn" && style !== "") {
        basedOn.set(style, attribute(attributes, "val") ?? "");
      } else if (name === "outlineLvl") level(attribute(attributes, "val"));
    },
    close: (name) => {
      if (name === "style") style = "";
    },
    text: () => {},
  });
  for (const id of basedOn.keys()) {
    let parent = basedOn.get(id);
    for (let hops = 0; hops < 10 && parent !== undefined && !headings.has(id); hops++) {
      const inherited = headings.get(parent);
      if (inherited !== undefined) headings.set(id, inherited);
      parent = basedOn.get(parent);
    }
  }
  return headings;
}

/** Which `numId level` pairs count; all others have bullets. */
export function readNumbering(zip: Zip, folder: string): Set<string> {
  const counted = new Set<string>();
  const abstract = new Map<string, string[]>();
  const uses: [string, string][] = [];
  let current = "";
  let level = "0";
  let num = "";
  scanXml(xmlOf(zip, `${folder}/numbering.xml`) ?? "", {
    open: (name, attributes) => {
      if (name === "abstractNum") current = attribute(attributes, "abstractNumId") ?? "";
      else if (name === "lvl") level = attribute(attributes, "ilvl") ?? "0";
      else if (name === "numFmt" && !/^(bullet|none)$/.test(attribute(attributes, "val") ?? "bullet")) {
        abstract.set(current, [...(abstract.get(current) ?? []), level]);
      } else if (name === "num") num = attribute(attributes, "numId") ?? "";
      else if (name === "abstractNumId") uses.push([num, attribute(attributes, "val") ?? ""]);
    },
    close: () => {},
    text: () => {},
  });
  for (const [id, from] of uses) for (const each of abstract.get(from) ?? []) counted.add(`${id} ${each}`);
  return counted;
}

/** Text of footnotes or endnotes by id; separators have ids below 1. */
export function readNotes(zip: Zip, part: string): Map<string, string> {
  const notes = new Map<string, string>();
  let id = "";
  let text = "";
  let inText = false;
  scanXml(xmlOf(zip, part) ?? "", {
    open: (name, attributes) => {
      if (name === "footnote" || name === "endnote") {
        id = attribute(attributes, "id") ?? "";
        text = "";
      } else if (name === "t") inText = true;
      else if (name === "p" || name === "tab" || name === "br") text += " ";
    },
    close: (name) => {
      if (name === "t") inText = false;
      else if ((name === "footnote" || name === "endnote") && Number(id) >= 1) {
        notes.set(id, text.replace(/\s+/g, " ").trim());
      }
    },
    text: (value) => {
      if (inText) text += value;
    },
  });
  return notes;
}
