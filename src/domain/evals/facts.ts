/** Does a text say a fact? Decided from its words, so that it costs nothing and says the same every time. */
import { analyze, isStopWord } from "../../text/analyze.ts";

/**
 * Said when every content word of the fact, inflections undone, and every number stands in the text: in any order, for an
 * answer says things in its own way. A fact without content words is said when it stands there letter by letter.
 */
export function says(text: string, fact: string): boolean {
  const wanted = analyze(fact).filter((word) => !isStopWord(word));
  if (wanted.length === 0) return fold(text).includes(fold(fact));
  const said = new Set(analyze(text));
  return wanted.every((word) => said.has(word));
}

const fold = (text: string) => text.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
