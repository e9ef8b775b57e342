/** The cells of table rows, from Markdown tables and from lists of `name: value; name: value` as tables without lines. */
import { plain } from "./plain.ts";

/** `distinct`: no two rows of the table piece share a value in this column. */
export type Cell = { title: string; value: string; distinct: boolean };

const SEPARATOR_ROW = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/;
const PAIR = /^([^:;]{1,60}): (.+)$/s;

/** Cells per line of a Markdown table; null for its header and separator. */
export function markdownCells(lines: readonly string[]): (Cell[] | null)[] {
  const titled = lines[1] !== undefined && SEPARATOR_ROW.test(lines[1]);
  const titles = titled ? split(lines[0] ?? "") : [];
  const rows = lines.map((line, at) =>
    (titled && at === 0) || SEPARATOR_ROW.test(line)
      ? null
      : split(line).map((value, column) => ({ title: titles[column] ?? "", value })),
  );
  return withDistinct(rows);
}

/** Cells per item of a list whose every item reads `name: value; name: value`, or null when it is another list. */
export function recordCells(items: readonly string[]): Cell[][] | null {
  const rows: { title: string; value: string }[][] = [];
  for (const item of items) {
    const pairs = item.split(/; (?=[^:;]{1,60}: )/).map((pair) => PAIR.exec(pair));
    if (pairs.length < 2 || pairs.includes(null)) return null;
    rows.push(pairs.map((pair) => ({ title: pair?.[1] ?? "", value: pair?.[2] ?? "" })));
  }
  return withDistinct(rows).filter((row) => row !== null);
}

function withDistinct(rows: ({ title: string; value: string }[] | null)[]): (Cell[] | null)[] {
  const counts = new Map<string, number>();
  const key = (title: string, value: string) => `${title}\n${value}`;
  for (const row of rows) {
    for (const { title, value } of row ?? [])
      counts.set(key(title, value), (counts.get(key(title, value)) ?? 0) + 1);
  }
  const repeated = new Set([...counts].filter(([, count]) => count > 1).map(([pair]) => pair.split("\n")[0]));
  return rows.map(
    (row) =>
      row
        ?.filter(({ value }) => value !== "")
        .map(({ title, value }) => ({
          title: title.replaceAll("_", " "),
          value,
          distinct: !repeated.has(title),
        })) ?? null,
  );
}

function split(row: string): string[] {
  return row
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => plain(cell));
}
