import { describe, expect, test } from "vitest";
import { findQuote, findSupport, fold } from "../../../src/domain/answers/evidence.ts";

const quoted = (passage: string, quote: string) => {
  const span = findQuote(fold(passage), quote);
  return span && passage.slice(span.start, span.end);
};

describe("a quote is found although the model changed", () => {
  test.each([
    ["white space", "Returns within\n  30 days.", "Returns within 30 days", "Returns within\n  30 days"],
    ["quotation marks", "the “Trailmark” club", "the 'Trailmark' club", "the “Trailmark” club"],
    ["case and the final stop", "Unused items only, please", "unused items only.", "Unused items only"],
    ["emphasis", "pay **within 14 days** of it", "pay within 14 days", "pay **within 14 days"],
    ["cell borders", "| Express | £8.95 |", "Express £8.95", "Express | £8.95"],
    ["accents and compatibility forms", "Cafe\u0301 oﬃce", "café office", "Cafe\u0301 oﬃce"],
    [
      "vowel marks and tatweel",
      "خلال 30 يومًا مـن تاريخ الشراء",
      "خلال 30 يوما من تاريخ الشراء",
      "خلال 30 يومًا مـن تاريخ الشراء",
    ],
    [
      "dashes",
      "Monday–Friday, 9:00 to 17:00",
      "Monday-Friday, 9:00 to 17:00",
      "Monday–Friday, 9:00 to 17:00",
    ],
    [
      "the middle, left out",
      "Items are returned, unused, within 30 days.",
      "Items are returned … within 30 days",
      "Items are returned, unused, within 30 days",
    ],
  ])("%s", (_, passage, quote, expected) => {
    expect(quoted(passage, quote)).toBe(expected);
  });

  test("Chinese has no word boundaries to respect", () => {
    expect(quoted("可在收到后三十日内退货。", "三十日内退货")).toBe("三十日内退货");
  });
});

describe("a quote is not found when", () => {
  test.each([
    ["a word differs", "within 30 days", "within 60 days"],
    ["a number is only part of a larger one", "valid until 2030 everywhere", "30"],
    ["a word is only part of another", "unrefundable deposits", "refundable deposits"],
    ["it says nothing", "it is in the shop", "it is in the"],
    ["it is empty", "anything", "  "],
    ["its halves stand in the wrong order", "first this, later that", "later that … first this"],
  ])("%s", (_, passage, quote) => {
    expect(quoted(passage, quote)).toBeNull();
  });
});

describe("the sentence behind a claim without a quote", () => {
  const passage =
    "Our shops open at nine. Unused items can be returned within 60 days of delivery for a full refund. Gift cards expire after three years.";
  const support = (claim: string) => {
    const span = findSupport(passage, claim);
    return span && passage.slice(span.start, span.end);
  };

  test("is the one that shares most of the claim's words", () => {
    expect(support("You can return an unused item within 60 days.")).toBe(
      "Unused items can be returned within 60 days of delivery for a full refund.",
    );
  });

  test("must have the claim's number", () => {
    expect(support("Unused items can be returned within 90 days of delivery for a full refund.")).toBeNull();
  });

  test("is nothing when the passage speaks of something else", () => {
    expect(support("Tents are made of recycled polyester in Portugal.")).toBeNull();
  });

  test("may be two sentences in a row", () => {
    expect(
      support("Shops open at nine; unused items get a full refund; returned within delivery."),
    ).toContain("full refund");
  });
});
