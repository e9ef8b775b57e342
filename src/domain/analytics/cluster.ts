/** Questions that say about the same, together. */
import { analyze, isStopWord } from "../../text/analyze.ts";

/** Two questions belong together from this share of common words on (Jaccard index of content terms). */
const ALIKE = 0.5;

/**
 * Leader clustering: a question joins the first cluster whose leader shares half of its content words, or leads one of its
 * own. Words rather than vectors, so that it works with every embedding model and says why.
 * @returns clusters with their members in the order given, largest first
 */
export function cluster<Asked extends { question: string }>(questions: readonly Asked[]): Asked[][] {
  const clusters: { words: ReadonlySet<string>; members: Asked[] }[] = [];
  /** Clusters by the words of their leaders: only those that share one are compared. */
  const byWord = new Map<string, number[]>();
  for (const asked of questions) {
    const words = contentWords(asked.question);
    const near = new Set([...words].flatMap((word) => byWord.get(word) ?? []));
    const home = [...near].sort((a, b) => a - b).find((at) => isAlike(clusters[at]?.words, words));
    if (home !== undefined) {
      clusters[home]?.members.push(asked);
      continue;
    }
    const at = clusters.push({ words, members: [asked] }) - 1;
    for (const word of words) byWord.set(word, [...(byWord.get(word) ?? []), at]);
  }
  return clusters.map(({ members }) => members).sort((a, b) => b.length - a.length);
}

/** Stems of what it is about; of all its words when it is about nothing else. */
export function contentWords(question: string): Set<string> {
  const all = analyze(question);
  const content = all.filter((word) => !isStopWord(word));
  return new Set(content.length > 0 ? content : all);
}

export function isAlike<Word>(a: ReadonlySet<Word> | undefined, b: ReadonlySet<Word>): boolean {
  if (!a) return false;
  let common = 0;
  for (const word of b) if (a.has(word)) common++;
  return common / (a.size + b.size - common) >= ALIKE;
}
