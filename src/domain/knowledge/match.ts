/** Does a taught answer answer this question, or only speak of the same? Decided from the words, and from cosine where it has a say. */
import { type QuestionForms, questionForms } from "../../text/same-question.ts";
import type { Candidate } from "./sql.ts";

/** How sure it is, surest first: `exact` and `same` are the same question, `words` says it with the same words, `close` means the same. */
export const MATCH_KINDS = ["exact", "same", "words", "close"] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

export type Matched = { candidate: Candidate; kind: MatchKind };

/** One common word with one filler each is not yet the same question. */
const FEWEST_WORDS = 2;
/** Cosine from which a paraphrase is taken for the question; strict, because a wrong verified answer is worse than none. */
const CLOSE = 0.92;
/** Share of the content words, both ways, that even a close paraphrase has in common. */
const CLOSE_WORDS = 0.5;
/** Shared terms, or cosine, from which the answer is worth showing to the model beside the documents. */
const HELPS_OVERLAP = 0.5;
const HELPS_COSINE = 0.75;
/** More would push documents out of the prompt. */
const MOST_HELPERS = 2;

/**
 * @param cosines false where the embedder has no say: then the words alone decide
 * @returns `answer`: what to answer with, if anything; `helpers`: taught answers that may hold part of it, best first
 */
export function matchTaught(
  question: string,
  candidates: readonly Candidate[],
  cosines: boolean,
): { answer: Matched | null; helpers: Candidate[] } {
  const asked = questionForms(question);
  const matches: Matched[] = [];
  for (const candidate of candidates) {
    const kind = kindOf(asked, questionForms(candidate.phrase), cosines ? candidate.cosine : null);
    if (kind) matches.push({ candidate, kind });
  }
  matches.sort((a, b) => rank(a.kind) - rank(b.kind) || precedence(a.candidate, b.candidate));
  const helpful = candidates
    .filter(({ overlap, cosine }) => overlap >= HELPS_OVERLAP || (cosines && (cosine ?? 0) >= HELPS_COSINE))
    .sort((a, b) => (cosines ? (b.cosine ?? 0) - (a.cosine ?? 0) : 0) || b.overlap - a.overlap);
  const helpers = new Map(helpful.toReversed().map((candidate) => [candidate.id, candidate]));
  return { answer: matches[0] ?? null, helpers: [...helpers.values()].toReversed().slice(0, MOST_HELPERS) };
}

function kindOf(asked: QuestionForms, taught: QuestionForms, cosine: number | null): MatchKind | null {
  if (asked.exact === "" || taught.exact === "") return null;
  if (asked.exact === taught.exact) return "exact";
  if (asked.sequence === taught.sequence) return "same";
  if (asked.content.length >= FEWEST_WORDS && asked.said === taught.said) return "words";
  if (!sameList(asked.numbers, taught.numbers) || !sameList(asked.cues, taught.cues)) return null;
  if (asked.negated !== taught.negated) return null;
  const close = cosine !== null && cosine >= CLOSE && shared(asked.content, taught.content) >= CLOSE_WORDS;
  return close ? "close" : null;
}

/** Of the longer list, what both have. */
function shared(a: readonly string[], b: readonly string[]): number {
  const both = a.filter((word) => b.includes(word)).length;
  return both / Math.max(1, a.length, b.length);
}

const sameList = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((word, at) => word === b[at]);

const rank = (kind: MatchKind) => MATCH_KINDS.indexOf(kind);

/** What was written for fewer readers says more to them; else the newer one. */
function precedence(a: Candidate, b: Candidate): number {
  return (
    Number(b.grouped) - Number(a.grouped) ||
    b.access - a.access ||
    (b.cosine ?? 0) - (a.cosine ?? 0) ||
    Date.parse(b.updated_at) - Date.parse(a.updated_at)
  );
}
