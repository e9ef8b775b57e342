/** The lists of questions, which are files: in Node. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { match } from "../../support/taught.ts";

type Case = { taught: string; same: string[]; paraphrase: string[]; other: string[] };
const lines = <T>(path: string): T[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const CASES = lines<Case>("eval/taught.jsonl");

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
