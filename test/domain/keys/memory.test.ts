import { expect, test } from "vitest";
import { memory } from "../../../src/domain/keys/memory.ts";

const at = (ms: number) => new Date(ms);

test("a value is forgotten after its time", () => {
  const known = memory<string>(1_000, 10);
  known.set("a", "value", at(0));
  expect(known.get("a", at(999))).toBe("value");
  expect(known.get("a", at(1_000))).toBeUndefined();
  expect(known.get("a", at(0))).toBeUndefined();
});

test("a value that ends sooner is forgotten sooner", () => {
  const known = memory<string>(1_000, 10);
  known.set("a", "value", at(0), 500);
  expect(known.get("a", at(499))).toBe("value");
  expect(known.get("a", at(500))).toBeUndefined();
});

test("the oldest makes room, so that nobody can fill the isolate", () => {
  const known = memory<number>(1_000, 3);
  for (let n = 0; n < 1_000; n++) known.set(`key ${n}`, n, at(0));
  expect([995, 996, 997, 998, 999].map((n) => known.get(`key ${n}`, at(1)))).toEqual([
    undefined,
    undefined,
    997,
    998,
    999,
  ]);
});
