/** The same words are not two pieces of evidence. */
import { fold, normalize } from "../../text/fold.ts";

export type Said = { heading: readonly string[]; content: string };

/** Words in a row that are compared as one. */
const SHINGLE = 4;
/** Share of a passage's rows of words that another one must have as well. */
const SHARED = 0.9;
/** A word; in scripts without spaces, a letter. */
const WORD =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]|[\p{L}\p{N}\p{M}]+/gu;

type Print = { words: string[]; set: Set<string> };

/**
 * Drops hits that say what a better one says: the very same words, headings included, nearly all of them in the same
 * order, whatever the marks, spaces and capitals between them. A different number, name or negation is a different
 * statement, and a part of a longer passage may be the better answer.
 * @param hits best first
 */
export function withoutRepeats<Hit extends Said>(hits: readonly Hit[]): Hit[] {
  const kept: Print[] = [];
  return hits.filter((hit) => {
    const print = printOf(hit);
    if (kept.some((better) => isRepeat(print, better))) return false;
    kept.push(print);
    return true;
  });
}

function printOf({ heading, content }: Said): Print {
  const words = fold(normalize(`${heading.join("\n")}\n${content}`)).match(WORD) ?? [content];
  return { words, set: new Set(words) };
}

function isRepeat(one: Print, better: Print): boolean {
  // Most pairs differ in a word, and are told apart by the first that does.
  if (one.set.size !== better.set.size) return false;
  for (const word of one.set) if (!better.set.has(word)) return false;
  const rows = rowsOf(one);
  const others = rowsOf(better);
  let shared = 0;
  for (const row of rows) if (others.has(row)) shared += 1;
  return shared >= SHARED * rows.size;
}

function rowsOf({ words }: Print): Set<string> {
  const rows = new Set<string>();
  for (let at = 0; at <= Math.max(0, words.length - SHINGLE); at++) {
    rows.add(words.slice(at, at + SHINGLE).join(" "));
  }
  return rows;
}
