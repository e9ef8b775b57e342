/** The last steps from the parts of a DOCX to text: rows of tables, starts of pages. */

/** Stands for a page break while text is put together; XML cannot contain it. */
export const PAGE = "\f";

/** Markdown rows; a table of one column is a frame around text and stays text. */
export function tableText(rows: string[][]): string {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const filled = rows.filter((row) => row.some((cell) => cell.trim() !== ""));
  if (filled.length === 0) return "";
  if (columns < 2) return filled.map((row) => row.join(" ")).join("\n\n");
  const lines = filled.map((row) => {
    const cells = Array.from({ length: columns }, (_, i) =>
      (row[i] ?? "")
        .replace(/[ \n]+/g, " ")
        .replaceAll("|", "\\|")
        .trim(),
    );
    return `| ${cells.join(" | ")} |`;
  });
  lines.splice(1, 0, `|${" --- |".repeat(columns)}`);
  return lines.join("\n");
}

/** Takes the page marks out and says where they were. */
export function splitPages(marked: string): { text: string; pages: number[] } {
  const parts = marked.split(PAGE);
  const pages: number[] = [];
  let text = "";
  for (const part of parts) {
    // Where a mark stood between spaces, one of them goes with it.
    const piece = /\s$/.test(text) || text === "" ? part.replace(/^ +/, "") : part;
    const skip = piece.length - piece.trimStart().length;
    pages.push(text.length + (skip < piece.length ? skip : 0));
    text += piece;
  }
  return { text, pages: parts.length > 1 ? pages : [] };
}
