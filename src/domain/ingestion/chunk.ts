/** Cuts canonical text into chunks along its structure, in one pass, with offsets, page and heading path. */
import { type Kind, scanBlocks } from "./blocks.ts";
import { cutLines, cutProse, sentenceStart, skipSpace, type Window } from "./cut.ts";
import type { Extracted } from "./extract/types.ts";

export type Chunk = {
  ordinal: number;
  /** Range of the canonical text, in UTF-16 units. */
  start: number;
  end: number;
  /** Where the text begins that the chunk before it does not have, from 1; null when the format has no pages. */
  page: number | null;
  /** Titles of the sections that the chunk lies in, outermost first. */
  heading: string[];
  /**
   * The canonical text from `start` to `end`. A piece of a table that does not begin with the table's header has it
   * prepended: the first `text.length - (end - start)` characters are then a repetition, so a quote found at `q` in
   * `text` stands at `start + q - (text.length - (end - start))` in the document.
   */
  text: string;
};

export type ChunkOptions = {
  /** Characters a chunk aims at. */
  target?: number;
  /** Characters it never exceeds, a repeated table header not counted. */
  max?: number;
  /** Characters at most that a chunk repeats of the one before it; starts at a sentence. */
  overlap?: number;
};

/** A section shorter than this shares a chunk with the next one. */
const SMALL = 150;

type Open = {
  start: number;
  /** Where the part begins that the chunk before it does not have. */
  fresh: number;
  /** End of the last block that is not a heading; `start` while there are headings only. */
  contentEnd: number;
  path: string[];
  /** Starts inside a section: what it lies under is the path of its beginning. */
  continued: boolean;
  /** Header of the table that the chunk starts inside of. */
  prefix: string;
};

/**
 * Cuts a document. Blocks are packed greedily up to `target`; a heading of level 1 or 2 opens a new chunk and stays with
 * the block after it; what is longer than `max` is cut at a sentence (prose) or line (code, tables, lists).
 * Linear in the length of the text.
 */
export function chunk(doc: Extracted, options: ChunkOptions = {}): Chunk[] {
  const { text, pages } = doc;
  const target = Math.max(40, options.target ?? 1000);
  const max = Math.max(target, options.max ?? Math.round(target * 1.4));
  const overlap = Math.min(options.overlap ?? Math.round(target / 5), Math.floor(target / 3));
  const small = Math.min(SMALL, target / 4);

  const chunks: Chunk[] = [];
  let page = 0;
  let open: Open | null = null;
  let headings = -1; // start of the headings at the end of the open chunk that no block has followed yet
  let headingsEnd = 0;
  let path: string[] = [];
  let levels: number[] = [];
  let proseStart = -1; // where the run of prose begins that the last block belongs to, for the overlap

  const emit = ({ start, fresh, path: heading, prefix }: Open, blockEnd: number) => {
    while (page < pages.length && (pages[page] ?? 0) <= fresh) page++;
    let end = blockEnd;
    while (end > start && text.charCodeAt(end - 1) <= 32) end--;
    chunks.push({
      ordinal: chunks.length,
      start,
      end,
      page: pages.length > 0 ? Math.max(1, page) : null,
      heading,
      text: prefix + text.slice(start, end),
    });
  };

  /** Ends the open chunk at its last block; headings after that stay for the next one. */
  const flush = () => {
    if (open && open.contentEnd > open.start) emit(open, open.contentEnd);
    open = null;
  };

  const begin = (start: number, continued: boolean, fresh = start): Open => ({
    start,
    fresh,
    contentEnd: start,
    path,
    continued,
    prefix: "",
  });

  const visitHeading = (start: number, end: number, level: number) => {
    if (headings >= 0 && end - headings > target) {
      // Headings alone fill a chunk: a table of contents, or a file of nothing else.
      flush();
      emit({ ...begin(headings, false), path: path.slice(0, -1) }, headingsEnd);
      headings = -1;
    } else if (open && headings < 0) {
      const size = open.contentEnd - open.start;
      if (size >= (level <= 2 ? small : target / 2)) flush();
    }
    while ((levels.at(-1) ?? 0) >= level) levels.pop();
    path = [...path.slice(0, levels.length), title(text.slice(start, end))];
    levels = [...levels, level];
    open ??= begin(start, false);
    if (headings < 0) headings = start;
    headingsEnd = end;
    proseStart = -1;
  };

  /** Starts a chunk at `start`, a little earlier when prose goes on. */
  const reopen = (start: number, previousStart: number, previousEnd: number, isProse: boolean): Open => {
    if (!isProse || proseStart < 0 || overlap === 0) return begin(start, true);
    const from = sentenceStart(
      text,
      Math.max(proseStart, previousStart + 1, previousEnd - overlap),
      previousEnd,
    );
    return begin(from < 0 ? start : from, true, start);
  };

  const visitBlock = (kind: Kind, start: number, end: number) => {
    const isProse = kind === "paragraph" || kind === "list" || kind === "quote";
    if (open && open.contentEnd > open.start && end - open.start > target) {
      const size = open.contentEnd - open.start;
      const fits = end - open.start <= max;
      // A chunk less than half full takes the block, or the beginning of a long one.
      if (size >= target / 2 || (!fits && headings >= 0)) {
        const { start: previousStart, contentEnd } = open;
        flush();
        open = headings >= 0 ? begin(headings, false) : reopen(start, previousStart, contentEnd, isProse);
        if (open.start < start && end - open.start > max && end - start <= max && headings < 0)
          open = begin(start, true);
      }
    }
    const current: Open = open ?? begin(start, headings < 0 && path.length > 0);
    if (current.contentEnd === current.start) current.path = path;
    else if (!current.continued) current.path = common(current.path, path);
    headings = -1;
    if (!isProse) proseStart = -1;
    else if (proseStart < 0) proseStart = start;
    current.contentEnd = end;
    open = end - current.start > max ? split(current, kind, start, isProse) : current;
  };

  /** Emits pieces of a block that is too long and returns the last one, still open. */
  const split = (first: Open, kind: Kind, blockStart: number, isProse: boolean): Open => {
    const end = first.contentEnd;
    const header = kind === "table" ? tableHeader(text, blockStart, end, target / 2) : "";
    let current = first;
    while (end - current.start > max) {
      const window: Window = { from: current.start, least: target / 2, target, max };
      // What stands before the block in this chunk stays whole, and so does the header of a table.
      const before = blockStart - current.start + (current.start <= blockStart ? header.length : 0);
      window.least = Math.min(target - 1, Math.max(window.least, before));
      const cut = kind === "paragraph" || kind === "quote" ? cutProse(text, window) : cutLines(text, window);
      emit(current, cut);
      const next =
        kind === "code" || kind === "table" ? skipBreaks(text, cut, end) : skipSpace(text, cut, end);
      const previous = current.start;
      current = reopen(next, previous, cut, isProse);
      if (current.start > blockStart + header.length) current.prefix = header;
      current.contentEnd = end;
    }
    return current;
  };

  scanBlocks(text, (kind, start, end, level) => {
    if (kind === "heading") visitHeading(start, end, level);
    else visitBlock(kind, start, end);
  });
  flush();
  if (headings >= 0) emit({ ...begin(headings, false), path: path.slice(0, -1) }, headingsEnd);
  return chunks;
}

/** The titles both paths begin with. */
function common(a: string[], b: string[]): string[] {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same === a.length ? a : a.slice(0, same);
}

/** A heading line without its marks and inline markup. */
function title(line: string): string {
  const plain = /^#{1,6} ([^#*_`[\n]+)$/.exec(line)?.[1];
  if (plain !== undefined) return plain.trim();
  return line
    .replace(/\n[=-]+\s*$/, "")
    .replace(/^#{1,6}\s+/, "")
    .replace(/\s+#+\s*$/, "")
    .replace(/!?\[([^\]]{0,200})\]\([^)]{0,300}\)/g, "$1")
    .replace(/[*_`]{1,3}(\S[^*_`]*)[*_`]{1,3}/g, "$1")
    .trim();
}

/** First row and rule of a table, with their line break; empty when that is too much to repeat. */
function tableHeader(text: string, start: number, end: number, limit: number): string {
  const first = text.indexOf("\n", start);
  if (first < 0 || first >= end || first - start > limit) return "";
  let second = text.indexOf("\n", first + 1);
  if (second < 0 || second > end) second = end;
  if (second - start > limit) return "";
  const rule = text.slice(first + 1, second);
  return /^\s*\|[\s:|-]+$/.test(rule) ? `${text.slice(start, second)}\n` : "";
}

function skipBreaks(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && text.charCodeAt(i) === 10) i++;
  return i;
}
