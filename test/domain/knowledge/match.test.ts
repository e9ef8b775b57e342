/** Pure; runs in workerd. */
import { describe, expect, test } from "vitest";
import { matchTaught } from "../../../src/domain/knowledge/match.ts";
import type { Candidate } from "../../../src/domain/knowledge/sql.ts";
import { candidate, match } from "../../support/taught.ts";

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
