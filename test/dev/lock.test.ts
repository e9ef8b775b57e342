/** The lock on a data folder, in Node. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { lockFolder } from "../../src/dev/lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kalamna-lock-"));
  return () => rmSync(folder, { recursive: true });
});

test("a locked folder is refused in one sentence until it is released", async () => {
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(/is in use: a stack is already running on it/);
  release();
  (await lockFolder(folder))();
  expect(existsSync(join(folder, "lock"))).toBe(false);
});

test.each([
  ["names a port where nobody answers", JSON.stringify({ port: 1, id: "gone" })],
  ["is torn", '{"port":'],
  ["is empty", ""],
])("a lock that %s is stale and taken over", async (_, left) => {
  writeFileSync(join(folder, "lock"), left);
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(/is in use/);
  release();
});

test("a port that somebody else uses by now does not keep the folder locked", async () => {
  const other = mkdtempSync(join(tmpdir(), "kalamna-lock-"));
  const releaseOther = await lockFolder(other);
  const { port } = JSON.parse(readFileSync(join(other, "lock"), "utf8"));
  writeFileSync(join(folder, "lock"), JSON.stringify({ port, id: "not theirs" }));
  (await lockFolder(folder))();
  releaseOther();
  rmSync(other, { recursive: true });
});

test("of many starts at once exactly one gets the folder", async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});
