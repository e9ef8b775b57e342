/** Right-to-left lines: letters from where they stand on the page to the order in which they are read. */
import type { Cell } from "./pdf-lines.ts";

export type Glyph = { text: string; left: number; right: number };

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LTR = /[\p{L}\p{N}]/u;
const BESIDE_LATIN = /^(?:[A-Za-z][A-Za-z0-9]|[0-9][A-Za-z])$/;
const MIRROR: Record<string, string> = {
  "(": ")",
  ")": "(",
  "[": "]",
  "]": "[",
  "{": "}",
  "}": "{",
  "«": "»",
  "»": "«",
};
/** Font sizes between two letters that are a space. */
const SPACE_GAP = 0.22;

export function isRtl(code: number): boolean {
  return (
    (code >= 0x590 && code <= 0x8ff) ||
    (code >= 0xfb1d && code <= 0xfdff) ||
    (code >= 0xfe70 && code <= 0xfefc)
  );
}

/** Is a line read from the right? Numbers take part in either. */
export function readsFromRight(glyphs: Glyph[]): boolean {
  let balance = 0;
  for (const { text } of glyphs) balance += RTL.test(text) ? 1 : /\p{L}/u.test(text) ? -1 : 0;
  return balance > 0;
}

/**
 * Cells of a right-to-left line, the rightmost first. PDFium's own order breaks at ligatures and vowel marks, so only
 * positions count here.
 * @param gap width that divides two cells
 */
export function cellsFromRight(glyphs: Glyph[], size: number, gap: number): Cell[] {
  const sorted = withLigatures(glyphs).sort((a, b) => b.right - a.right || a.left - b.left);
  const cells: { glyphs: Glyph[]; left: number; right: number }[] = [];
  for (const glyph of sorted) {
    const cell = cells.at(-1);
    if (!cell || (cell.left - glyph.right > gap && glyph.text !== " ")) {
      if (glyph.text !== " ") cells.push({ glyphs: [glyph], left: glyph.left, right: glyph.right });
      continue;
    }
    const spaced = cell.glyphs.at(-1)?.text === " ";
    if (glyph.text === " " && spaced) continue;
    if (glyph.text !== " " && !spaced && cell.left - glyph.right > SPACE_GAP * size) {
      cell.glyphs.push({ ...glyph, text: " " });
    }
    cell.glyphs.push(glyph);
    if (glyph.text !== " ") cell.left = Math.min(cell.left, glyph.left);
  }
  return cells.map(({ glyphs: own, left, right }) => ({
    text: logical(own.map(({ text }) => text)),
    left,
    right,
  }));
}

/** Letters drawn by one glyph share its place; PDFium turns their order around with the line's. */
function withLigatures(glyphs: Glyph[]): Glyph[] {
  const joined: Glyph[] = [];
  for (const glyph of glyphs) {
    const last = joined.at(-1);
    if (
      last &&
      glyph.text !== " " &&
      last.left === glyph.left &&
      last.right === glyph.right &&
      RTL.test(glyph.text)
    ) {
      last.text =
        /[اأإآ]$/.test(last.text) && glyph.text === "ل" ? glyph.text + last.text : last.text + glyph.text;
    } else joined.push({ ...glyph });
  }
  return joined;
}

/** Letters read from the right; numbers and Latin words within them turned back, brackets put the right way round. */
function logical(letters: string[]): string {
  const out: string[] = [];
  for (let i = 0; i < letters.length; ) {
    const end = endOfLtr(letters, i);
    if (end > i) out.push(...letters.slice(i, end).reverse());
    else out.push(letters[i] ?? "");
    i = Math.max(end, i + 1);
  }
  const bracket = out.find((letter) => letter in MIRROR);
  const swapped = bracket !== undefined && /[)\]}»]/.test(bracket);
  return out
    .map((letter) => (swapped ? (MIRROR[letter] ?? letter) : letter))
    .join("")
    .replace(/(^|\s)[\u064b-\u0652]+(?=\s|$)/g, "$1");
}

/** Where a run of numbers or Latin words ends that begins at `from`; `from` when there is none. */
function endOfLtr(letters: string[], from: number): number {
  let end = from;
  for (let i = from; i < letters.length; i++) {
    const letter = letters[i] ?? "";
    if (LTR.test(letter) && !RTL.test(letter)) end = i + 1;
    else if (end === from || i - end > 1 || RTL.test(letter)) break;
    // Between two numbers a space keeps them apart; beside a Latin word it does not.
    else if (letter === " " && !BESIDE_LATIN.test(`${letters[i - 1] ?? ""}${letters[i + 1] ?? ""}`)) break;
    else if (!/[\s.,:/%@_#&'’+-]/.test(letter)) break;
  }
  return end;
}
