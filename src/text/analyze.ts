/** Text to search terms, the same way for documents and questions. */
import { stem as stemEnglish } from "porter2";
import { stemArabic, unifyArabic } from "./arabic.ts";
import { STOP_WORDS } from "./stop-words.ts";

const TOKEN = /[\p{L}\p{N}\p{M}]+/gu;
const POSSESSIVE = /['’]s(?![\p{L}\p{N}])/gu;
const LETTERS_OR_DIGITS = /\p{N}+|[^\p{N}]+/gu;
const ARABIC = /\p{scx=Arab}/u;

/** Scripts written without spaces between words, and Hangul, whose words carry their particles. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]+/gu;

/** Longer tokens are encoded data; their beginning identifies them. */
const LONGEST = 64;

/** `fy2018q4` is worth splitting; a hash of twenty alternations is not. */
const MOST_PARTS = 4;

/**
 * The stems of `text` in order, repeats and stop words included.
 *
 * NFKC, lower case, possessive `'s` dropped, words stemmed (English by Porter 2, Arabic lightly), runs of letters and
 * digits also given apart (`fy2018` → `fy2018`, `fy`, `2018`), scripts without spaces as overlapping pairs.
 */
export function analyze(text: string): string[] {
  const normal = text.normalize("NFKC").toLowerCase().replace(POSSESSIVE, " ");
  const stems: string[] = [];
  for (const [token] of (ARABIC.test(normal) ? unifyArabic(normal) : normal).matchAll(TOKEN)) {
    if (isAscii(token)) addWord(stems, token);
    else addForeign(stems, token);
  }
  return stems;
}

/** Is this stem, as {@link analyze} gives it, a stop word? */
export function isStopWord(stem: string): boolean {
  return STOP_STEMS.has(stem);
}

function addWord(stems: string[], token: string): void {
  const word = token.length > LONGEST ? token.slice(0, LONGEST) : token;
  if (!hasDigit(word)) {
    stems.push(stemWord(word));
    return;
  }
  stems.push(word);
  const parts = word.match(LETTERS_OR_DIGITS) ?? [];
  if (parts.length > 1 && parts.length <= MOST_PARTS) {
    for (const part of parts) stems.push(hasDigit(part) ? part : stemWord(part));
  }
}

function addForeign(stems: string[], token: string): void {
  let done = 0;
  for (const run of token.matchAll(UNSPACED)) {
    if (run.index > done) addWord(stems, token.slice(done, run.index));
    addPairs(stems, run[0]);
    done = run.index + run[0].length;
  }
  if (done < token.length) addWord(stems, token.slice(done));
}

function addPairs(stems: string[], run: string): void {
  const letters = Array.from(run);
  if (letters.length === 1) stems.push(run);
  for (let at = 1; at < letters.length; at++) stems.push(`${letters[at - 1]}${letters[at]}`);
}

function stemWord(word: string): string {
  if (isAscii(word)) return stemEnglish(word);
  return ARABIC.test(word) ? stemArabic(word) : word;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

function hasDigit(word: string): boolean {
  return /\p{N}/u.test(word);
}

const STOP_STEMS: ReadonlySet<string> = new Set(STOP_WORDS.flatMap(analyze));
