/** Picks the statements that answer a question, or none when the sources do not answer it. */
import { analyze, isStopWord } from "../../text/analyze.ts";
import { isNear } from "./near.ts";
import type { GroundingSource } from "./port.ts";
import { COLUMNS, isNegated, PATTERNS, type Question, type Wanted } from "./question.ts";
import { type Statement, statementsOf } from "./statements.ts";

export type Picked = { source: GroundingSource; statement: Statement };

type Candidate = Picked & {
  stems: string[];
  terms: ReadonlySet<string>;
  rank: number;
  /** Share of the question's weight that it answers, its surroundings counted in part. */
  coverage: number;
  score: number;
};

type Context = { terms: ReadonlySet<string>; share: number };

/** Weighted terms of the question, each with the spellings of it that occur. */
type Weighed = { near: Map<string, number>; weight: number; kind: Wanted | undefined }[];

const MOST_SOURCES_READ = 8;
const MOST_PICKED = 3;
/** Below this share of the question's weight, the best statement does not answer it… */
const ANSWERS = 0.45;
/** …nor below this one when it is not of the kind that the question asks for: a question for a price, no price. */
const ANSWERS_OTHERWISE = 0.6;
/** A further statement must come this close to the best one; a further table row, closer. */
const AS_GOOD = 0.85;
const ROW_AS_GOOD = 0.95;

/** @returns at most three statements, the best first; empty when the sources do not contain the answer */
export function pick(question: Question, sources: readonly GroundingSource[]): Picked[] {
  if (question.terms.size === 0) return [];
  const candidates = sources.slice(0, MOST_SOURCES_READ).flatMap(candidatesOf);
  const weighed = weigh(question, candidates);
  for (const candidate of candidates) rate(candidate, question, weighed);
  candidates.sort((a, b) => b.score - a.score || a.rank - b.rank || a.statement.start - b.statement.start);

  const best = candidates[0];
  if (!best || best.coverage < (isOfKind(best, question) ? ANSWERS : ANSWERS_OTHERWISE)) return [];
  const picked: Candidate[] = [best];
  for (const candidate of candidates.slice(1)) {
    if (picked.length === MOST_PICKED || candidate.score < AS_GOOD * best.score) break;
    if (candidate.statement.kind === "row") {
      if (best.statement.kind !== "row" || candidate.score < ROW_AS_GOOD * best.score) continue;
    }
    if (isOfKind(best, question) && !isOfKind(candidate, question)) continue;
    if (!picked.some((other) => repeats(candidate, other))) picked.push(candidate);
  }
  return picked;
}

/** Is it of every kind that the question asks for? Numbers, steps and commands are wanted too loosely to insist. */
function isOfKind({ statement }: Candidate, { wants }: Question): boolean {
  const kinds = kindsOf(statement);
  return (["money", "time", "person", "contact"] as const).every(
    (kind) => !wants.has(kind) || kinds.has(kind),
  );
}

function candidatesOf(source: GroundingSource, rank: number): Candidate[] {
  return statementsOf(source.content).map((statement) => {
    const stems = analyze(statement.text);
    return { source, statement, rank, stems, terms: new Set(stems), score: 0, coverage: 0 };
  });
}

/** Rare among the candidates weighs more. */
function weigh(question: Question, candidates: readonly Candidate[]): Weighed {
  const df = new Map<string, number>();
  for (const { terms } of candidates) for (const term of terms) df.set(term, (df.get(term) ?? 0) + 1);
  const surroundings = new Set(
    candidates.map(({ source, statement }) => [source.title, ...statement.context].join(" ")),
  );
  for (const text of surroundings) for (const term of analyze(text)) if (!df.has(term)) df.set(term, 1);
  return [...question.terms].map(([term, share]) => {
    const near = new Map([[term, 1]]);
    if (!df.has(term)) for (const other of df.keys()) if (isNear(term, other)) near.set(other, 0.8);
    const count = Math.max(...[...near.keys()].map((spelling) => df.get(spelling) ?? 0));
    const idf = Math.log(1 + (candidates.length - count + 0.5) / (count + 0.5));
    return { near, weight: share * Math.max(idf, 0.2), kind: question.kinds.get(term) };
  });
}

function coverage(
  weighed: Weighed,
  terms: ReadonlySet<string>,
  contexts: readonly Context[],
  kinds: ReadonlySet<Wanted>,
) {
  let found = 0;
  let total = 0;
  for (const { near, weight, kind } of weighed) {
    let most = kind && kinds.has(kind) ? 0.8 : 0;
    for (const [spelling, likeness] of near) {
      if (terms.has(spelling)) most = Math.max(most, likeness);
      for (const { terms: others, share } of contexts)
        if (others.has(spelling)) most = Math.max(most, likeness * share);
    }
    found += weight * most;
    total += weight;
  }
  return total > 0 ? found / total : 0;
}

function rate(candidate: Candidate, question: Question, weighed: Weighed): void {
  const { statement, source, terms, rank } = candidate;
  const { kind, text, place } = statement;
  const kinds = kindsOf(statement);
  // Steps under "Step by step" belong to the heading above that one.
  const levels = statement.counted && question.wants.has("steps") ? 2 : 1;
  const near = new Set(analyze(headingsOf(candidate).slice(-levels).join(" ")));
  // A heading that says what the question says is answered by what stands first under it.
  const isAbove = coverage(weighed, near, [], kinds) >= 0.75;
  const isTopic = statement.asked || kind === "list" || isAbove;
  const contexts = [
    { terms: near, share: isTopic ? Math.max(0.5, 0.95 - 0.1 * place) : Math.max(0.4, 0.65 - 0.05 * place) },
    { terms: new Set(analyze(statement.cells.map(({ title }) => title).join(" "))), share: 0.6 },
    { terms: new Set(analyze(statement.before?.text ?? "")), share: kind === "code" ? 0.9 : 0.35 },
    { terms: new Set(analyze([source.title, ...statement.context].join(" "))), share: 0.4 },
  ];
  // Words that meet only because their items stand in one list say nothing together.
  const said = kind === "list" && !statement.counted ? new Set<string>() : terms;
  candidate.coverage = coverage(weighed, said, contexts, kinds);

  let score = candidate.coverage + Math.min(0.2, 0.05 * sharedPairs(candidate, question));
  score *= 1 - 0.03 * rank;
  for (const wanted of kinds) if (wanted !== "number" && question.wants.has(wanted)) score *= 1.15;
  // What its heading says is asked of the whole list; anything else, of one of its items.
  if (kind === "list" && !question.wants.has("steps")) score *= isAbove ? 1.05 : 0.85;
  if (kind === "code" && !question.wants.has("command")) score *= 0.8;
  if (question.negated && !isNegated(text) && !isNegated(statement.context.at(-1) ?? "")) score *= 0.8;
  if (kind === "sentence" && !/[.!?…。！？؟۔।]["'”’»)\]]*$/.test(text)) score *= 0.7;
  if (kind !== "row" && text.split(/\s+/).length < 4) score *= 0.7;
  candidate.score = score;
}

/** The headings it stands under, outermost first: those above the passage (after its document), then those in it. */
function headingsOf({ source, statement }: Candidate): string[] {
  const above = source.title.split(" > ").slice(1);
  return [...above.filter((title) => !statement.context.includes(title)), ...statement.context];
}

/** The kinds of answer that the statement could be. */
function kindsOf({ kind, counted, text, cells }: Statement): ReadonlySet<Wanted> {
  const kinds = new Set(PATTERNS.filter(([, pattern]) => pattern.test(text)).map(([wanted]) => wanted));
  for (const [wanted, title] of COLUMNS) if (cells.some((cell) => title.test(cell.title))) kinds.add(wanted);
  if (counted) kinds.add("steps");
  if (kind === "code") kinds.add("command");
  return kinds;
}

function sharedPairs({ stems }: Candidate, { pairs }: Question): number {
  return pairs.filter(([one, two]) => stems.some((stem, at) => stem === one && stems[at + 1] === two)).length;
}

/** Overlapping ranges of the same passage, or nearly the same words. */
function repeats(one: Candidate, other: Candidate): boolean {
  const overlaps =
    one.source === other.source &&
    one.statement.start < other.statement.end &&
    other.statement.start < one.statement.end;
  if (overlaps) return true;
  const content = [...one.terms].filter((term) => !isStopWord(term));
  const others = [...other.terms].filter((term) => !isStopWord(term));
  const shared = content.filter((term) => other.terms.has(term)).length;
  return shared >= 0.7 * Math.min(content.length, others.length);
}
