/** Which words of an answer a mark stands behind, and how much of an answer stands before a mark. */
import { type Span, sentences } from "../../text/sentences.ts";

/** Characters before a mark that are searched for its sentence. */
const REACH = 800;
const MARK = /\[\d{1,3}\]/g;
const FENCED = /^(`{3,}|~{3,}).*\n[\s\S]*?(?:^\1[`~]*\s*$|$(?![\s\S]))/gm;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/gu;
/** Words, or characters where words are not spaced, that make a statement. */
const FEWEST_WORDS = 3;
const FEWEST_CHARACTERS = 5;

/** A text and the words in it that verified citations stand behind. */
export type CitedText = { answer: string; citations: readonly { claim_start: number; claim_end: number }[] };

const blank = (text: string) => " ".repeat(text.length);

/** The sentence that ends before `at`; the one before as well when it says too little alone. Null when there is none. */
export function sentenceBefore(answer: string, at: number): Span | null {
  const from = Math.max(0, at - REACH);
  const spans = sentences(answer.slice(from, at).replace(MARK, blank));
  const last = spans.at(-1);
  if (!last) return null;
  const before = spans.at(-2);
  const short =
    answer
      .slice(from + last.start, from + last.end)
      .trim()
      .split(/\s+/).length < FEWEST_WORDS;
  return { start: from + (before && short ? before.start : last.start), end: from + last.end };
}

/** The same, from the mark before it in that sentence on; marks in a row stand behind the same words. */
export function claimBefore(answer: string, at: number): Span {
  const sentence = sentenceBefore(answer, at);
  if (!sentence) return { start: at, end: at };
  let { start } = sentence;
  for (const { 0: mark, index } of answer.slice(start, sentence.end).matchAll(MARK)) {
    const after = sentence.start + index + mark.length;
    if (SAYS_SOMETHING.test(answer.slice(after, sentence.end))) start = after;
  }
  if (start > sentence.start) start += answer.slice(start, sentence.end).search(SAYS_SOMETHING);
  return { start, end: sentence.end };
}

/**
 * The share of an answer's statements that a verified citation stands behind, 0 to 1, three decimals; null when it makes
 * none. Statements are its sentences and list items of three words or more; headings, what announces a list, and code
 * are none. A sentence whose clauses are cited for themselves counts once.
 */
export function supportedShare(texts: readonly CitedText[]): number | null {
  const counts = texts.map(countStatements);
  const stated = counts.reduce((sum, one) => sum + one.stated, 0);
  const supported = counts.reduce((sum, one) => sum + one.supported, 0);
  return stated === 0 ? null : Math.round((1000 * supported) / stated) / 1000;
}

function countStatements({ answer, citations }: CitedText): { stated: number; supported: number } {
  const text = answer.replace(FENCED, blank).replace(MARK, blank);
  const statements = sentences(text).filter(({ start, end }) => isStatement(text.slice(start, end)));
  const supported = statements.filter(({ start, end }) =>
    citations.some(({ claim_start, claim_end }) => claim_start < end && claim_end > start),
  );
  return { stated: statements.length, supported: supported.length };
}

function isStatement(text: string): boolean {
  if (/^#{1,6}\s/.test(text) || /[:：]$/.test(text)) return false;
  const words = text.split(/\s+/).filter((word) => SAYS_SOMETHING.test(word)).length;
  return words >= FEWEST_WORDS || (text.match(UNSPACED)?.length ?? 0) >= FEWEST_CHARACTERS;
}
