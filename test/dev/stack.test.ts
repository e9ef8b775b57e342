/** What the local stack says and does before anything of it runs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { jwtKeys, openDatabase } from "../../src/dev/stack.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kalamna-stack-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the keys that sign tokens stay those of the first start", () => {
  const made = jwtKeys(folder);
  expect(made).toMatch(/^local:.{43}$/);
  expect(jwtKeys(folder)).toBe(made);
});

test("an empty file of keys is filled again", () => {
  writeFileSync(join(folder, "jwt-keys"), "\n");
  const made = jwtKeys(folder);
  expect(made).toMatch(/^local:.{43}$/);
  expect(readFileSync(join(folder, "jwt-keys"), "utf8").trim()).toBe(made);
});

test.each(["nonsense", "postgres", "mysql://root@localhost/x", "postgres://"])(
  "%s is no address of a database, and that is said instead of looked up",
  async (address) => {
    await expect(openDatabase(folder, address)).rejects.toThrow("DATABASE_URL must read postgres://");
  },
);
