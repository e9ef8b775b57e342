import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect, test } from "vitest";
import { apiFiles } from "../../src/dev/api-files.ts";
import { ERRORS, type ErrorCode } from "../../src/errors.ts";
import { apiRoutes } from "../../src/http/openapi/document.ts";
import { problemsOf } from "../../src/http/openapi/problems.ts";
import { GROUPS } from "../../src/http/openapi/table.ts";

const root = resolve(import.meta.dirname, "../..");
const routes = apiRoutes();
const entries = new Map(GROUPS.flatMap(({ entries }) => Object.entries(entries)));

/** Of documents that nobody waits for: they are in `failure.code`, never the answer to a request. */
const OF_READING: ErrorCode[] = ["ingestion_timeout"];
/** Of any path and method, so of no operation. */
const OF_NO_ROUTE: ErrorCode[] = ["method_not_allowed"];
/** Can happen wherever something is asked for, and only by our own mistake. */
const OURS: ErrorCode[] = ["secret_unreadable"];

test("every route has its entry in the API reference, and every entry its route (src/http/openapi/groups)", () => {
  const names = routes.map(({ name }) => name);
  expect(names.filter((name) => !entries.has(name))).toEqual([]);
  expect([...entries.keys()].filter((name) => !names.includes(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(100);
});

test("operations have names of their own", () => {
  const ids = [...entries.values()].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every parameter in a path is in the example", () => {
  const wrong = routes.filter(({ name, path }) => {
    const wanted = [...path.matchAll(/:(\w+)/g)].map(([, part]) => part);
    const given = Object.keys(entries.get(name)?.example?.path ?? {});
    return wanted.join() !== given.join();
  });
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

test("every error is in the reference of some route", () => {
  const documented = new Set(
    routes.flatMap((route) => {
      const entry = entries.get(route.name);
      return entry ? [...problemsOf(route, entry).values()].flat() : [];
    }),
  );
  const missing = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => !documented.has(code));
  expect(missing.sort()).toEqual([...OF_READING, ...OF_NO_ROUTE, ...OURS].sort());
});

test.each(Object.entries(apiFiles()))(
  "%s says what the routes do (npm run docs writes it)",
  (file, content) => {
    expect(readFileSync(resolve(root, file), "utf8") === content, "run npm run docs").toBe(true);
  },
);

test("the document is clean by Redocly's strictest rules", async () => {
  const config = await createConfig({ extends: ["recommended-strict"] });
  const problems = await lintFromString({ source: apiFiles()["docs/openapi.json"] ?? "", config });
  const said = problems.map(
    ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`,
  );
  // Ids are UUIDs, so that no conversation is called "sessions", nor one of its parts "stop".
  expect(said.filter((one) => !/^no-ambiguous-paths: .*\/chat\/\{id\}\/stop/.test(one))).toEqual([]);
});
