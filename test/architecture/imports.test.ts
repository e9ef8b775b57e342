import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));

/** Every relative import in src/, as `from → to` paths inside src/. */
const imports = files.flatMap((from) =>
  [...readFileSync(join(SRC, from), "utf8").matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(
    ([, target = ""]) => ({
      from,
      to: relative(SRC, resolve(SRC, dirname(from), target)),
    }),
  ),
);
const broken = (from: RegExp, to: RegExp) =>
  imports
    .filter((arrow) => from.test(arrow.from) && to.test(arrow.to))
    .map((arrow) => `${arrow.from} → ${arrow.to}`);

test("there are imports to judge", () => {
  expect(imports.length).toBeGreaterThan(100);
});

test.each([
  [
    "the domain knows neither HTTP nor queues nor the Worker",
    /^domain\//,
    /^(http|queue|worker|env|runtime|dev)/,
  ],
  [
    "the domain reaches infrastructure through ports and the database doors only",
    /^domain\//,
    /^infra\/(?!.*port\.ts|db\/(tenant|schema|client|vector)\.ts)/,
  ],
  ["infrastructure looks down, not up", /^infra\//, /^(http|queue|domain|worker|env|runtime|dev)/],
  ["language tools depend on nothing", /^text\//, /^(?!text\/)/],
  ["HTTP and queue do not know each other", /^http\//, /^queue\//],
  ["queue does not know HTTP", /^queue\//, /^http\//],
  ["routes reach the database through verbs only", /^(http\/(?!openapi\/)|queue\/)/, /^infra\/db\//],
  ["the Worker carries nothing of the API's description", /^(?!http\/openapi\/|dev\/)/, /^http\/openapi\//],
  ["only the Worker picks implementations", /^(?!worker\.ts|dev\/|infra\/)/, /^infra\/(?!.*port\.ts|db\/)/],
  ["the local stack never gets into the Worker", /^(?!dev\/)/, /^dev\//],
  ["pages know the public API and nothing else of the server", /^web\//, /^(?!web\/)/],
  ["the server knows nothing of pages", /^(?!web\/|dev\/)/, /^web\//],
])("%s", (_, from, to) => {
  expect(broken(from, to)).toEqual([]);
});

test("nothing in the domain imports Hono, Cloudflare or OpenAI", () => {
  const guilty = files
    .filter((file) => file.startsWith("domain/"))
    .filter((file) => /from "(hono|cloudflare:|openai)/.test(readFileSync(join(SRC, file), "utf8")));
  expect(guilty).toEqual([]);
});

test("only the features' sql files, the audit record and the doors build statements", () => {
  const may = /^(domain\/.*sql\.ts|domain\/audit\/record\.ts|infra\/db\/.*|dev\/.*)$/;
  const guilty = files
    .filter((file) => !may.test(file))
    .filter((file) => /from "drizzle-orm"/.test(readFileSync(join(SRC, file), "utf8")));
  expect(guilty).toEqual([]);
});

test("only the tenant door and the schema-free health check run a batch", () => {
  const guilty = files.filter(
    (file) =>
      !["infra/db/tenant.ts"].includes(file) &&
      !file.startsWith("dev/") &&
      /\.batch\(/.test(readFileSync(join(SRC, file), "utf8")),
  );
  expect(guilty).toEqual([]);
});

test("zod is imported as a namespace, or all its languages come along (90 KB)", () => {
  const guilty = files.filter((file) =>
    /import (type )?\{[^}]*\} from "zod"/.test(readFileSync(join(SRC, file), "utf8")),
  );
  expect(guilty).toEqual([]);
});

test("every file starts with one sentence that says what it is", () => {
  const silent = files.filter((file) => !/^\/\*\*/.test(readFileSync(join(SRC, file), "utf8")));
  expect(silent).toEqual([]);
});

test("migrations are numbered without gaps or repeats", () => {
  const numbers = readdirSync(resolve(SRC, "../migrations")).map((file) =>
    Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1]),
  );
  expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, at) => at + 1));
});
