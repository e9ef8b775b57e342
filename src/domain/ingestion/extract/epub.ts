/** EPUB to canonical text: the chapters of a book in the order of its spine. */
import { AppError } from "../../../errors.ts";
import { clean, decode } from "./encoding.ts";
import { markdownWriter } from "./html-markdown.ts";
import { scanHtml } from "./html-tokens.ts";
import { resolvePart, xmlOf } from "./office-parts.ts";
import type { Extracted } from "./types.ts";
import { attribute, scanXml } from "./xml.ts";
import { openZip, readPart, type Zip } from "./zip.ts";

/** Characters of canonical text; the longest novels have 8 million. */
const MAX_TEXT = 24_000_000;
/** Unpacked bytes of all chapters together. */
const MAX_UNPACKED = 96 * 1024 * 1024;
/** These make a font unusable elsewhere and leave the text alone. */
const FONTS_ONLY = /^http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)$/;

/**
 * Reads a book; a chapter without a heading gets the title of its page.
 * @throws AppError `broken_document` | `encrypted_document` (copy protection) | `document_too_complex`
 */
export function extractEpub(bytes: Uint8Array): Extracted {
  const zip = openZip(bytes);
  refuseProtection(zip);
  const { title, chapters } = readPackage(zip, packagePart(zip));
  const texts: string[] = [];
  let size = 0;
  let unpacked = 0;
  for (const part of chapters) {
    unpacked += zip.entries.get(part)?.size ?? 0;
    if (unpacked > MAX_UNPACKED) throw tooMuch();
    const text = readChapter(readPart(zip, part) ?? new Uint8Array(), title);
    size += text.length;
    if (size > MAX_TEXT) throw tooMuch();
    if (text !== "") texts.push(text);
  }
  return { text: texts.join("\n\n"), title, pages: [] };
}

/** Shops encrypt chapters and leave a licence beside them; publishers obfuscate fonts, which is no protection. */
function refuseProtection(zip: Zip): void {
  let isProtected = zip.entries.has("META-INF/license.lcpl");
  scanXml(xmlOf(zip, "META-INF/encryption.xml") ?? "", {
    open: (name, attributes) => {
      const method = name === "EncryptionMethod" ? attribute(attributes, "Algorithm") : null;
      if (method !== null && !FONTS_ONLY.test(method)) isProtected = true;
    },
    close: () => {},
    text: () => {},
  });
  if (!isProtected) return;
  throw new AppError("encrypted_document", {
    detail: "This book has copy protection (DRM), so its text cannot be read; upload a copy without it.",
  });
}

function packagePart(zip: Zip): string {
  let part = "";
  scanXml(xmlOf(zip, "META-INF/container.xml") ?? "", {
    open: (name, attributes) => {
      if (name === "rootfile" && part === "") part = attribute(attributes, "full-path") ?? "";
    },
    close: () => {},
    text: () => {},
  });
  return part;
}

/** The book's title, and the parts it is read in; its table of contents is not one of them. */
function readPackage(zip: Zip, part: string): { title: string | null; chapters: string[] } {
  const xml = xmlOf(zip, part);
  const folder = part.slice(0, part.lastIndexOf("/") + 1);
  const items = new Map<string, string>();
  const chapters = new Set<string>();
  let title = "";
  let titles = 0;
  let inTitle = false;
  scanXml(xml ?? "", {
    open: (name, attributes) => {
      inTitle = name === "title" && titles++ === 0;
      if (name === "item") {
        const isContents = /(?:^|\s)nav(?:\s|$)/.test(attribute(attributes, "properties") ?? "");
        const target = resolvePart(folder, percentDecoded(attribute(attributes, "href") ?? ""));
        if (!isContents) items.set(attribute(attributes, "id") ?? "", target);
      } else if (name === "itemref") {
        const target = items.get(attribute(attributes, "idref") ?? "");
        if (target !== undefined && zip.entries.has(target)) chapters.add(target);
      }
    },
    close: () => {
      inTitle = false;
    },
    text: (value) => {
      if (inTitle) title += value;
    },
  });
  if (chapters.size === 0) {
    throw new AppError("broken_document", {
      detail: "The book has no chapters that can be read; save it again as EPUB.",
    });
  }
  return { title: title.replace(/\s+/g, " ").trim() || null, chapters: [...chapters] };
}

function readChapter(bytes: Uint8Array, book: string | null): string {
  const writer = markdownWriter(true);
  scanHtml(clean(decode(bytes).text), writer);
  const { text, title } = writer.finish();
  const isNamed = /^#{1,6} /m.test(text.slice(0, 2000));
  return text === "" || isNamed || !title || title === book ? text : `# ${title}\n\n${text}`;
}

function percentDecoded(href: string): string {
  try {
    return decodeURIComponent(href.replace(/#.*$/, ""));
  } catch {
    return href;
  }
}

function tooMuch(): AppError {
  return new AppError("document_too_complex", {
    detail: "This book is too large to read in one piece; split it into several files.",
  });
}
