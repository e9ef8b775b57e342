/** Chunks and questions as weighted terms: the BM25 of one organization, split between what is stored and what is asked. */
import { fnv32 } from "../../text/fnv.ts";
import type { Listed } from "../../text/stop-lists.ts";
import { ANALYZER, languageOfPassage, passageWords, questionWords, type Word } from "../../text/words.ts";

/** Dimensions of the sparse vectors: a term's hash without its lowest three bits. */
const DIMENSIONS = 2 ** 29;

/** What pgvector stores in one sparsevec. */
const MAX_NON_ZERO = 16_000;

const K1 = 1.2;
const B = 0.75;
/** Tokens of an average chunk; a constant, so that a stored weight never has to be rewritten (costs ≤ .01 nDCG). */
const AVERAGE_LENGTH = 130;
/** A word of the title counts more, the more of the title it is: questions of a FAQ gain, long titles do not drown the text. */
const TITLE_BONUS = 6;
const MAX_TITLE_BONUS = 0.72;

/** Highest weight one occurrence pattern can reach: the BM25 ceiling, without the title bonus. */
const CEILING = K1 + 1;

/** What a form of a word counts where the word itself counts 1. */
const FORM = 0.7;

const STOP_WORD_WEIGHT = 0.35;
const USER_TURN_WEIGHT = 0.25;
const ASSISTANT_TURN_WEIGHT = 0.05;
const MAX_QUERY_WORDS = 400;
const SHORTEST_CORRECTABLE = 4;
/** A form that is rarer than the word it comes with, and worth more. */
const NAME = /[\p{N}._@:/#]/u;

export type IndexedTerms = {
  /** The chunk's term weights as pgvector's sparsevec text. */
  sv: string;
  /** Hashed terms, ascending, without repeats. */
  terms: number[];
  /** The stem behind each of `terms`. */
  lexemes: string[];
  /** What made them. */
  analyzer: number;
};

export type Turn = { role: "user" | "assistant"; content: string };

/**
 * Parallel arrays: a term, what it counts before IDF, and its stem if a misspelling of it may be corrected. A weight below
 * zero says that the term is another form of the word before it, and counts as much as its absolute value; with a stem it is a name.
 */
export type QueryTerms = { terms: number[]; weights: number[]; lexemes: (string | null)[] };

/** Signed 32-bit term number. Salted by the organization, so that one index over all tenants does not mix them. */
function termOf(salt: number, stem: string): number {
  return fnv32(stem, salt) | 0;
}

const saltOf = (orgId: string) => fnv32(`${orgId}:`);

/**
 * What is stored for a chunk. Weight of a term: tf·2.2 / (tf + 1.2·(.25 + .75·len/130)), and 6 / len(title), at most
 * .72, more when it is in the title; tf and len count title and content (BM25, Robertson and Zaragoza 2009; figures in
 * docs/decisions.md).
 */
export function indexTerms(
  orgId: string,
  chunk: { title: string; content: string; language?: Listed },
): IndexedTerms {
  const salt = saltOf(orgId);
  const language = languageOfPassage(`${chunk.title}\n${chunk.content}`, chunk.language);
  const title = passageWords(chunk.title, language);
  const all = [...title, ...passageWords(chunk.content, language)];
  const counts = countForms(all);
  const inTitle = countForms(title);

  const titleBonus = Math.min(MAX_TITLE_BONUS, TITLE_BONUS / title.length);
  const saturation = K1 * (1 - B + (B * all.length) / AVERAGE_LENGTH);
  const byTerm = new Map<number, string>();
  const byDimension = new Map<number, number>();
  for (const [stem, count] of counts) {
    const weight =
      (count * CEILING) / (count + saturation) + titleBonus * Math.min(1, inTitle.get(stem) ?? 0);
    const term = termOf(salt, stem);
    if (!byTerm.has(term)) byTerm.set(term, stem.replace(/^~/, ""));
    const dimension = dimensionOf(term);
    byDimension.set(dimension, Math.max(byDimension.get(dimension) ?? 0, weight));
  }
  const sorted = [...byTerm].sort(([a], [b]) => a - b);
  return {
    sv: sparse(byDimension),
    terms: sorted.map(([term]) => term),
    lexemes: sorted.map(([, stem]) => stem),
    analyzer: ANALYZER,
  };
}

/** How often each term occurs; a form of a word is a share of an occurrence. */
function countForms(words: readonly Word[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { stem, forms } of words) {
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
    for (const form of forms) counts.set(form, (counts.get(form) ?? 0) + FORM);
  }
  return counts;
}

/** The sparsevec index of a term, from 1; migrations/0002_retrieval.sql computes the same. */
function dimensionOf(term: number): number {
  return (term >>> 3) + 1;
}

function sparse(weights: ReadonlyMap<number, number>): string {
  let entries = [...weights];
  if (entries.length > MAX_NON_ZERO) entries = entries.sort((a, b) => b[1] - a[1]).slice(0, MAX_NON_ZERO);
  entries.sort((a, b) => a[0] - b[0]);
  return `{${entries.map(([index, weight]) => `${index}:${weight.toFixed(4)}`).join(",")}}/${DIMENSIONS}`;
}

/**
 * A question as weighted terms. Stop words count .35; repeats add up and are damped by a square root; the last two
 * turns of the user count .25 and the assistant's last .05, which stands in for rewriting a follow-up.
 * IDF and spelling are the database's part: they need the organization's statistics.
 */
export function queryTerms(orgId: string, question: string, history: readonly Turn[] = []): QueryTerms {
  const salt = saltOf(orgId);
  type Asked = { weight: number; forms: Set<string>; correctable: boolean };
  const asked = new Map<string, Asked>();
  const add = (text: string, factor: number) => {
    for (const { stem, forms, stop } of questionWords(text)) {
      const word = asked.get(stem) ?? { weight: 0, forms: new Set(), correctable: false };
      word.weight += factor * (stop ? STOP_WORD_WEIGHT : 1);
      for (const form of forms) word.forms.add(form);
      word.correctable ||= factor === 1 && !stop && mayBeMisspelt(stem);
      asked.set(stem, word);
    }
  };
  add(question, 1);
  for (const turn of history.filter(({ role }) => role === "user").slice(-2))
    add(turn.content, USER_TURN_WEIGHT);
  for (const turn of history.filter(({ role }) => role === "assistant").slice(-1)) {
    add(turn.content, ASSISTANT_TURN_WEIGHT);
  }

  const result: QueryTerms = { terms: [], weights: [], lexemes: [] };
  const put = (term: string, weight: number, lexeme: string | null) => {
    result.terms.push(termOf(salt, term));
    result.weights.push(Number(weight.toFixed(4)));
    result.lexemes.push(lexeme);
  };
  for (const [stem, { weight: sum, forms, correctable }] of [...asked].slice(0, MAX_QUERY_WORDS)) {
    const weight = sum > 1 ? Math.sqrt(sum) : sum;
    put(stem, weight, correctable ? stem : null);
    for (const form of forms) put(form, -weight, NAME.test(form) ? form : null);
  }
  return result;
}

/** A number or a short word one letter off is another number or word, not a slip. */
function mayBeMisspelt(stem: string): boolean {
  return stem.length >= SHORTEST_CORRECTABLE && !/\p{N}/u.test(stem);
}
