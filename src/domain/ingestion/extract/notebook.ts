/** A Jupyter notebook (nbformat 4) to canonical text: its words as they are, its code fenced, and what that printed. */
import * as z from "zod";
import type { Extracted } from "./types.ts";

/** Characters of one output: more is a log or a dump. */
const MAX_OUTPUT = 2_000;

/** A text, or its lines with their ends. */
const Lines = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]);
const Output = z.object({
  text: Lines.optional(),
  data: z.object({ "text/plain": Lines.optional() }).optional(),
});
const Cell = z.object({
  cell_type: z.string(),
  source: Lines,
  outputs: z.array(Output.catch({})).catch([]),
});
const Notebook = z.object({
  nbformat: z.literal(4),
  cells: z.array(Cell),
  metadata: z
    .object({ language_info: z.object({ name: z.string().regex(/^[\w+#-]{1,20}$/) }) })
    .optional()
    .catch(undefined),
});

/** @returns null for JSON that is no notebook. Pictures and errors are left out. */
export function readNotebook(value: unknown): Extracted | null {
  const { data: notebook } = Notebook.safeParse(value);
  if (!notebook) return null;
  const language = notebook.metadata?.language_info.name ?? "";
  const blocks = notebook.cells.flatMap(({ cell_type, source, outputs }) => {
    if (cell_type !== "code") return [source.trim()];
    const printed = outputs.map(({ text, data }) => text ?? data?.["text/plain"] ?? "");
    return [fenced(source, language), ...printed.map((output) => fenced(short(output), ""))];
  });
  const text = blocks.filter((block) => block !== "").join("\n\n");
  // A comment in code may look like a heading.
  const words = notebook.cells
    .filter(({ cell_type }) => cell_type === "markdown")
    .map(({ source }) => source);
  const title = /^# +(.{1,300})$/m.exec(words.join("\n").slice(0, 4000))?.[1]?.trim() || null;
  return { text, title, pages: [] };
}

const short = (output: string) => (output.length > MAX_OUTPUT ? `${output.slice(0, MAX_OUTPUT)} …` : output);

/** Between marks that are longer than any within. */
function fenced(code: string, language: string): string {
  if (code.trim() === "") return "";
  const longest = Math.max(2, ...[...code.matchAll(/`{3,}/g)].map(([marks]) => marks.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}\n${code.replace(/^\n+|\s+$/g, "")}\n${marks}`;
}
