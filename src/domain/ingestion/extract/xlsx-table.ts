/** Rows of a sheet to lines: finds the header, of one row or several, and names every value by it. */
import { tooLargeTable } from "./xlsx-parts.ts";
import type { Merge, Row } from "./xlsx-sheet.ts";
import { columnName } from "./xlsx-values.ts";

export type TableWriter = { take(row: Row): void; finish(): string };

const MAX_HEADER_ROWS = 4;
const MAX_NAME = 100;

/**
 * Lone cells above the table are its title and stay text. Merged cells above several columns name each of them
 * (`2026 Q1`, `2026 Q2`); merged cells beside several rows hold for each.
 * @param limit characters that may come out
 */
export function tableWriter(merges: Merge[], limit: number): TableWriter {
  const starting = Map.groupBy(merges, ({ top }) => top);
  let lasting: { merge: Merge; text: string }[] = [];
  const lines: string[] = [];
  let header: Map<number, string> | null = null;
  const headerRows: Row[] = [];
  let size = 0;

  const put = (line: string) => {
    size += line.length + 1;
    if (size > limit) throw tooLargeTable();
    lines.push(line);
  };

  /** Adds what merged cells show in this row. `across` also repeats to the right, as headers need it. */
  const fill = (row: Row, across: boolean) => {
    lasting = lasting.filter(({ merge }) => merge.bottom >= row.at);
    for (const merge of starting.get(row.at) ?? []) {
      const text = row.cells.get(merge.left);
      if (text !== undefined && merge.bottom > row.at && lasting.length < 100) lasting.push({ merge, text });
    }
    for (const { merge, text } of lasting) row.cells.set(merge.left, text);
    const spans = [...(starting.get(row.at) ?? []), ...lasting.map(({ merge }) => merge)];
    for (const merge of across ? spans : []) {
      const text = row.cells.get(merge.left);
      const right = Math.min(merge.right, merge.left + 200);
      for (let at = merge.left; text !== undefined && at <= right; at++) row.cells.set(at, text);
    }
  };

  const endHeader = () => {
    header = new Map();
    for (const row of headerRows) {
      for (const [column, text] of row.cells) {
        const above = header.get(column);
        if (above === text || above?.endsWith(` ${text}`)) continue;
        header.set(column, (above === undefined ? text : `${above} ${text}`).slice(0, MAX_NAME));
      }
    }
  };

  const putRow = (row: Row) => {
    fill(row, false);
    let line = "";
    for (const [column, text] of [...row.cells].sort(([a], [b]) => a - b)) {
      const name = header?.get(column) ?? `Column ${columnName(column)}`;
      line += `${line === "" ? "- " : "; "}${name}: ${text}`;
      if (line.length > limit) throw tooLargeTable();
    }
    put(line);
  };

  return {
    take(row) {
      if (header !== null) return putRow(row);
      const spans = (starting.get(row.at) ?? []).filter(({ left, right }) => right > left);
      if (headerRows.length === 0 && row.cells.size === 1) {
        put([...row.cells.values()].join(""));
        return;
      }
      if (headerRows.length === 0 && !isHeader(row)) {
        header = new Map();
        return putRow(row);
      }
      fill(row, true);
      headerRows.push(row);
      if (spans.length === 0 || headerRows.length === MAX_HEADER_ROWS) endHeader();
    },
    finish() {
      if (header === null && headerRows.length > 0) endHeader();
      // A table with a header and nothing else still says what it is about.
      if (header !== null && headerRows.length > 0 && !lines.some((line) => line.startsWith("- "))) {
        put([...(header as Map<number, string>).values()].join("; "));
      }
      return layOut(lines);
    },
  };
}

/** Names, not values; beside names, years are names too. */
function isHeader({ cells }: Row): boolean {
  let named = 0;
  let years = 0;
  for (const cell of cells.values()) {
    if (/^(?:19|20)\d\d$/.test(cell)) years++;
    else if (cell.length < MAX_NAME && !/^[-+$€£]?[\d.,:/\s-]+%?$/.test(cell)) named++;
  }
  return named > 0 && named + years >= cells.size * 0.6;
}

/** Lone cells become paragraphs of their own; rows follow each other. */
function layOut(lines: string[]): string {
  const firstRow = lines.findIndex((line) => line.startsWith("- "));
  if (firstRow <= 0) return lines.join("\n");
  return `${lines.slice(0, firstRow).join("\n\n")}\n\n${lines.slice(firstRow).join("\n")}`;
}
