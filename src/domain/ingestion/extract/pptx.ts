/** PPTX to canonical text: a page and a heading per slide, in the order they are shown, with the speaker's notes. */
import { AppError } from "../../../errors.ts";
import { mainPart, openOffice, readCoreTitle, relationsOf, xmlOf } from "./office-parts.ts";
import { readSlide } from "./pptx-slide.ts";
import type { Extracted } from "./types.ts";
import { attribute, scanXml } from "./xml.ts";
import type { Zip } from "./zip.ts";

const MAX_SLIDES = 2_000;
/** Unpacked bytes of all slides and notes; a thousand full slides have about 10 MB. */
const MAX_UNPACKED = 64 * 1024 * 1024;

/**
 * Reads a presentation. Footers, dates and slide numbers are left out; hidden slides count.
 * @throws AppError `broken_document` | `encrypted_document` | `document_too_complex`
 */
export function extractPptx(bytes: Uint8Array): Extracted {
  const zip = openOffice(bytes, "PowerPoint");
  const main = mainPart(zip, "ppt/presentation.xml");
  const slides = slidesOf(zip, main);
  if (slides.length === 0) {
    throw new AppError("broken_document", {
      detail: "The file has no slides in it; save it again as PPTX.",
    });
  }
  const pages: number[] = [];
  let text = "";
  let unpacked = 0;
  let first: string | null = null;
  for (const [at, part] of slides.entries()) {
    const notesPart = relationsOf(zip, part).find(({ type }) => type === "notesSlide")?.target;
    unpacked += (zip.entries.get(part)?.size ?? 0) + (zip.entries.get(notesPart ?? "")?.size ?? 0);
    if (unpacked > MAX_UNPACKED) throw tooMuch();
    const slide = readSlide(xmlOf(zip, part) ?? "");
    const notes = notesPart === undefined ? null : readSlide(xmlOf(zip, notesPart) ?? "");
    const spoken = notes?.blocks.join("\n\n");
    if (at === 0) first = slide.title || null;
    pages.push(text.length);
    const blocks = [`# ${slide.title || `Slide ${at + 1}`}`, ...slide.blocks];
    if (spoken) blocks.push(`Speaker notes: ${spoken}`);
    text += `${blocks.join("\n\n")}\n\n`;
  }
  return { text: text.trimEnd(), title: readCoreTitle(zip) ?? first, pages };
}

/** Names of the slides' parts in the order of the show. */
function slidesOf(zip: Zip, main: string): string[] {
  const targets = new Map(relationsOf(zip, main).map(({ id, target }) => [id, target]));
  const slides: string[] = [];
  scanXml(xmlOf(zip, main) ?? "", {
    open: (name, attributes) => {
      const target = name === "sldId" ? targets.get(attribute(attributes, "r:id") ?? "") : undefined;
      if (target !== undefined && zip.entries.has(target)) slides.push(target);
    },
    close: () => {},
    text: () => {},
  });
  if (slides.length > MAX_SLIDES) throw tooMuch();
  return slides;
}

function tooMuch(): AppError {
  return new AppError("document_too_complex", {
    detail: "This presentation is too large to read in one piece; split it into several files.",
  });
}
