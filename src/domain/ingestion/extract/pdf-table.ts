/** Lines whose words stand in columns to the rows of a Markdown table. */
import type { Cell, Line } from "./pdf-lines.ts";

type Column = { left: number; right: number };

const MAX_COLUMNS = 20;

/**
 * Reads a table that begins at `from`: two or more lines with cells above each other.
 * @returns its Markdown rows and how many lines they took, or null
 */
export function readTable(lines: Line[], from: number): { text: string; lines: number } | null {
  const first = lines[from];
  if (!first || first.cells.length < 2) return null;
  let columns = columnsOf(first.cells);
  const rows: Line[] = [first];
  for (let i = from + 1; i < lines.length; i++) {
    const line = lines[i] as Line;
    const above = rows.at(-1) as Line;
    const distance = above.y - line.y;
    if (distance < -0.5 * line.size || distance > 4 * line.size) break;
    if (line.cells.length === 1 && !belongs(line, columns, lines[i + 1])) break;
    const merged = merge(columns, line.cells);
    // A line that bridges the columns is prose below the table.
    if (merged.length < 2 || merged.length < columns.length || merged.length > MAX_COLUMNS) break;
    columns = merged;
    rows.push(line);
  }
  while (rows.length > 0 && rows.at(-1)?.cells.length === 1) rows.pop();
  if (rows.length < 2 || (rows.length === 2 && columns.length < 3)) return null;
  // Arabic and Hebrew tables begin at the right.
  const sample = rows.flatMap((row) => row.cells.map(({ text }) => text)).join("");
  if ((sample.match(/[\u0590-\u08ff]/g)?.length ?? 0) > (sample.match(/[a-z]/gi)?.length ?? 0))
    columns.reverse();
  const cells = joinWrapped(rows, columns);
  const text = cells.map((row) => `| ${row.join(" | ")} |`);
  text.splice(1, 0, `|${" --- |".repeat(columns.length)}`);
  return { text: text.join("\n"), lines: rows.length };
}

function columnsOf(cells: Cell[]): Column[] {
  return cells.map(({ left, right }) => ({ left, right })).sort((a, b) => a.left - b.left);
}

/** Columns grown by the cells of one more line; what overlaps is one column. */
function merge(columns: Column[], cells: Cell[]): Column[] {
  const all = [...columns, ...columnsOf(cells)].sort((a, b) => a.left - b.left);
  const merged: Column[] = [];
  for (const { left, right } of all) {
    const last = merged.at(-1);
    if (last && left < last.right) last.right = Math.max(last.right, right);
    else merged.push({ left, right });
  }
  return merged;
}

/** A single cell is part of the table when it lies within one column and another row follows. */
function belongs(line: Line, columns: Column[], next: Line | undefined): boolean {
  const cell = line.cells[0];
  if (!cell || !next || next.cells.length < 2) return false;
  const touched = columns.filter(({ left, right }) => cell.left < right && cell.right > left);
  return touched.length === 1 && line.y - next.y < 3 * line.size;
}

function joinWrapped(rows: Line[], columns: Column[]): string[][] {
  const out: string[][] = [];
  let above: Line | undefined;
  for (const row of rows) {
    const cells = columns.map(({ left, right }) =>
      row.cells
        .filter((cell) => cell.left < right && cell.right > left)
        .map((cell) => cell.text.replaceAll("|", "\\|"))
        .join(" "),
    );
    const target = out.at(-1);
    // A cell that goes on in the next line: nothing in the first column, set close below.
    const wraps =
      above !== undefined && out.length > 1 && cells[0] === "" && above.y - row.y < 1.35 * row.size;
    if (target && wraps) {
      for (const [i, cell] of cells.entries()) if (cell) target[i] = `${target[i]} ${cell}`.trim();
    } else out.push(cells);
    above = row;
  }
  return out;
}
