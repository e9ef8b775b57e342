import { expect, test } from "vitest";
import { retryAfterSeconds } from "../../src/text/retry-after.ts";

test.each([
  ["120", 120],
  ["Sat, 21 Nov 2026 06:00:30 GMT", 30],
  ["Sat, 21 Nov 2026 05:00:00 GMT", 0],
  ["soon", null],
  [null, null],
])("Retry-After: %s means %s seconds", (header, seconds) => {
  expect(retryAfterSeconds(header, new Date("2026-11-21T06:00:00Z"))).toBe(seconds);
});
