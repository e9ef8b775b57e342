/** Where sentences end, in Latin, Arabic, Indic and East Asian punctuation; every scan has a limit. */

export type Span = { start: number; end: number };

const NEWLINE = 10;
/** How far an abbreviation, a run of marks or white space is looked at. */
const REACH = 24;

/** Never the end of a sentence: a name or a number follows. */
const LEADING = new Set(
  "mr mrs ms mx dr prof st sr jr rev hon gen col capt lt sgt vs cf fig figs eq eqs sec art vol ch pp p no nos nr approx ca e.g i.e viz resp incl ext tel z.b d.h bzw ggf dipl ing м г ул стр д.р".split(
    " ",
  ),
);
/** End a sentence only before a word that commonly starts one. */
const MAYBE = new Set(
  "inc ltd co corp llc gmbh bros dept est u.s u.k u.n e.u a.m p.m ph.d etc al".split(" "),
);
const OPENERS = new Set(
  "a an and as at but by every for from he her his however if in it its no on our she so that the their then there these they this those to we what when where while who why with you your i".split(
    " ",
  ),
);

/** Full-width, Arabic and Indic marks need no space after them. */
function endsAlone(code: number): boolean {
  return (
    code === 0x3002 ||
    code === 0xff01 ||
    code === 0xff1f ||
    code === 0xff61 ||
    code === 0x061f ||
    code === 0x06d4 ||
    code === 0x0964 ||
    code === 0x0965
  );
}

function isCloser(code: number): boolean {
  return (
    code === 0x22 ||
    code === 0x27 ||
    code === 0x29 ||
    code === 0x5d ||
    code === 0xbb ||
    code === 0x2019 ||
    code === 0x201d ||
    code === 0x300d ||
    code === 0x300f ||
    code === 0xff09 ||
    code === 0x3011 ||
    code === 0x300b
  );
}

function isSpace(code: number): boolean {
  return (
    code === 32 ||
    (code >= 9 && code <= 13) ||
    code === 0xa0 ||
    code === 0x3000 ||
    (code >= 0x2000 && code <= 0x200b)
  );
}

/** True when the code unit may end a sentence: the cheap test before {@link sentenceEnd}. */
export function isMark(code: number): boolean {
  return code < 0x7f ? code === 0x2e || code === 0x21 || code === 0x3f : code === 0x2026 || endsAlone(code);
}

/** A mark, or what closes after one. */
export function isTail(code: number): boolean {
  return isMark(code) || isCloser(code);
}

/**
 * The end of the sentence whose final mark is at `at`, closing quotes and brackets included, or -1 when the mark
 * belongs to an abbreviation, a number, an initial or an unfinished quotation.
 * @param limit nothing at or past this index is read
 */
export function sentenceEnd(text: string, at: number, limit = text.length): number {
  const mark = text.charCodeAt(at);
  if (!isMark(mark)) return -1;
  let end = at + 1;
  const stop = Math.min(limit, end + REACH);
  while (end < stop && isTail(text.charCodeAt(end))) end++;
  if (endsAlone(mark)) return end;
  for (let i = at + 1; i < end; i++) if (endsAlone(text.charCodeAt(i))) return end;
  if (end >= limit) return end;
  if (!isSpace(text.charCodeAt(end))) return -1;

  let next = end;
  const far = Math.min(limit, end + REACH);
  while (next < far && isSpace(text.charCodeAt(next))) next++;
  if (next >= limit) return end;
  const following = text.charAt(next);
  if (following !== following.toUpperCase()) return -1; // a lower-case letter goes on with the sentence
  return mark === 0x2e && end === at + 1 && continuesAfterStop(text, at, next, limit) ? -1 : end;
}

/** Is the stop at `at` part of an abbreviation, an initial or a list number rather than the end of a sentence? */
function continuesAfterStop(text: string, at: number, next: number, limit: number): boolean {
  let from = at;
  const floor = Math.max(0, at - REACH);
  while (from > floor && !isSpace(text.charCodeAt(from - 1)) && text.charCodeAt(from - 1) !== 0x28) from--;
  const word = text.slice(from, at);
  if (word.length === 1 && word !== "I" && /\p{Lu}/u.test(word)) return true;
  const lineStart = from === 0 || text.charCodeAt(from - 1) === NEWLINE;
  if (lineStart && /^(?:\d{1,3}|[a-z]|[ivx]{1,5})$/i.test(word)) return true;
  const lower = word.toLowerCase();
  if (LEADING.has(lower)) {
    // "no." is also a word of its own: the number tells which.
    return lower === "no" || lower === "p" || lower === "art" || lower === "ch"
      ? /\d/.test(text.charAt(next))
      : true;
  }
  if (!MAYBE.has(lower)) return false;
  let until = next;
  const stop = Math.min(limit, next + REACH);
  while (until < stop && /\p{L}/u.test(text.charAt(until))) until++;
  return !OPENERS.has(text.slice(next, until).toLowerCase());
}

/** Does a line break at `at` end a sentence without a mark (paragraph, heading, list item, table row, short line)? */
function breaksLine(text: string, lineStart: number, at: number): boolean {
  let next = at + 1;
  const far = Math.min(text.length, next + REACH);
  while (next < far && (text.charCodeAt(next) === 32 || text.charCodeAt(next) === 9)) next++;
  const code = text.charCodeAt(next);
  if (Number.isNaN(code) || code === NEWLINE) return true;
  const first = text.charCodeAt(lineStart);
  if (first === 0x23 || first === 0x7c) return true; // the line is a heading or a table row
  if (code === 0x23 || code === 0x7c || code === 0x3e || code === 0x60) return true;
  const second = text.charCodeAt(next + 1);
  if ((code === 0x2d || code === 0x2a || code === 0x2b || code === 0x2022) && isSpace(second)) return true;
  if (code >= 0x30 && code <= 0x39 && /^\d{1,3}[.)]\s/.test(text.slice(next, next + 6))) return true;
  const character = text.charAt(next);
  return at - lineStart < 45 && character === character.toUpperCase();
}

/**
 * Splits text into sentences, in order and without surrounding white space. Paragraphs, headings, list items and table
 * rows end a sentence as well; a soft line break does not.
 * @returns UTF-16 ranges of `text`; white space between them belongs to none
 */
export function sentences(text: string): Span[] {
  const found: Span[] = [];
  let start = 0;
  let lineStart = 0;
  const push = (end: number) => {
    let to = end;
    while (start < to && isSpace(text.charCodeAt(start))) start++;
    while (to > start && isSpace(text.charCodeAt(to - 1))) to--;
    if (to > start) found.push({ start, end: to });
    start = end;
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === NEWLINE) {
      if (breaksLine(text, lineStart, i)) push(i);
      lineStart = i + 1;
    } else if (isMark(code)) {
      const end = sentenceEnd(text, i);
      if (end > 0) {
        push(end);
        i = end - 1;
      }
    }
  }
  push(text.length);
  return found;
}

/**
 * The last sentence end in `(from, to]`, or -1. Looks at no more than `to - from` characters.
 */
export function lastSentenceEnd(text: string, from: number, to: number): number {
  for (let i = to - 1; i >= from; i--) {
    if (!isMark(text.charCodeAt(i))) continue;
    const end = sentenceEnd(text, i);
    if (end > from && end <= to) return end;
    // All marks of a run end, or do not end, the same sentence.
    while (i > from && isTail(text.charCodeAt(i - 1))) i--;
  }
  return -1;
}
