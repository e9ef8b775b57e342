/** Golden questions and runs over them, and what of a question a form holds. */
import { linesOf, wholeLines } from "../../lines.ts";
import type { Schemas } from "../../typed.ts";

export type Case = Schemas["EvalCase"];
export type Candidate = Schemas["EvalCandidate"];
export type Run = Schemas["EvalRun"];
export type Result = Schemas["EvalResult"];
export type Figures = Schemas["EvalFigures"];
export type Configuration = Run["configurations"][number];

export type Draft = {
  question: string;
  answerable: boolean;
  documents: string[];
  /** One a line. */
  externalIds: string;
  facts: string;
  tags: string;
  note: string;
};

export const draftOf = (known: Partial<Case>): Draft => ({
  question: known.question ?? "",
  answerable: known.answerable ?? true,
  documents: known.document_ids ?? [],
  externalIds: known.external_ids?.join("\n") ?? "",
  facts: known.facts?.join("\n") ?? "",
  tags: known.tags?.join(", ") ?? "",
  note: known.note ?? "",
});

/** Nothing says what has no answer. */
export const bodyOf = ({ question, answerable, documents, externalIds, facts, tags, note }: Draft) => ({
  question,
  answerable,
  document_ids: answerable ? documents : [],
  external_ids: answerable ? wholeLines(externalIds) : [],
  facts: answerable ? wholeLines(facts) : [],
  tags: linesOf(tags),
  note,
});
