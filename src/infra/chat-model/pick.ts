/** Picks the statements that answer a question, or none when the sources do not answer it. */
import { analyze, isStopWord } from "../../text/analyze.ts";
import type { GroundingSource } from "./port.ts";
import { PATTERNS, type Question, readQuestion } from "./question.ts";
import { type Statement, statementsOf } from "./statements.ts";

export type Picked = { source: GroundingSource; statement: Statement; score: number };

type Candidate = Picked & { terms: ReadonlySet<string>; stems: string[]; rank: number; coverage: number };

const MOST_SOURCES_READ = 8;
const MOST_PICKED = 3;
/** Below this share of the question's weight, the best statement does not answer it. */
const ANSWERS = 0.45;
/** A further statement must come this close to the best one. */
const AS_GOOD = 0.8;

/** @returns at most three statements, the best first; empty when the sources do not contain the answer */
export function pick(asked: string, sources: readonly GroundingSource[]): Picked[] {
  const question = readQuestion(asked);
  if (question.terms.length === 0) return [];
  const candidates = sources
    .slice(0, MOST_SOURCES_READ)
    .flatMap((source, rank) => candidatesOf(source, rank));
  const match = matcher(question, candidates);
  for (const candidate of candidates) rate(candidate, question, match);
  candidates.sort((a, b) => b.score - a.score || a.rank - b.rank || a.statement.start - b.statement.start);

  const best = candidates[0];
  if (!best || best.coverage < ANSWERS) return [];
  const picked: Candidate[] = [best];
  for (const candidate of candidates.slice(1)) {
    if (picked.length === MOST_PICKED || candidate.score < AS_GOOD * best.score) break;
    if (best.statement.kind !== "row" && candidate.statement.kind === "row") continue;
    if (picked.some((other) => repeats(candidate, other))) continue;
    picked.push(candidate);
  }
  return picked;
}

function candidatesOf(source: GroundingSource, rank: number): Candidate[] {
  return statementsOf(source.content).map((statement) => {
    const stems = analyze(
      statement.cells.length > 0
        ? statement.cells.map(({ title, value }) => `${title} ${value}`).join(" ")
        : statement.text,
    );
    return { source, statement, rank, stems, terms: new Set(stems), score: 0, coverage: 0 };
  });
}

type Matcher = {
  /** Share of the question's weight found in `terms`, counting each term once; `also` counts at `share`. */
  coverage(
    terms: ReadonlySet<string>,
    also: readonly { terms: ReadonlySet<string>; share: number }[],
  ): number;
};

/** Weighs the question's terms by how rare they are among the candidates, and knows near spellings of each. */
function matcher(question: Question, candidates: readonly Candidate[]): Matcher {
  const df = new Map<string, number>();
  for (const { terms } of candidates) for (const term of terms) df.set(term, (df.get(term) ?? 0) + 1);
  for (const { source } of candidates)
    for (const term of analyze(source.title)) if (!df.has(term)) df.set(term, 1);
  const vocabulary = [...df.keys()];
  const weighed = question.terms.map((term) => {
    const near = new Map<string, number>([[term, 1]]);
    for (const other of vocabulary) if (other !== term && isNear(term, other)) near.set(other, 0.8);
    const count = Math.max(...[...near.keys()].map((spelling) => df.get(spelling) ?? 0));
    const idf = Math.log(1 + (candidates.length - count + 0.5) / (count + 0.5));
    return { near, weight: Math.max(idf, 0.2) };
  });
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return {
    coverage(terms, also) {
      let found = 0;
      for (const { near, weight } of weighed) {
        let most = 0;
        for (const [spelling, likeness] of near) {
          if (terms.has(spelling)) most = Math.max(most, likeness);
          for (const { terms: others, share } of also) {
            if (others.has(spelling)) most = Math.max(most, likeness * share);
          }
        }
        found += weight * most;
      }
      return total > 0 ? found / total : 0;
    },
  };
}

function rate(candidate: Candidate, question: Question, match: Matcher): void {
  const { statement, source, stems, rank } = candidate;
  const near = statement.context.at(-1) ?? "";
  const far = statement.context.slice(0, -1).join(" ");
  const underHeading = statement.asked
    ? Math.max(0.5, 0.9 - 0.15 * statement.place)
    : Math.max(0.4, 0.65 - 0.05 * statement.place);
  const also = [
    { terms: new Set(analyze(near)), share: underHeading },
    { terms: new Set(analyze(far)), share: 0.4 },
    { terms: new Set(analyze(source.title)), share: 0.4 },
    { terms: new Set(statement.before ? analyze(statement.before.text) : []), share: 0.35 },
  ];
  candidate.coverage = match.coverage(candidate.terms, also);
  const words = statement.text.split(/\s+/).length;
  const pairs = question.pairs.filter(([one, two]) =>
    stems.some((stem, at) => stem === one && stems[at + 1] === two),
  ).length;
  let score = candidate.coverage + Math.min(0.2, 0.08 * pairs);
  score *= 1 - 0.03 * rank;
  for (const [wanted, pattern] of Object.entries(PATTERNS)) {
    if (question.wants.has(wanted as keyof typeof PATTERNS) && pattern.test(statement.text)) score *= 1.15;
  }
  if (statement.kind === "list") score *= question.wants.has("steps") ? 1.15 : 0.8;
  if (statement.kind === "code") score *= question.wants.has("steps") ? 0.9 : 0.7;
  if (statement.kind !== "row" && words < 4) score *= 0.6;
  if (statement.text.endsWith(":")) score *= 0.6;
  if (words > 70 && statement.kind !== "list") score *= 0.85;
  candidate.score = score;
}

/** Overlapping ranges of the same passage, or nearly the same words. */
function repeats(one: Candidate, other: Candidate): boolean {
  const overlaps =
    one.source === other.source &&
    one.statement.start < other.statement.end &&
    other.statement.start < one.statement.end;
  if (overlaps) return true;
  const content = [...one.terms].filter((term) => !isStopWord(term));
  const shared = content.filter((term) => other.terms.has(term)).length;
  return (
    shared >= 0.7 * Math.min(content.length, [...other.terms].filter((term) => !isStopWord(term)).length)
  );
}

/** Two spellings of one word: a shared beginning (`deliver`, `deliveri`) or one letter wrong, added, missing or swapped. */
function isNear(one: string, two: string): boolean {
  if (/\p{N}/u.test(one) || /\p{N}/u.test(two)) return false;
  const [short, long] = one.length <= two.length ? [one, two] : [two, one];
  if (short.length < 4) return false;
  if (long.startsWith(short.slice(0, -1)) && long.length - short.length <= 3) return true;
  if (short.length < 5 || long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  const same = (from: number, to: number) => short.slice(from) === long.slice(to);
  const swapped =
    short[at] === long[at + 1] &&
    short[at + 1] === long[at] &&
    same(at + 2, at + 2) &&
    short.length === long.length;
  return swapped || (short.length === long.length ? same(at + 1, at + 1) : same(at, at + 1));
}
