import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(resolve(import.meta.dirname, "../..", path), "utf8");

test("no address of the API is looked for among the files first", () => {
  const { paths } = JSON.parse(read("docs/openapi.json")) as { paths: Record<string, unknown> };
  const listed = /^run_worker_first = (\[.*\])$/m.exec(read("wrangler.toml"))?.[1] ?? "[]";
  const patterns = (JSON.parse(listed) as string[]).map((one) => new RegExp(`^${one.replace("*", ".*")}$`));
  const others = Object.keys(paths).filter((path) => !patterns.some((pattern) => pattern.test(path)));
  expect(others).toEqual([]);
});
