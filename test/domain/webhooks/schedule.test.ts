/** Pure. */
import { expect, test } from "vitest";
import { pauseAfter } from "../../../src/domain/webhooks/schedule.ts";

test("a message has ten tries over three days, each a little later than planned so that a herd spreads out", () => {
  const planned = Array.from({ length: 10 }, (_, at) => pauseAfter(at + 1, null, 0));
  expect(planned).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, null]);
  expect(pauseAfter(2, null, 1)).toBe(360);
});

test("a receiver may ask for more time than planned, not for less", () => {
  expect(pauseAfter(1, 60, 0)).toBe(60);
  expect(pauseAfter(3, 60, 0)).toBe(1_800);
});
