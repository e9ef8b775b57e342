import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { BURSTS } from "../../src/http/limits.ts";

test("the limits we announce are the ones that wrangler.toml configures", () => {
  const toml = readFileSync(resolve(import.meta.dirname, "../../wrangler.toml"), "utf8");
  const configured = [
    ...toml.matchAll(
      /name = "(\w+)_LIMIT"\nnamespace_id = "\d+"\nsimple = \{ limit = (\d+), period = (\d+) \}/g,
    ),
  ].map(([, name = "", quota, window]) => [
    name.toLowerCase(),
    { quota: Number(quota), window: Number(window) },
  ]);
  expect(Object.fromEntries(configured)).toEqual(BURSTS);
});
