import { describe, expect, test } from "vitest";
import { fits, schemaFault } from "../../../src/domain/answers/schema.ts";

const PERIOD = {
  type: "object",
  properties: {
    days: { type: "integer", minimum: 1 },
    text: { type: "string" },
    kind: { $ref: "#/$defs/kind" },
  },
  required: ["days", "text"],
  additionalProperties: false,
  $defs: { kind: { enum: ["refund", "delivery"] } },
};

describe("a value", () => {
  test("that fits has no faults", () => {
    expect(fits({ days: 5, text: "x", kind: "refund" }, PERIOD)).toEqual([]);
  });
  test.each([
    ["lacks a member", { days: 5 }, "text"],
    ["has one too many", { days: 5, text: "x", more: 1 }, "more"],
    ["has one of another type", { days: "5", text: "x" }, "#/days"],
    ["is none of the choices", { days: 5, text: "x", kind: "other" }, "#/kind"],
    ["is no object", [], "#"],
  ])("that %s is told so", (_, value, where) => {
    expect(fits(value, PERIOD).join("\n")).toContain(where);
  });
  test("is judged without changing the schema", () => {
    const before = JSON.stringify(PERIOD);
    fits({}, PERIOD);
    expect(JSON.stringify(PERIOD)).toBe(before);
  });
});

describe("a schema", () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => n);
  const nested = (depth: number): Record<string, unknown> =>
    depth === 0 ? { type: "string" } : { properties: { a: nested(depth - 1) } };
  const doubling = (steps: number) => ({
    $ref: "#/$defs/s0",
    $defs: Object.fromEntries(
      Array.from({ length: steps }, (_, n) => [
        `s${n}`,
        n + 1 < steps
          ? { anyOf: [{ $ref: `#/$defs/s${n + 1}` }, { $ref: `#/$defs/s${n + 1}` }] }
          : { type: "string" },
      ]),
    ),
  });

  test.each<[string, Record<string, unknown>]>([
    ["an object with definitions", PERIOD],
    ["a simple pattern", { type: "string", pattern: "^[A-Z]{2}-\\d+$" }],
    ["moderate depth", nested(8)],
    ["booleans", { properties: { a: true, b: false } }],
  ])("is accepted: %s", (_, schema) => expect(schemaFault(schema)).toBeNull());

  test.each<[string, Record<string, unknown>, RegExp]>([
    ["too large", { description: "x".repeat(20_000) }, /characters/],
    ["too deep", nested(40), /levels/],
    [
      "one that unfolds without end",
      { $defs: { a: { items: { $ref: "#/$defs/a" } } }, $ref: "#/$defs/a" },
      /lead back/,
    ],
    ["one that doubles with each step", doubling(14), /parts|levels/],
    [
      "one that repeats a large part",
      {
        $defs: { row: { properties: Object.fromEntries(many(50).map((n) => [`p${n}`, true])) } },
        properties: Object.fromEntries(many(50).map((n) => [`r${n}`, { $ref: "#/$defs/row" }])),
      },
      /at most 2000 parts/,
    ],
    ["one that refers elsewhere", { $ref: "https://evil.example/schema.json" }, /definition of this schema/],
    ["one that refers to what is not there", { $ref: "#/$defs/none" }, /definition of this schema/],
    ["a repeated group", { pattern: "^(a+)+$" }, /too complicated/],
    ["many endless repetitions", { pattern: "a*a*a*a*b" }, /too complicated/],
    ["such a name", { patternProperties: { "(a|a)*b": true } }, /too complicated/],
    ["no regular expression", { pattern: "[" }, /regular expression/],
    ["the validator's own members", { __absolute_ref__: "x" }, /not supported/],
    ["keywords of older drafts", { dependencies: {} }, /not supported/],
    ["a schema that is a text", { properties: { a: "string" } }, /object or a boolean/],
  ])("is refused: %s", (_, schema, why) => expect(schemaFault(schema)).toMatch(why));
});
