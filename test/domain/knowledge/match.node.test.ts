import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { matchTaught } from "../../../src/domain/knowledge/match.ts";
import { termsOf } from "../../../src/domain/knowledge/phrases.ts";
import type { Candidate } from "../../../src/domain/knowledge/sql.ts";

type Case = { taught: string; same: string[]; paraphrase: string[]; other: string[] };
const lines = <T>(path: string): T[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const CASES = lines<Case>("eval/taught.jsonl");

/** As the database would find it. */
function candidate(phrase: string, asked: string, more: Partial<Candidate> = {}): Candidate {
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
const match = (taught: string, asked: string, cosine: number | null = null) =>
  matchTaught(asked, [candidate(taught, asked, { cosine })], cosine !== null);

describe.each(CASES)("$taught", ({ taught, same, paraphrase, other }) => {
  test.each(same)("is what is asked with: %s", (asked) => {
    expect(match(taught, asked).answer).not.toBeNull();
  });

  test.each([...paraphrase, ...other])("is not taken for: %s", (asked) => {
    expect(match(taught, asked).answer).toBeNull();
  });

  test.each(other)("is not taken for it even by a model that finds them all but equal: %s", (asked) => {
    const { answer } = match(taught, asked, 0.91);
    expect(answer).toBeNull();
  });
});

test("no question of the demo is taken for another one", () => {
  const questions = lines<{ question: string; history?: unknown }>("demo/golden.jsonl")
    .filter(({ history }) => history === undefined)
    .map(({ question }) => question);
  const wrong = questions.flatMap((taught) =>
    questions
      .filter((asked) => (match(taught, asked).answer !== null) !== (asked === taught))
      .map((asked) => `${taught} | ${asked}`),
  );
  expect(wrong).toEqual([]);
});

describe("a paraphrase that an embedding model calls close", () => {
  test("gets the answer when it names the same things", () => {
    expect(
      match("What is the return period for boots?", "What's the period for the return of boots?", 0.95)
        .answer,
    ).toMatchObject({
      kind: "close",
    });
  });

  test.each([
    ["another number", "What is the price of 2 boots?", "What is the price of 3 boots?"],
    ["a negation", "Which boots are waterproof?", "Which boots are not waterproof?"],
    ["another question word", "Who repairs the boots?", "When are the boots repaired?"],
    ["another direction", "Delivery from Leeds to Dublin", "Delivery to Leeds only to Dublin"],
    ["other things", "warranty on backpacks", "warranty claim for tents outdoors"],
  ])("does not get it with %s", (_, taught, asked) => {
    expect(match(taught, asked, 0.97).answer).toBeNull();
  });

  test("is shown to the model beside the documents when it is less sure", () => {
    const { answer, helpers } = match("How do I return boots?", "sending shoes back", 0.8);
    expect(answer).toBeNull();
    expect(helpers).toHaveLength(1);
  });
});

test("of several that match, the surest answers, then what was written for fewer readers, then the newest", () => {
  const asked = "do gift cards expire";
  const of = (id: string, phrase: string, more: Partial<Candidate> = {}) =>
    candidate(phrase, asked, { id, ...more });
  const all = [
    of("plural", "Does a gift card expire?"),
    of("external", "Do gift cards expire?", { access: 0, updated_at: "2026-11-20T00:00:00Z" }),
    of("older", "Do gift cards expire?"),
    of("newer", "Do gift cards expire?", { updated_at: "2026-11-02T00:00:00Z" }),
    of("group", "Do gift cards expire?", { grouped: true, updated_at: "2026-10-01T00:00:00Z" }),
  ];
  const order: string[] = [];
  for (let left = all; left.length > 0; ) {
    const first = matchTaught(asked, left, false).answer?.candidate.id;
    order.push(String(first));
    left = left.filter(({ id }) => id !== first);
  }
  expect(order).toEqual(["group", "newer", "older", "external", "plural"]);
});

test("a question without a word matches nothing", () => {
  expect(match("?!", "?!").answer).toBeNull();
});
