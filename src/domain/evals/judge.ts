/** What came of one question of a run, beside what was expected. Pure. */
import * as z from "zod";
import type { Answer } from "../answers/answer.ts";
import type { SearchResult } from "../retrieval/search.ts";
import { says } from "./facts.ts";

/** A case as it was when its run began. */
export const AskedCase = z.object({
  question: z.string(),
  document_ids: z.array(z.string()),
  external_ids: z.array(z.string()),
  facts: z.array(z.string()),
  answerable: z.boolean(),
  tags: z.array(z.string()),
});
export type AskedCase = z.infer<typeof AskedCase>;

export type Outcome = {
  /** Documents whose passages were found, best first, each once. */
  documents: string[];
  /** Place of the first that was expected, from 1; null when none was found, or none is expected. */
  rank: number | null;
  /** Linear gain, ideal over all that are expected; null when none is. */
  ndcg: number | null;
  /** Nothing was cited, or nothing found: "the documents do not say". */
  refused: boolean;
  /** Answered with what an admin taught: says nothing of what is found. */
  taught: boolean;
  /** Facts that it says, in their order. */
  facts: boolean[];
  citations: { all: number; expected: number; dropped: number };
  supported: number | null;
  model: string | null;
  tokens: number;
  cost: number | null;
  /** Milliseconds, the whole of it. */
  ms: number;
  /** Why there is nothing of the above. */
  error?: { code: string; detail: string };
  /** Was not asked: none of its documents is there any more, or none for the asker. */
  gone?: true;
};

/** nDCG and ranks look as far as this. */
const DEPTH = 10;

/** @param expected ids of documents that hold the answer, as far as the asker may see them; null when the case names none */
export function judgeAnswer(
  asked: AskedCase,
  expected: ReadonlySet<string> | null,
  answer: Answer,
  ms: number,
): Outcome {
  const documents = inOrder(answer.sources.map(({ document_id }) => document_id));
  const taught = answer.mode === "taught";
  return {
    ...places(documents, taught ? null : expected),
    taught,
    refused: !answer.grounded,
    facts: asked.facts.map((fact) => says(answer.answer, fact)),
    citations: {
      all: answer.citations.length,
      expected: answer.citations.filter(({ document_id: id }) => id !== null && expected?.has(id)).length,
      dropped: answer.citations_dropped,
    },
    supported: answer.supported,
    model: answer.model,
    tokens: answer.usage ? answer.usage.prompt_tokens + answer.usage.completion_tokens : 0,
    cost: answer.cost,
    ms,
  };
}

/** The same of a search; facts are looked for in the passages. */
export function judgeSearch(
  asked: AskedCase,
  expected: ReadonlySet<string> | null,
  { results, retrieval }: SearchResult,
  ms: number,
): Outcome {
  const text = results.map(({ content }) => content).join("\n");
  return {
    ...places(inOrder(results.map(({ document_id }) => document_id)), expected),
    taught: false,
    refused: results.length === 0 || retrieval.off_topic,
    facts: asked.facts.map((fact) => says(text, fact)),
    citations: { all: 0, expected: 0, dropped: 0 },
    supported: null,
    model: null,
    tokens: 0,
    cost: 0,
    ms,
  };
}

/** Of a question that failed: it counts as found nowhere, and as saying nothing. */
export const judgeFailure = (asked: AskedCase, error: { code: string; detail: string }): Outcome => ({
  ...nothing(asked),
  ndcg: asked.document_ids.length + asked.external_ids.length > 0 ? 0 : null,
  error,
});

/** Of a question whose documents are gone: no figure but their number counts it. */
export const judgeGone = (asked: AskedCase): Outcome => ({ ...nothing(asked), gone: true });

const nothing = (asked: AskedCase): Outcome => ({
  documents: [],
  rank: null,
  ndcg: null,
  taught: false,
  refused: false,
  facts: asked.facts.map(() => false),
  citations: { all: 0, expected: 0, dropped: 0 },
  supported: null,
  model: null,
  tokens: 0,
  cost: 0,
  ms: 0,
});

const inOrder = (ids: readonly (string | null)[]) => [...new Set(ids.flatMap((id) => id ?? []))];

function places(documents: string[], expected: ReadonlySet<string> | null) {
  if (!expected) return { documents, rank: null, ndcg: null };
  const first = documents.findIndex((id) => expected.has(id));
  const gain = (hits: readonly boolean[]) =>
    hits.reduce((sum, hit, at) => sum + (hit ? 1 / Math.log2(at + 2) : 0), 0);
  const found = gain(documents.slice(0, DEPTH).map((id) => expected.has(id)));
  const ideal = gain(Array.from({ length: Math.min(DEPTH, expected.size) }, () => true));
  return { documents, rank: first < 0 ? null : first + 1, ndcg: ideal === 0 ? 0 : found / ideal };
}
