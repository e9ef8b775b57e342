/** Is it really there? Finds a quote, or the sentence that supports a claim, in a passage. */
import { analyze, isStopWord } from "../../text/analyze.ts";
import { type Span, sentences } from "../../text/sentences.ts";

/** A claim is supported by a sentence that holds at least this share of its content terms; numbers count twice. */
const SUPPORT = 0.5;

/** Text as it is compared, with the UTF-16 range of the original behind each unit. */
export type Folded = { text: string; from: number[]; to: number[] };

const IGNORED = /[\p{Cf}\p{Mn}\u0640"'`´‘’‚“”„«»‹›「」『』*_#~\\]/u;
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/u;
const WORD = /[\p{L}\p{N}]/u;
const LEADING_MARKS = /^[^\p{L}\p{N}]+/u;
const TRAILING_MARKS = /[^\p{L}\p{N}%°€$£¥)]+$/u;

/**
 * Folds away what a model changes when it copies: case, white space, quotation marks, emphasis, cell borders, bullets,
 * accents, invisible characters, compatibility forms.
 */
export function fold(content: string): Folded {
  const from: number[] = [];
  const to: number[] = [];
  let text = "";
  let at = 0;
  for (const character of content) {
    const end = at + character.length;
    if (/^[a-z0-9]$/.test(character)) {
      text += character;
      from.push(at);
      to.push(end);
      at = end;
      continue;
    }
    const blank = /[\s|•·]/.test(character) || (/[-–—]/.test(character) && /^\s?$/.test(content.charAt(end)));
    if (blank) {
      if (text !== "" && !text.endsWith(" ")) {
        text += " ";
        from.push(at);
        to.push(end);
      }
    } else {
      for (const part of character.normalize("NFKD").toLowerCase()) {
        if (IGNORED.test(part)) continue;
        const shown = /[‐-―−]/.test(part) ? "-" : part;
        text += shown;
        for (let unit = 0; unit < shown.length; unit++) {
          from.push(at);
          to.push(end);
        }
      }
    }
    at = end;
  }
  return { text, from, to };
}

/**
 * Where `quote` occurs in the passage, on word boundaries. An ellipsis in the quote stands for anything between.
 * @returns the UTF-16 range in the passage, or null when it does not occur or says nothing
 */
export function findQuote(passage: Folded, quote: string): Span | null {
  if (!analyze(quote).some((term) => !isStopWord(term))) return null;
  const parts = quote.split(/\[?(?:…|\.{3,})\]?/).map((part) => fold(part).text.trim());
  let first = -1;
  let after = 0;
  for (const part of parts) {
    const words = part.replace(LEADING_MARKS, "").replace(TRAILING_MARKS, "");
    if (words === "") continue;
    const found = findWords(passage.text, words, after);
    if (found < 0) return null;
    if (first < 0) first = found;
    after = found + words.length;
  }
  const stop = TRAILING_MARKS.exec(parts.at(-1) ?? "")?.[0] ?? "";
  if (passage.text.startsWith(stop, after)) after += stop.length;
  const start = passage.from[first];
  const end = passage.to[after - 1];
  return start === undefined || end === undefined ? null : { start, end };
}

function findWords(text: string, part: string, after: number): number {
  for (let at = text.indexOf(part, after); at >= 0; at = text.indexOf(part, at + 1)) {
    if (isBoundary(text, at) && isBoundary(text, at + part.length)) return at;
  }
  return -1;
}

function isBoundary(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  const next = text.charAt(at);
  return !(WORD.test(before) && WORD.test(next)) || UNSPACED.test(before) || UNSPACED.test(next);
}

/**
 * The sentence of the passage, or two in a row, that best supports `claim`: at least {@link SUPPORT} of its content
 * terms, and one of its numbers when it states any.
 * @returns the UTF-16 range in the passage, or null when nothing supports the claim
 */
export function findSupport(content: string, claim: string): Span | null {
  const wanted = contentTerms(claim);
  if (wanted.size < 2) return null;
  const single = sentences(content).map((span) => ({
    span,
    terms: contentTerms(content.slice(span.start, span.end)),
  }));
  const pairs = single.slice(1).map((two, at) => {
    const one = single[at] ?? two;
    return {
      span: { start: one.span.start, end: two.span.end },
      terms: new Set([...one.terms, ...two.terms]),
    };
  });
  return bestSupport(wanted, single) ?? bestSupport(wanted, pairs);
}

function bestSupport(
  wanted: ReadonlySet<string>,
  candidates: readonly { span: Span; terms: ReadonlySet<string> }[],
): Span | null {
  let best: Span | null = null;
  let most = 0;
  for (const { span, terms } of candidates) {
    const share = supportedShare(wanted, terms);
    if (share < SUPPORT || share <= most) continue;
    best = span;
    most = share;
  }
  return best;
}

function contentTerms(text: string): Set<string> {
  return new Set(analyze(text).filter((term) => !isStopWord(term)));
}

function supportedShare(wanted: ReadonlySet<string>, held: ReadonlySet<string>): number {
  let total = 0;
  let found = 0;
  let numbers = 0;
  let numbersFound = 0;
  for (const term of wanted) {
    const isNumber = /^\p{N}/u.test(term);
    const weight = isNumber ? 2 : 1;
    total += weight;
    if (isNumber) numbers++;
    if (!held.has(term)) continue;
    found += weight;
    if (isNumber) numbersFound++;
  }
  return numbers > 0 && numbersFound === 0 ? 0 : found / total;
}
