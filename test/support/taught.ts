/** Taught answers as a question finds them, without a database. */
import { matchTaught } from "../../src/domain/knowledge/match.ts";
import { termsOf } from "../../src/domain/knowledge/phrases.ts";
import type { Candidate } from "../../src/domain/knowledge/sql.ts";

/** As the database would find it. */
export function candidate(phrase: string, asked: string, more: Partial<Candidate> = {}): Candidate {
  const [ours, theirs] = [termsOf(phrase), termsOf(asked)];
  const shared = ours.filter((term) => theirs.includes(term)).length;
  return {
    id: phrase,
    version: 1,
    question: phrase,
    answer: "An answer.",
    phrase,
    exact: false,
    overlap: shared / Math.max(1, ours.length + theirs.length - shared),
    cosine: null,
    access: 1,
    grouped: false,
    updated_at: "2026-11-01T00:00:00Z",
    ...more,
  };
}
export const match = (taught: string, asked: string, cosine: number | null = null) =>
  matchTaught(asked, [candidate(taught, asked, { cosine })], cosine !== null);
