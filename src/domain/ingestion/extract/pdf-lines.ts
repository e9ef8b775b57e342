/** Reads one page of a PDF into lines: text in cells, where it stands, how large and how bold. */

import { cellsFromRight, type Glyph, isRtl, readsFromRight } from "./pdf-rtl.ts";
import type { Pdfium } from "./pdfium.ts";

/** Coordinates are points from the lower left corner of the page. */
export type Cell = { text: string; left: number; right: number };

export type Line = {
  cells: Cell[];
  left: number;
  right: number;
  /** Middle of the first letter. */
  y: number;
  /** Font size in points, after scaling. */
  size: number;
  bold: boolean;
  /** The last word goes on in the next line. */
  hyphen: boolean;
};

export type PageLines = {
  height: number;
  width: number;
  lines: Line[];
  /** Characters of which the font does not say what they are. */
  unmapped: number;
  characters: number;
};

/** A gap between two letters of a line that is wider than this many font sizes divides two cells. */
const CELL_GAP = 1.05;
/** Ligatures and Arabic letters in their drawn shapes; a reader types the plain ones. */
const FORMS = /[\ufb00-\ufdff\ufe70-\ufefc]+/g;
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const MARKER = /^(?:[•‣▪▫■□●○◦∙·➢➤✓✔–—*-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\d{0,2}\.\d{1,2})$/u;
/** A page with more characters is no page that anyone wrote. */
const MAX_CHARACTERS = 200_000;

/** Scratch memory for what PDFium writes through pointers: 4 doubles, 6 floats, a font name. */
export const SCRATCH = 512;

export function readPage(pdfium: Pdfium, page: number, scratch: number): PageLines {
  const height = pdfium.FPDF_GetPageHeightF(page);
  const width = pdfium.FPDF_GetPageWidthF(page);
  const text = pdfium.FPDFText_LoadPage(page);
  if (text === 0) return { height, width, lines: [], unmapped: 0, characters: 0 };
  try {
    return { height, width, ...readLines(pdfium, text, scratch) };
  } finally {
    pdfium.FPDFText_ClosePage(text);
  }
}

function readLines(pdfium: Pdfium, text: number, scratch: number) {
  const count = Math.min(MAX_CHARACTERS, pdfium.FPDFText_CountChars(text));
  const lines: Line[] = [];
  let unmapped = 0;
  let characters = 0;
  let line: Line | null = null;
  let cell: Cell = { text: "", left: 0, right: 0 };
  let first = 0;
  let last = 0;
  let hasRtl = false;
  let box = new Float64Array(pdfium.memory.buffer, scratch, 4);

  const finish = () => {
    if (line === null) return;
    if (hasRtl) {
      const glyphs = readGlyphs(pdfium, text, first, last, scratch);
      if (readsFromRight(glyphs)) line.cells = cellsFromRight(glyphs, line.size, CELL_GAP * line.size);
    }
    hasRtl = false;
    line.bold = isBold(pdfium, text, first, scratch) && isBold(pdfium, text, last, scratch);
    joinMarker(line.cells);
    for (const each of line.cells) {
      each.text = each.text
        .replace(INVISIBLE, "")
        .replace(FORMS, (form) => form.normalize("NFKC"))
        .replace(/\s+/g, " ")
        .trim();
      line.left = Math.min(line.left, each.left);
      line.right = Math.max(line.right, each.right);
    }
    lines.push(line);
    line = null;
  };

  for (let i = 0; i < count; i++) {
    const code = pdfium.FPDFText_GetUnicode(text, i);
    if (code === 13 || code === 10) {
      finish();
      continue;
    }
    if (code === 0xfffe || code === 2) {
      if (line !== null) (line as Line).hyphen = true;
      continue;
    }
    if (code === 32 || code === 0xa0 || code === 9) {
      cell.text += " ";
      continue;
    }
    if (code < 32 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000 && !isPair(pdfium, text, i, code)))
      continue;
    characters++;
    if (pdfium.FPDFText_HasUnicodeMapError(text, i) === 1 || (code >= 0xe000 && code < 0xf900)) unmapped++;
    if (box.buffer !== pdfium.memory.buffer) box = new Float64Array(pdfium.memory.buffer, scratch, 4);
    const known = pdfium.FPDFText_GetCharBox(text, i, scratch, scratch + 8, scratch + 16, scratch + 24) !== 0;
    const [left = 0, right = 0, bottom = 0, top = 0] = known ? box : [];
    const y = (bottom + top) / 2;
    if (line !== null && known && Math.abs(y - line.y) > 1.3 * line.size) finish();
    if (line === null) {
      const size = fontSize(pdfium, text, i, scratch);
      cell = { text: "", left, right };
      line = { cells: [cell], left, right, y, size, bold: false, hyphen: false };
      first = i;
    } else if (known && Math.max(left - cell.right, cell.left - right) > CELL_GAP * line.size) {
      cell = { text: "", left, right };
      line.cells.push(cell);
    }
    last = i;
    if (isRtl(code)) hasRtl = true;
    line.hyphen = false;
    cell.text += code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
    if (known) {
      cell.left = Math.min(cell.left, left);
      cell.right = Math.max(cell.right, right);
    }
  }
  finish();
  return { lines, unmapped, characters };
}

/** The letters of a line that is read from the right, once more with their places. */
function readGlyphs(pdfium: Pdfium, text: number, first: number, last: number, scratch: number): Glyph[] {
  const glyphs: Glyph[] = [];
  for (let i = first; i <= last; i++) {
    const code = pdfium.FPDFText_GetUnicode(text, i);
    if (code < 32 || code > 0xfffd) continue;
    if (pdfium.FPDFText_GetCharBox(text, i, scratch, scratch + 8, scratch + 16, scratch + 24) === 0) continue;
    const [left = 0, right = 0] = new Float64Array(pdfium.memory.buffer, scratch, 2);
    const isSpace = code === 32 || code === 0xa0;
    if (isSpace && right <= left) continue;
    glyphs.push({ text: isSpace ? " " : String.fromCharCode(code), left, right });
  }
  return glyphs;
}

/** The bullet or number of a list item stands apart and is no column. */
function joinMarker(cells: Cell[]) {
  const [marker, body] = cells;
  if (!marker || !body || !MARKER.test(marker.text.trim())) return;
  cells.splice(0, 2, { text: `${marker.text} ${body.text}`, left: marker.left, right: body.right });
}

/** Is this half of a surrogate pair beside its other half? */
function isPair(pdfium: Pdfium, text: number, index: number, code: number): boolean {
  const other = pdfium.FPDFText_GetUnicode(text, code < 0xdc00 ? index + 1 : index - 1);
  return code < 0xdc00 ? other >= 0xdc00 && other < 0xe000 : other >= 0xd800 && other < 0xdc00;
}

/** The nominal size times the scale of the text matrix: many files set size 1 and scale. */
function fontSize(pdfium: Pdfium, text: number, index: number, scratch: number): number {
  const nominal = pdfium.FPDFText_GetFontSize(text, index);
  if (pdfium.FPDFText_GetMatrix(text, index, scratch + 32) === 0) return nominal || 1;
  const [a = 1, b = 0, c = 0, d = 1] = new Float32Array(pdfium.memory.buffer, scratch + 32, 4);
  const scale = Math.sqrt(Math.abs(a * d - b * c));
  return Math.max(1, nominal * (scale > 0 ? scale : 1));
}

function isBold(pdfium: Pdfium, text: number, index: number, scratch: number): boolean {
  if (pdfium.FPDFText_GetFontWeight(text, index) >= 600) return true;
  const length = pdfium.FPDFText_GetFontInfo(text, index, scratch + 64, SCRATCH - 64, 0);
  if (length <= 1 || length > SCRATCH - 64) return false;
  const name = new TextDecoder().decode(new Uint8Array(pdfium.memory.buffer, scratch + 64, length - 1));
  return /bold|black|heavy|semibold|[-_]bd\b/i.test(name);
}
