/** PDF to canonical text. */
import { AppError } from "../../../errors.ts";
import { clean } from "./encoding.ts";
import { layOut, type OutlineEntry } from "./pdf-layout.ts";
import { type PageLines, readPage, SCRATCH } from "./pdf-lines.ts";
import { acquire, type Pdfium, release } from "./pdfium.ts";
import type { Extracted } from "./types.ts";

const MAX_PAGES = 5000;
const MAX_CHARACTERS = 20_000_000;
/** Bytes from which on the caller's copy is given up. */
const LARGE = 8 * 1024 * 1024;
/** Object type of fpdfview.h. */
const IMAGE = 3;
/** Last errors of fpdfview.h. */
const PASSWORD = 4;
const SECURITY = 5;

/**
 * Reads a PDF's text layer.
 * @param bytes the whole file; emptied when it is large and owns its buffer
 * @throws AppError `broken_document` | `encrypted_document` | `needs_ocr` | `empty_document` | `document_too_complex`
 */
export async function extractPdf(bytes: Uint8Array): Promise<Extracted> {
  const pdfium = await acquire();
  try {
    const extracted = read(pdfium, bytes);
    release(pdfium);
    return extracted;
  } catch (error) {
    if (error instanceof AppError) {
      release(pdfium);
      throw error;
    }
    // A trap or exhausted memory: this instance is lost, the next document gets a new one.
    if (
      error instanceof WebAssembly.RuntimeError ||
      error instanceof RangeError ||
      typeof error === "number"
    ) {
      throw new AppError("broken_document", {
        detail: "The PDF is damaged or needs too much memory; save it again from the program that made it.",
        cause: error,
      });
    }
    throw error;
  }
}

function read(pdfium: Pdfium, bytes: Uint8Array): Extracted {
  const data = pdfium.malloc(bytes.length);
  if (data === 0) {
    throw new AppError("document_too_complex", {
      detail: "This PDF is too large to open; split it into parts.",
    });
  }
  new Uint8Array(pdfium.memory.buffer).set(bytes, data);
  const size = bytes.length;
  freeLarge(bytes);
  const document = pdfium.FPDF_LoadMemDocument64(data, size, 0);
  const scratch = pdfium.malloc(SCRATCH);
  try {
    if (document === 0) throw unopened(pdfium.FPDF_GetLastError());
    return readDocument(pdfium, document, scratch);
  } finally {
    if (document !== 0) pdfium.FPDF_CloseDocument(document);
    pdfium.free(scratch);
    pdfium.free(data);
  }
}

/** The engine has its own copy now; an isolate has no room for two of a large file. */
function freeLarge({ buffer, byteLength }: Uint8Array) {
  if (byteLength > LARGE && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
    buffer.transfer(0);
}

function unopened(code: number): AppError {
  if (code === PASSWORD || code === SECURITY) {
    return new AppError("encrypted_document", {
      detail: "The PDF asks for a password; upload a copy without one.",
    });
  }
  return new AppError("broken_document", {
    detail: "The PDF is damaged or incomplete; save it again from the program that made it.",
  });
}

function readDocument(pdfium: Pdfium, document: number, scratch: number): Extracted {
  const count = pdfium.FPDF_GetPageCount(document);
  if (count > MAX_PAGES) {
    throw new AppError("document_too_complex", {
      detail: `The PDF has ${count} pages; split it into parts of at most ${MAX_PAGES}.`,
    });
  }
  const pages: PageLines[] = [];
  let characters = 0;
  let unmapped = 0;
  let pictures = 0;
  for (let index = 0; index < count; index++) {
    const page = pdfium.FPDF_LoadPage(document, index);
    if (page === 0) {
      pages.push({ height: 0, width: 0, lines: [], unmapped: 0, characters: 0 });
      continue;
    }
    const lines = readPage(pdfium, page, scratch);
    if (lines.characters < 20 && hasPicture(pdfium, page)) pictures++;
    pdfium.FPDF_ClosePage(page);
    pages.push(lines);
    characters += lines.characters;
    unmapped += lines.unmapped;
    if (characters > MAX_CHARACTERS) {
      throw new AppError("document_too_complex", {
        detail: "The PDF has more text than we read; split it into parts.",
      });
    }
  }
  judge(count, characters, unmapped, pictures);
  const { text, pages: starts } = layOut(pages, readOutline(pdfium, document, scratch));
  const title = readTitle(pdfium, document, scratch) ?? /^# +(.+)$/m.exec(text.slice(0, 300))?.[1] ?? null;
  return { text: wellFormed(text), title, pages: starts };
}

/** Refuses pictures of pages and fonts that do not say which letters they draw. */
function judge(pages: number, characters: number, unmapped: number, pictures: number) {
  if (pages === 0) throw unopened(0);
  if (pictures > 0 && characters < 15 * pages) {
    throw new AppError("needs_ocr", {
      detail: "The PDF holds pictures of pages; run text recognition (OCR) on it and upload the result.",
    });
  }
  if (characters === 0) throw new AppError("empty_document", { detail: "The PDF has no text on its pages." });
  if (unmapped > characters * 0.5) {
    throw new AppError("needs_ocr", {
      detail:
        "The PDF's fonts hide which letters they show; run text recognition (OCR) on it and upload the result.",
    });
  }
}

/** As {@link clean}, but of the same length, because page starts are offsets into the text. */
function wellFormed(text: string): string {
  return text.replace(/[^\P{Cc}\n]|\uffff/gu, " ").toWellFormed();
}

function hasPicture(pdfium: Pdfium, page: number): boolean {
  const count = Math.min(200, pdfium.FPDFPage_CountObjects(page));
  for (let i = 0; i < count; i++) {
    const type = pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, i));
    // 5 is a form, which may hold the scan.
    if (type === IMAGE || type === 5) return true;
  }
  return false;
}

/** Bookmarks in reading order; a cycle or an endless list ends at the limit. */
function readOutline(pdfium: Pdfium, document: number, scratch: number): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  const walk = (parent: number, level: number) => {
    let bookmark = pdfium.FPDFBookmark_GetFirstChild(document, parent);
    for (
      ;
      bookmark !== 0 && entries.length < 5000;
      bookmark = pdfium.FPDFBookmark_GetNextSibling(document, bookmark)
    ) {
      const length = pdfium.FPDFBookmark_GetTitle(bookmark, scratch, SCRATCH);
      const destination = pdfium.FPDFBookmark_GetDest(document, bookmark);
      const page = destination === 0 ? -1 : pdfium.FPDFDest_GetDestPageIndex(document, destination);
      if (length > 2 && length <= SCRATCH)
        entries.push({ title: utf16(pdfium, scratch, length), level, page });
      if (level < 6) walk(bookmark, level + 1);
    }
  };
  walk(0, 1);
  return entries;
}

/** The title in the file's properties, unless it is a file name or a program's placeholder. */
function readTitle(pdfium: Pdfium, document: number, scratch: number): string | null {
  new Uint8Array(pdfium.memory.buffer).set([0x54, 0x69, 0x74, 0x6c, 0x65, 0], scratch);
  const length = pdfium.FPDF_GetMetaText(document, scratch, scratch + 8, SCRATCH - 8);
  if (length <= 2 || length > SCRATCH - 8) return null;
  const title = clean(utf16(pdfium, scratch + 8, length)).trim();
  const placeholder =
    /^(?:untitled|microsoft word\b.*|.*\.(?:docx?|pdf|indd|odt|fodt|tex|pptx?))$|^\(anonymous\)$/i;
  return title === "" || placeholder.test(title) ? null : title;
}

/** `length` counts the two bytes of the final zero. */
function utf16(pdfium: Pdfium, pointer: number, length: number): string {
  return new TextDecoder("utf-16le").decode(new Uint8Array(pdfium.memory.buffer, pointer, length - 2)).trim();
}
