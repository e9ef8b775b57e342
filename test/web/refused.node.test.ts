import { expect, test } from "vitest";
import { isArchive, megabytes, refusalOf } from "../../src/web/console/pages/documents/refused.ts";
import { dotted } from "../../src/web/ui/isolated.ts";

const MOST = 50 * 1024 * 1024;
const file = (name: string, size: number) => ({ file: { name, size } as File });

test.each([
  ["an empty file", "notes.md", 0, "The file is empty."],
  ["an empty archive", "notes.zip", 0, "The file is empty."],
  ["a file as large as may be", "film.pdf", MOST, null],
  ["a larger one", "film.pdf", MOST + 1, "Files may have at most 50 MB."],
  ["an archive, of which each file is measured", "films.ZIP", MOST * 3, null],
  ["an ordinary file", "notes.md", 12, null],
])("%s is judged before it is sent", (_, name, size, refusal) => {
  expect(refusalOf(file(name, size), MOST)).toBe(refusal);
});

test("while nobody has said how large a file may be, only an empty one is refused", () => {
  expect(refusalOf(file("film.pdf", MOST * 9), null)).toBeNull();
  expect(refusalOf(file("film.pdf", 0), null)).toBe("The file is empty.");
});

test("megabytes are counted as the API counts them, and archives known by their names", () => {
  expect(megabytes(MOST)).toBe(50);
  expect(["a.zip", "a.ndjson", "a.JSONL", "zip.pdf"].map(isArchive)).toEqual([true, true, true, false]);
});

test("facts in one line are kept apart, and those there are not leave no gap", () => {
  expect(dotted(["صفحة 3", null, "Returns", "", false])).toBe("\u2068صفحة 3\u2069 · \u2068Returns\u2069");
  expect(dotted([])).toBe("");
});
