/** Chunks and questions as weighted terms: the BM25 of one organization, split between what is stored and what is asked. */
import { analyze, isStopWord } from "../../text/analyze.ts";
import { fnv32 } from "../../text/fnv.ts";

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

const STOP_WORD_WEIGHT = 0.35;
const USER_TURN_WEIGHT = 0.35;
const ASSISTANT_TURN_WEIGHT = 0.05;
const MAX_QUERY_TERMS = 400;
const SHORTEST_CORRECTABLE = 4;

export type IndexedTerms = {
  /** The chunk's term weights as pgvector's sparsevec text. */
  sv: string;
  /** Hashed terms, ascending, without repeats. */
  terms: number[];
  /** The stem behind each of `terms`. */
  lexemes: string[];
};

export type Turn = { role: "user" | "assistant"; content: string };

/** Parallel arrays: a term, what it counts before IDF, and its stem if a misspelling of it may be corrected. */
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
export function indexTerms(orgId: string, chunk: { title: string; content: string }): IndexedTerms {
  const salt = saltOf(orgId);
  const title = analyze(chunk.title);
  const stems = [...title, ...analyze(chunk.content)];
  const counts = new Map<string, number>();
  for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);

  const inTitle = new Set(title);
  const titleBonus = Math.min(MAX_TITLE_BONUS, TITLE_BONUS / title.length);
  const saturation = K1 * (1 - B + (B * stems.length) / AVERAGE_LENGTH);
  const byTerm = new Map<number, string>();
  const byDimension = new Map<number, number>();
  for (const [stem, count] of counts) {
    const weight = (count * CEILING) / (count + saturation) + (inTitle.has(stem) ? titleBonus : 0);
    const term = termOf(salt, stem);
    if (!byTerm.has(term)) byTerm.set(term, stem);
    const dimension = dimensionOf(term);
    byDimension.set(dimension, Math.max(byDimension.get(dimension) ?? 0, weight));
  }
  const sorted = [...byTerm].sort(([a], [b]) => a - b);
  return {
    sv: sparse(byDimension),
    terms: sorted.map(([term]) => term),
    lexemes: sorted.map(([, stem]) => stem),
  };
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
 * turns of the user count .35 and the assistant's last .05, which stands in for rewriting a follow-up.
 * IDF and spelling are the database's part: they need the organization's statistics.
 */
export function queryTerms(orgId: string, question: string, history: readonly Turn[] = []): QueryTerms {
  const salt = saltOf(orgId);
  const weights = new Map<string, number>();
  const add = (text: string, factor: number) => {
    for (const stem of analyze(text)) {
      weights.set(stem, (weights.get(stem) ?? 0) + factor * (isStopWord(stem) ? STOP_WORD_WEIGHT : 1));
    }
  };
  add(question, 1);
  const asked = new Set(weights.keys());
  for (const turn of history.filter(({ role }) => role === "user").slice(-2))
    add(turn.content, USER_TURN_WEIGHT);
  for (const turn of history.filter(({ role }) => role === "assistant").slice(-1)) {
    add(turn.content, ASSISTANT_TURN_WEIGHT);
  }

  const result: QueryTerms = { terms: [], weights: [], lexemes: [] };
  for (const [stem, sum] of [...weights].slice(0, MAX_QUERY_TERMS)) {
    result.terms.push(termOf(salt, stem));
    result.weights.push(Number((sum > 1 ? Math.sqrt(sum) : sum).toFixed(4)));
    result.lexemes.push(asked.has(stem) && mayBeMisspelt(stem) ? stem : null);
  }
  return result;
}

/** A number or a short word one letter off is another number or word, not a slip. */
function mayBeMisspelt(stem: string): boolean {
  return stem.length >= SHORTEST_CORRECTABLE && !isStopWord(stem) && !/\p{N}/u.test(stem);
}
