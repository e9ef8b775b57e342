/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { analyze, isStopWord } from "../../src/text/analyze.ts";

describe("analyze", () => {
  it("gives the same stems for the forms of an English word", () => {
    expect(analyze("Refunds refunded refunding")).toEqual(["refund", "refund", "refund"]);
    expect(analyze("policies")).toEqual(analyze("policy"));
  });

  it("keeps order, repeats and stop words", () => {
    expect(analyze("the cat and the hat")).toEqual(["the", "cat", "and", "the", "hat"]);
  });

  it("drops a possessive s, straight or curled", () => {
    expect(analyze("Rivera's tent, Rivera’s stove")).toEqual(["rivera", "tent", "rivera", "stove"]);
  });

  it("finds a year inside fy2018 and keeps the whole", () => {
    expect(analyze("FY2018")).toEqual(["fy2018", "fy", "2018"]);
  });

  it("does not shred a hexadecimal digest", () => {
    expect(analyze("9f3a2b7c1d")).toEqual(["9f3a2b7c1d"]);
  });

  it("unifies full-width and ligature forms", () => {
    expect(analyze("ＡＢＣ ﬁnance")).toEqual(["abc", ...analyze("finance")]);
  });

  it("finds an Arabic word with or without article, vowel marks and final ta marbuta", () => {
    expect(analyze("الضَّمَان")).toEqual(analyze("ضمان"));
    expect(analyze("والشركة")).toEqual(analyze("شركه"));
    expect(analyze("المنتجات")).toEqual(analyze("منتج"));
    expect(analyze("إرجاع")).toEqual(analyze("ارجاع"));
    expect(analyze("٣٠ يوما")[0]).toBe("30");
  });

  it("gives overlapping pairs for scripts without spaces", () => {
    expect(analyze("返品期限")).toEqual(["返品", "品期", "期限"]);
    expect(analyze("SSDの保証")).toEqual(["ssd", "の保", "保証"]);
    expect(analyze("量")).toEqual(["量"]);
  });

  it("keeps accented words whole", () => {
    expect(analyze("Café Müller")).toEqual(["café", "müller"]);
    expect(analyze("cafe\u0301")).toEqual(["café"]);
  });

  it("knows stop words by their stem", () => {
    for (const word of ["the", "does", "don't", "was", "في", "الذي"])
      expect(analyze(word).every(isStopWord)).toBe(true);
    expect(analyze("warranty covid ضمان").some(isStopWord)).toBe(false);
  });

  it("gives nothing for punctuation and emptiness, and survives a megabyte", () => {
    expect(analyze("  …—?! \n")).toEqual([]);
    expect(analyze("x".repeat(1_000_000))[0]).toHaveLength(64);
  });
});
