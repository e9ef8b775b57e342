/** Which questions need no suggestion any more: dismissed, or taught since they were asked. */
import { fnv32 } from "../../text/fnv.ts";
import { questionForms } from "../../text/same-question.ts";
import { contentWords, isAlike } from "../analytics/cluster.ts";

export type Mark = { terms: readonly number[]; taughtId: string | null; createdAt: string };
export type TaughtQuestion = { exact: string; since: string };

/** Signed 32-bit numbers of what a question is about: enough to recognize it, too little to read it. */
export const markTerms = (question: string): number[] =>
  [...contentWords(question)].map((word) => fnv32(word) | 0);

/** Says of a question whether it is settled. A question is a mark's where both would be grouped together. */
export function settledBy(
  marks: readonly Mark[],
  taught: readonly TaughtQuestion[],
): (asked: { question: string; asked_at: string }) => boolean {
  const byTerm = new Map<number, { terms: ReadonlySet<number>; until: number }[]>();
  for (const { terms, taughtId, createdAt } of marks) {
    const mark = {
      terms: new Set(terms),
      until: taughtId === null ? Number.POSITIVE_INFINITY : Date.parse(createdAt),
    };
    for (const term of terms) byTerm.set(term, [...(byTerm.get(term) ?? []), mark]);
  }
  const since = new Map(taught.map(({ exact, since }) => [exact, Date.parse(since)]));
  return ({ question, asked_at }) => {
    const at = Date.parse(asked_at);
    if (at <= (since.get(questionForms(question).exact) ?? Number.NEGATIVE_INFINITY)) return true;
    const terms = new Set(markTerms(question));
    return [...terms].some((term) =>
      byTerm.get(term)?.some((mark) => at <= mark.until && isAlike(mark.terms, terms)),
    );
  };
}
