/** What a fresh clone needs to install, in Node. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

type Locked = { version?: string; optionalDependencies?: Record<string, string> };

const { packages } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../package-lock.json"), "utf8"),
) as {
  packages: Record<string, Locked>;
};

/** Where Node would find `name` from the package at `path`. */
function find(path: string, name: string): Locked | undefined {
  const inside = packages[`${path ? `${path}/` : ""}node_modules/${name}`];
  if (inside || !path) return inside;
  return find(path.includes("/node_modules/") ? path.slice(0, path.lastIndexOf("/node_modules/")) : "", name);
}

// A registry mirror that lacks the packages of other platforms makes npm leave them out of the lock file, and
// `npm ci` then refuses it everywhere.
test("the lock file names the packages of every platform", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !find(path, name)),
  );
  expect(missing).toEqual([]);
});

test("the lock file names no registry", () => {
  expect(Object.values(packages).filter((entry) => "resolved" in entry)).toEqual([]);
});
