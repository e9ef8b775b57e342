/** Estimates how many tokens a model will count, without carrying a tokenizer's megabyte of ranks. */

/**
 * Mean cl100k tokens of an ASCII word by its length (0 to 16), measured on 1.9 MB of English prose and code: a lower-case
 * word after a space, a capitalized one, an upper-case one, and one with no space before it.
 */
const LOWER = [0, 1, 1, 1.01, 1.01, 1.02, 1.05, 1.09, 1.14, 1.19, 1.31, 1.36, 1.4, 1.54, 1.98, 2.42, 3.2];
const CAPITAL = [0, 1, 1.02, 1.05, 1.1, 1.13, 1.29, 1.32, 1.43, 1.65, 1.8, 1.9, 1.95, 2.14, 2.56, 2.97, 4];
const UPPER = [0, 1, 1.04, 1.41, 1.79, 1.95, 2.2, 2.4, 2.7, 2.9, 3.1, 3.4, 3.7, 4, 4.3, 4.6, 5];
const BARE = [0, 1, 1, 1.04, 1.14, 1.1, 1.6, 1.5, 1.95, 1.7, 1.4, 2.1, 2.5, 2.2, 2.6, 3, 4];
/** A word with the punctuation mark it is glued to, which cl100k counts as one piece. */
const MARK = [0, 1.01, 1.07, 1.16, 1.17, 1.32, 1.47, 1.54, 1.83, 1.98, 2.2, 2.3, 2.62, 3.2, 3.3, 3.4, 5];
/** Each further letter of a very long word. */
const LONG = 0.3;

/** Tokens per UTF-16 unit of letters outside ASCII, by the upper byte of the code unit. */
const RATE = new Float32Array(256).fill(1);
function rate(from: number, to: number, value: number) {
  RATE.fill(value, from, to + 1);
}
rate(0x03, 0x03, 1.05); // Greek
rate(0x04, 0x04, 0.5); // Cyrillic
rate(0x05, 0x05, 1.1); // Hebrew, Armenian
rate(0x06, 0x06, 0.8); // Arabic
rate(0x09, 0x0d, 1.2); // Indic
rate(0x0e, 0x0e, 0.9); // Thai, Lao
rate(0x1e, 0x1e, 1.5); // Vietnamese
rate(0x20, 0x2f, 1.3); // punctuation and symbols
rate(0x30, 0x30, 1.02); // kana
rate(0x4e, 0x9f, 1.14); // Han
rate(0xac, 0xd7, 1.2); // Hangul
rate(0xd8, 0xdf, 1.5); // surrogates: emoji, rare Han

/** Latin letters of another language: tokens a letter, and what a letter of Latin Extended-A adds (Polish, Turkish). */
const FOREIGN = 0.288;
const EXTENDED = 1.95;

/** Short words that are frequent in other Latin languages and rare in English, packed into a number. */
const SHORT = new Set(
  "de la el los las en un que le les des du et der die das und den het een van dan yang ke para com por il che di ve bir og dua aan wat mit"
    .split(" ")
    .map(pack),
);

function pack(word: string): number {
  let packed = 0;
  for (let i = 0; i < word.length; i++) packed = (packed << 8) | word.charCodeAt(i);
  return packed;
}

/**
 * Estimated number of cl100k tokens of `text`, within about 8 % on prose, Markdown, code and tables of the scripts
 * in RATE (test/text/tokens.test.ts holds the reference counts). One pass, no allocation.
 */
export function estimateTokens(text: string): number {
  let words = 0;
  let rest = 0;
  let count = 0;
  let letters = 0;
  let foreign = 0;
  let extended = 0;
  let glued = false; // one punctuation mark stands right before the word
  let i = 0;
  const n = text.length;
  while (i < n) {
    const code = text.charCodeAt(i);
    if (isLetter(code)) {
      const start = i;
      let upper = 0;
      let humps = 0;
      let packed = 0;
      let previous = 0;
      for (let c = code; isLetter(c); c = text.charCodeAt(++i)) {
        if (c < 97) {
          upper++;
          if (previous >= 97) humps++;
        }
        previous = c;
        packed = (packed << 8) | c;
      }
      const length = i - start;
      const cell = Math.min(length, 16);
      const before = start === 0 ? 32 : text.charCodeAt(start - 1);
      const spaced = before === 32 || before === 10;
      const table =
        upper === length && length > 1 ? UPPER : glued ? MARK : !spaced ? BARE : upper > 0 ? CAPITAL : LOWER;
      words += (table[cell] ?? 1) + (length > 16 ? (length - 16) * LONG : 0) + humps * 0.5;
      letters += length;
      if (before < 128) count++;
      if (length < 4 && SHORT.has(packed)) foreign++;
      glued = false;
      continue;
    }
    glued = false;
    if (code >= 48 && code <= 57) {
      const start = i;
      do i++;
      while (i < n && text.charCodeAt(i) >= 48 && text.charCodeAt(i) <= 57);
      rest += Math.ceil((i - start) / 3);
    } else if (code === 32) {
      // One space belongs to the word after it; before a digit, or in a run, it counts itself.
      const start = i;
      do i++;
      while (text.charCodeAt(i) === 32);
      const next = text.charCodeAt(i);
      if (i - start > 1 || (next >= 48 && next <= 57)) rest += 1;
    } else if (code < 32) {
      do i++;
      while (text.charCodeAt(i) < 32);
      rest += 1;
    } else if (code < 128) {
      const start = i;
      do i++;
      while (isPunctuation(text.charCodeAt(i)));
      const length = i - start;
      const next = text.charCodeAt(i);
      if (length === 1 && isLetter(next) && text.charCodeAt(start - 1) !== 32) glued = true;
      else {
        rest += length < 3 ? 1 : length < 20 ? 0.45 * length : 6 + 0.15 * length;
        while (text.charCodeAt(i) === 10) i++; // a line break after punctuation is part of it
      }
    } else {
      const block = code >> 8;
      if (block < 3) {
        letters++;
        if (code > 0xbf) foreign++;
        if (block > 0) extended++;
        else words += 0.6;
      } else rest += RATE[block] ?? 1;
      i++;
    }
  }
  const other = foreign > count * 0.045;
  return Math.max(
    n > 0 ? 1 : 0,
    Math.round((other ? letters * FOREIGN + extended * EXTENDED : words) + rest),
  );
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isPunctuation(code: number): boolean {
  return (
    (code > 32 && code < 48) ||
    (code > 57 && code < 65) ||
    (code > 90 && code < 97) ||
    (code > 122 && code < 127)
  );
}
