/** The parts of the ingest command that need no server; test/e2e/start.test.ts runs it against the stack. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { each } from "../../src/dev/ingest/each.ts";
import { filesBelow, sha256Of } from "../../src/dev/ingest/files.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "kalamna-ingest-"));
  for (const folder of ["a/deep", "a/node_modules", "a/.git", "b"])
    mkdirSync(join(home, folder), { recursive: true });
  for (const file of [
    "a/one.md",
    "a/deep/two.PDF",
    "a/deep/three.md",
    "a/node_modules/x.md",
    "a/.git/config",
    "b/one.md",
  ])
    writeFileSync(join(home, file), file);
  symlinkSync(join(home, "b"), join(home, "a/elsewhere"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const ids = async (paths: string[], include: string[] = [], exclude: string[] = []) =>
  (
    await filesBelow(
      paths.map((path) => join(home, path)),
      { include, exclude },
    )
  ).map(({ id }) => id);

describe("the files of a folder", () => {
  test("are known by their path in it, without what is hidden, installed or linked", async () => {
    expect(await ids(["a"])).toEqual(["deep/three.md", "deep/two.PDF", "one.md"]);
  });

  test("can be chosen by name or by path", async () => {
    expect(await ids(["a"], ["*.md"])).toEqual(["deep/three.md", "one.md"]);
    expect(await ids(["a"], ["deep/**"], ["*.PDF"])).toEqual(["deep/three.md"]);
  });

  test("of two folders must not get in each other's way", async () => {
    await expect(ids(["a", "b"])).rejects.toThrow(/would be the same document one\.md/);
    expect(await ids(["a/one.md", "a"])).toEqual(["deep/three.md", "deep/two.PDF", "one.md"]);
    await expect(ids(["nowhere"])).rejects.toThrow(/There is no .*nowhere/);
  });

  test("have the hash that the server computes", async () => {
    const { createHash } = await import("node:crypto");
    expect(await sha256Of(join(home, "a/one.md"))).toBe(
      createHash("sha256").update("a/one.md").digest("hex"),
    );
  });
});

test("a list is worked through several at a time, and a failure is heard after what was begun has ended", async () => {
  let at = 0;
  let most = 0;
  const done: number[] = [];
  const work = async (item: number) => {
    most = Math.max(most, ++at);
    await new Promise((resolve) => setImmediate(resolve));
    at--;
    if (item === 3) throw new Error("three");
    done.push(item);
  };
  await expect(each([1, 2, 3, 4], 2, work)).rejects.toThrow("three");
  expect(most).toBe(2);
  expect(done).toContain(4);
});
