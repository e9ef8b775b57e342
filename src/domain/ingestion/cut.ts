/** Where to cut text that is too long, and where an overlap begins. Every scan stays within the window it is given. */
import { fnv32 } from "../../text/fnv.ts";
import { isMark, isTail, lastSentenceEnd, sentenceEnd } from "../../text/sentences.ts";

const CLAUSE = /[,;:、，；：،؛—–)\]]/;

/** A cut between `from + least` and `from + max`, as near to `from + target` as a boundary allows. */
export type Window = { from: number; least: number; target: number; max: number };

/** Cuts where others would do as well lie between these shares of the target. */
const EARLY = 0.7;
const LATE = 1.3;
/** Characters before a place that decide how it compares with others. */
const CONTEXT = 32;

/**
 * Of the places that will do, the one with the lowest hash of what stands before it. That depends on the text there, not on
 * where the window began: after an insertion the cuts soon fall where they fell before, and the chunks that follow
 * are the ones already embedded (content-defined chunking, LBFS 2001).
 * @param endAfter the end of a sentence or line whose last character is at an index, or -1
 * @returns null when no place will do
 */
function cutByContent(
  text: string,
  { from, least, target, max }: Window,
  endAfter: (at: number, limit: number) => number,
): number | null {
  const low = from + Math.max(least, Math.floor(target * EARLY));
  const high = Math.min(from + Math.min(max, Math.ceil(target * LATE)), text.length);
  let best: number | null = null;
  let lowest = 0;
  for (let at = low; at < high; at++) {
    const end = endAfter(at, high);
    if (end <= low || end > high) continue;
    const hash = fnv32(text.slice(Math.max(from, end - CONTEXT), end));
    if (best === null || hash < lowest) {
      best = end;
      lowest = hash;
    }
    at = Math.max(at, end - 1);
  }
  return best;
}

/** After a sentence; else a line, a clause, a word, a code point. */
export function cutProse(text: string, window: Window): number {
  const { from, least, target, max } = window;
  const low = from + least;
  const high = Math.min(from + target, text.length);
  const anchored = cutByContent(text, window, (at) =>
    isMark(text.charCodeAt(at)) ? sentenceEnd(text, at) : -1,
  );
  if (anchored !== null) return anchored;
  const sentence = lastSentenceEnd(text, low, high);
  if (sentence > low) return sentence;
  const top = Math.min(from + max, text.length);
  for (let i = high; i < top; i++) {
    if (!isMark(text.charCodeAt(i))) continue;
    const end = sentenceEnd(text, i, text.length);
    if (end > 0 && end <= top) return end;
    while (i + 1 < top && isTail(text.charCodeAt(i + 1))) i++;
  }
  return (
    cutAt(text, low, high, 10) ??
    cutClause(text, low, high) ??
    cutAt(text, low, high, 32) ??
    cutCodePoint(text, low, high)
  );
}

/** After a line; else as prose, for a line that is too long itself. */
export function cutLines(text: string, window: Window): number {
  const { from, least, target, max } = window;
  const low = from + least;
  const high = Math.min(from + target, text.length);
  const anchored = cutByContent(text, window, (at) => (text.charCodeAt(at) === 10 ? at : -1));
  if (anchored !== null) return anchored;
  const line = cutAt(text, low, high, 10);
  if (line !== null) return line;
  const top = Math.min(from + max, text.length);
  for (let i = high; i < top; i++) if (text.charCodeAt(i) === 10) return i;
  return cutProse(text, window);
}

/** The last place of `code` in `(low, high]`: a plain loop, because `lastIndexOf` would search the whole text. */
function cutAt(text: string, low: number, high: number, code: number): number | null {
  for (let i = high; i > low; i--) if (text.charCodeAt(i) === code) return i;
  return null;
}

function cutClause(text: string, low: number, high: number): number | null {
  for (let i = high; i > low; i--) {
    const code = text.charCodeAt(i - 1);
    if (CLAUSE.test(text.charAt(i - 1)) && (code > 0x3000 || text.charCodeAt(i) === 32)) return i;
  }
  return null;
}

/** Not between the halves of a surrogate pair, nor before a combining mark or a joiner. */
function cutCodePoint(text: string, low: number, high: number): number {
  for (let i = high; i > low && i > high - 32; i--) {
    const code = text.charCodeAt(i);
    const joins = (code >= 0xdc00 && code < 0xe000) || code === 0x200d || text.charCodeAt(i - 1) === 0x200d;
    if (!joins && !/\p{M}/u.test(text.charAt(i))) return i;
  }
  const code = text.charCodeAt(high);
  return code >= 0xdc00 && code < 0xe000 ? high - 1 : high;
}

/**
 * The first sentence, list item or line start in `[from, end)`, or -1: what a chunk repeats of the one before it.
 */
export function sentenceStart(text: string, from: number, end: number): number {
  for (let i = from; i < end; i++) {
    const code = text.charCodeAt(i);
    let at = -1;
    if (code === 10 && (text.charCodeAt(i + 1) === 10 || isItem(text, i + 1))) at = i + 1;
    else if (isMark(code)) at = sentenceEnd(text, i, end);
    if (at < 0) continue;
    at = skipSpace(text, at, end);
    return at < end ? at : -1;
  }
  return -1;
}

function isItem(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code === 45 || code === 42 || code === 43 || code === 0x2022) && text.charCodeAt(at + 1) === 32;
}

/** The first index from `at` on that is not white space, at most `end`. */
export function skipSpace(text: string, at: number, end: number): number {
  let i = at;
  for (; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code !== 32 && code !== 10 && code !== 9 && code !== 0x3000 && code !== 0xa0) break;
  }
  return i;
}
