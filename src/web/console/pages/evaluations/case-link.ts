/** Addresses of the form for a golden question, filled in as far as somebody knows. */
import type { Candidate, Case } from "./types.ts";

export const newCaseLink = "/evaluations?open=new";

/** What people said the answer should be: a sentence is a fact. */
const sentencesOf = (text: string): string[] =>
  [...new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => sentence !== "");

/** Of a question that was voted down. */
export function candidateLink({ message_id, question, expected_answer }: Candidate): string {
  const search = new URLSearchParams({ open: "new", from: message_id, question });
  for (const fact of sentencesOf(expected_answer ?? "")) search.append("fact", fact);
  return `/evaluations/feedback?${search}`;
}

export const PREFILL = ["from", "question", "fact"] as const;

export const prefillOf = (search: URLSearchParams): Partial<Case> => {
  const from = search.get("from");
  return {
    question: search.get("question") ?? "",
    facts: search.getAll("fact"),
    message_id: from,
    tags: from === null ? [] : ["feedback"],
  };
};
