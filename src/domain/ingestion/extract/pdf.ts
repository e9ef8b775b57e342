/** PDF to canonical text. */
import { AppError } from "../../../errors.ts";
import { clean } from "./encoding.ts";
import { atOnce, type Incoming, LARGE, readInto, whole } from "./incoming.ts";
import { layOut, type OutlineEntry } from "./pdf-layout.ts";
import { type PageLines, readPage, SCRATCH } from "./pdf-lines.ts";
import { emptyPictures } from "./pdf-pictures.ts";
import { acquire, isFull, MEMORY_MAX, type Pdfium, release } from "./pdfium.ts";
import type { Extracted } from "./types.ts";

const MAX_PAGES = 5000;
const MAX_CHARACTERS = 20_000_000;
/** Bytes that a line takes beside its letters until the pages are laid out: measured. */
const LINE_BYTES = 350;
/** Pages after which what the engine keeps of them is given back. */
const PAGES_AT_ONCE = 100;
/** Object type of fpdfview.h. */
const IMAGE = 3;
/** Last errors of fpdfview.h. */
const PASSWORD = 4;
const SECURITY = 5;

/** A file in the engine's memory, and the engine's handle of it. */
type Opened = { data: number; size: number; document: number };

/**
 * Reads a PDF's text layer.
 * @param file goes to the engine piece by piece: an isolate has no room for a large one twice
 * @throws AppError `broken_document` | `encrypted_document` | `needs_ocr` | `empty_document` | `document_too_complex`, and
 *   `storage_unavailable` when the file breaks off
 */
export async function extractPdf(file: Incoming): Promise<Extracted> {
  // A small one is here before it takes the engine, so that several at once can do with one.
  const ready = file.size < LARGE ? atOnce(await whole(file)) : file;
  const pdfium = await acquire();
  try {
    const extracted = await read(pdfium, ready);
    release(pdfium);
    return extracted;
  } catch (error) {
    if (error instanceof AppError) {
      release(pdfium);
      throw error;
    }
    // A trap or exhausted memory: this instance is lost, the next document gets a new one.
    if (!isTrap(error)) throw error;
    throw isFull(pdfium) ? tooLarge(error) : broken("damaged", error);
  }
}

const isTrap = (error: unknown): boolean =>
  error instanceof WebAssembly.RuntimeError || error instanceof RangeError || typeof error === "number";

async function read(pdfium: Pdfium, file: Incoming): Promise<Extracted> {
  const data = pdfium.malloc(file.size);
  if (data === 0) throw tooLarge();
  const opened: Opened = { data, size: file.size, document: 0 };
  const scratch = pdfium.malloc(SCRATCH);
  try {
    const bytes = () => new Uint8Array(pdfium.memory.buffer, data, file.size);
    await readInto(bytes, file);
    emptyPictures(bytes());
    open(pdfium, opened);
    return readDocument(pdfium, opened, scratch);
  } finally {
    if (opened.document !== 0) pdfium.FPDF_CloseDocument(opened.document);
    pdfium.free(scratch);
    pdfium.free(data);
  }
}

/** Anew when it is open already: the engine keeps every stream it has read until the document is closed. */
function open(pdfium: Pdfium, opened: Opened): void {
  if (opened.document !== 0) pdfium.FPDF_CloseDocument(opened.document);
  opened.document = pdfium.FPDF_LoadMemDocument64(opened.data, opened.size, 0);
  if (opened.document === 0) throw unopened(pdfium.FPDF_GetLastError());
}

const tooLarge = (cause?: unknown) =>
  new AppError("document_too_complex", {
    detail: `Reading this PDF takes more than the ${MEMORY_MAX / 1024 / 1024} MB of memory we have for it; split it into parts.`,
    cause,
  });

const broken = (how: string, cause?: unknown) =>
  new AppError("broken_document", {
    detail: `The PDF is ${how}; save it again from the program that made it.`,
    cause,
  });

function unopened(code: number): AppError {
  if (code === PASSWORD || code === SECURITY) {
    return new AppError("encrypted_document", {
      detail: "The PDF asks for a password; upload a copy without one.",
    });
  }
  return broken("damaged or incomplete");
}

function readDocument(pdfium: Pdfium, opened: Opened, scratch: number): Extracted {
  const count = pdfium.FPDF_GetPageCount(opened.document);
  if (count > MAX_PAGES) {
    throw new AppError("document_too_complex", {
      detail: `The PDF has ${count} pages; split it into parts of at most ${MAX_PAGES}.`,
    });
  }
  const pages: PageLines[] = [];
  let characters = 0;
  let held = 0;
  let unmapped = 0;
  let pictures = 0;
  for (let index = 0; index < count; index++) {
    if (index > 0 && index % PAGES_AT_ONCE === 0) open(pdfium, opened);
    const page = pdfium.FPDF_LoadPage(opened.document, index);
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
    held += lines.lines.length * LINE_BYTES + lines.characters;
    if (pdfium.memory.buffer.byteLength + held > MEMORY_MAX) throw tooLarge();
    if (characters > MAX_CHARACTERS) {
      throw new AppError("document_too_complex", {
        detail: `The PDF has more than the ${MAX_CHARACTERS / 1e6} million characters we read; split it into parts.`,
      });
    }
  }
  judge(count, characters, unmapped, pictures);
  const { document } = opened;
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
