/** A table as a list: one line per row, each value named by its column, so that no chunk holds a row without its header. */
import Papa from "papaparse";
import { AppError } from "../../../errors.ts";
import { clean, decode } from "./encoding.ts";
import type { Extracted } from "./types.ts";

/** Characters of canonical text past which a table is refused: about 40,000 chunks. */
const MAX_TEXT = 40_000_000;

/**
 * Reads CSV, TSV and their relatives with `,` `;` tab or `|` between values.
 * @throws AppError `document_too_complex`
 */
export function extractCsv(bytes: Uint8Array): Extracted {
  const source = clean(decode(bytes).text);
  const delimiter = delimiterOf(source.slice(0, 16_384));
  // A quote that is never closed swallows the rest of the file; then quotes mean nothing in it.
  const lines = readRows(source, delimiter, '"') ?? readRows(source, delimiter, "\0") ?? [];
  return { text: lines.join("\n"), title: null, pages: [] };
}

/** One line per row, or null when a quote is left open. */
function readRows(source: string, delimiter: string, quoteChar: string): string[] | null {
  const lines: string[] = [];
  let header: string[] | null = null;
  let size = 0;
  let open = false;
  Papa.parse<string[]>(source, {
    delimiter,
    quoteChar,
    skipEmptyLines: "greedy",
    step: ({ data: row, errors }) => {
      open ||= errors.some(({ code }) => code === "MissingQuotes");
      const cells = row.map((cell) => cell.replace(/\s+/g, " ").trim());
      if (header === null) {
        header = isHeader(cells) ? cells : cells.map((_, i) => `Column ${i + 1}`);
        if (header === cells) return;
      }
      const line = rowLine(header, cells);
      if (line === "") return;
      size += line.length + 1;
      if (size > MAX_TEXT) {
        throw new AppError("document_too_complex", {
          detail: "This table is too large to read in one piece; split it into several files.",
        });
      }
      lines.push(line);
    },
  });
  if (open) return null;
  // A table with a header and nothing else still says what it is about.
  if (lines.length === 0 && header !== null) lines.push((header as string[]).filter(Boolean).join("; "));
  return lines;
}

function rowLine(header: string[], cells: string[]): string {
  let line = "";
  for (let i = 0; i < cells.length; i++) {
    const value = cells[i];
    if (!value) continue;
    const name = header[i] || `Column ${i + 1}`;
    line += `${line === "" ? "- " : "; "}${name}: ${value}`;
  }
  return line;
}

/** Names, not values: no cell is empty, a number or a date. */
function isHeader(cells: string[]): boolean {
  const named = cells.filter(
    (cell) => cell !== "" && cell.length < 100 && !/^[-+$€£]?[\d.,:/\s-]+%?$/.test(cell),
  );
  return named.length > 0 && named.length >= cells.length * 0.6;
}

/** The separator that divides the first lines most evenly; text between quotes does not count. */
function delimiterOf(sample: string): string {
  const lines = sample
    .replace(/"(?:[^"]|"")*"/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, 20);
  let best = ",";
  let bestScore = 0;
  for (const mark of [",", ";", "\t", "|"]) {
    const counts = lines.map((line) => line.split(mark).length - 1);
    const columns = counts[0] ?? 0;
    const score = columns * counts.filter((count) => count === columns).length;
    if (score > bestScore) {
      bestScore = score;
      best = mark;
    }
  }
  return best;
}
