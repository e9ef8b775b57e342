/** Pure; runs in workerd. Letters are placed as a page places them: each one left of the one before it. */
import { describe, expect, it } from "vitest";
import { cellsFromRight, type Glyph, readsFromRight } from "../../../src/domain/ingestion/extract/pdf-rtl.ts";

/** Glyphs from right to left, 6 points each; `|` leaves a wide gap, a space none but its own width. */
function placed(visual: string[], from = 500): Glyph[] {
  let right = from;
  const glyphs: Glyph[] = [];
  for (const text of visual) {
    if (text === "|") right -= 60;
    else for (const each of text) glyphs.push({ text: each, left: right - 6, right });
    if (text !== "|") right -= 6;
  }
  return glyphs;
}

const read = (glyphs: Glyph[]) => cellsFromRight(glyphs, 10, 10.5).map(({ text }) => text);

describe("right-to-left lines", () => {
  it("are read from the right", () => {
    expect(readsFromRight(placed([..."سعر 329"]))).toBe(true);
    expect(readsFromRight(placed([..."price 329 سعر"]))).toBe(false);
    expect(read(placed([..."خيمة"]))).toEqual(["خيمة"]);
  });

  it("do not depend on the order in which the letters come", () => {
    expect(read(placed([..."خيمة جديدة"]).reverse())).toEqual(["خيمة جديدة"]);
  });

  it("keep numbers, times and Latin words as they are written", () => {
    // On the page a number stands with its first digit at the left: from the right, its last digit comes first.
    expect(read(placed([..."سعر ", ..."923", ..." درهم"]))).toEqual(["سعر 329 درهم"]);
    expect(read(placed([..."من ", ..."00:8", ..." إلى ", ..."00:02"]))).toEqual(["من 8:00 إلى 20:00"]);
    expect(read(placed([..."خيمة ", ..."tnet 2 nrakS", ..." جديدة"]))).toEqual(["خيمة Skarn 2 tent جديدة"]);
    expect(read(placed([..."هاتف ", ..."23610", " ", ..."069"]))).toEqual(["هاتف 01632 960"]);
  });

  it("turn letters of one glyph the right way round", () => {
    expect(read([...placed([..."ث"]), ...placed(["ال"], 494), ...placed([..."ثين"], 488)])).toEqual([
      "ثلاثين",
    ]);
  });

  it("put brackets the right way round when the page draws them mirrored", () => {
    expect(read(placed([...")خيمة("]))).toEqual(["(خيمة)"]);
    expect(read(placed([..."(خيمة)"]))).toEqual(["(خيمة)"]);
  });

  it("give the rightmost cell first", () => {
    expect(read(placed([..."منتج", "|", ..."سعر"]))).toEqual(["منتج", "سعر"]);
  });

  it("are words apart where the page leaves a space without drawing one", () => {
    const [first, second] = [placed([..."خيمة"]), placed([..."جديدة"], 500 - 24 - 5)];
    expect(read([...first, ...second])).toEqual(["خيمة جديدة"]);
  });
});
