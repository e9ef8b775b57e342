import { describe, expect, test } from "vitest";
import { readMark } from "../../../src/domain/answers/marks.ts";

const items = (text: string) => {
  const mark = readMark(text, 0, true);
  return mark.kind === "mark" ? mark.items.map(({ index, quote }) => [index, quote]) : mark.kind;
};

describe("what counts as a mark", () => {
  test.each([
    ["[1]", [[1, null]]],
    ["[ 12 ]", [[12, null]]],
    [
      "[5, 7]",
      [
        [5, null],
        [7, null],
      ],
    ],
    [
      "[2-4]",
      [
        [2, null],
        [3, null],
        [4, null],
      ],
    ],
    ["【3】", [[3, null]]],
    ["【3†returns.pdf】", [[3, null]]],
    ["[١٢]", [[12, null]]],
    [
      "[۳، ۴]",
      [
        [3, null],
        [4, null],
      ],
    ],
    ["[１]", [[1, null]]],
    ["[Source 2]", [[2, null]]],
    ["[^4]", [[4, null]]],
    ['[1: "within 30 days"]', [[1, "within 30 days"]]],
    ["[1: “within 30 days”]", [[1, "within 30 days"]]],
    ["[1: «خلال 30 يومًا»]", [[1, "خلال 30 يومًا"]]],
    ["[1：「三十日以内」]", [[1, "三十日以内"]]],
    ["[1: within thirty days]", [[1, "within thirty days"]]],
    ['[1: "she said "yes" [sic] twice"]', [[1, 'she said "yes" [sic] twice']]],
    [
      '[1: "one, 2 and three", 2: "four"]',
      [
        [1, "one, 2 and three"],
        [2, "four"],
      ],
    ],
    ['[1: "line\nbreak"]', [[1, "line\nbreak"]]],
  ])("%s", (text, expected) => {
    expect(items(text)).toEqual(expected);
  });

  test.each([
    "[]",
    "[ ]",
    "[x]",
    "[link](https://example.org)",
    "[2024]",
    "[12:30]",
    "[a1]",
    "[1.5]",
    "[note: 1]",
  ])("%s is ordinary text", (text) => expect(items(text)).toBe("none"));
});

describe("a mark that is still being written", () => {
  test.each(["[", "[ ", "[1", "[1,", "[1, 2", "[So", "[Source 1", '[1: "within', "【1†doc", "[1:", "[١"])(
    "%s may go on",
    (text) => expect(readMark(text, 0, false).kind).toBe("partial"),
  );

  test.each(["[x", "[link", "[12:3", "[Some", "[1]"])("%s needs no more text", (text) => {
    expect(readMark(text, 0, false).kind).not.toBe("partial");
  });

  test("never waits for more text than a passage has", () => {
    expect(readMark(`[1: "${"word ".repeat(1_000)}`, 0, false).kind).toBe("none");
  });

  test("a mark cut off by the end of the answer counts with what it has", () => {
    expect(items('[2: "within 30')).toEqual([[2, "within 30"]]);
    expect(items("[3")).toEqual([[3, null]]);
    expect(items("[")).toBe("none");
  });
});
