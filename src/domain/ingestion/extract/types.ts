/** What reading a document yields, and which formats we read. */

export type Format =
  | "pdf"
  | "docx"
  | "pptx"
  | "xlsx"
  | "epub"
  | "email"
  | "csv"
  | "json"
  | "html"
  | "feed"
  | "markdown"
  | "text";

/**
 * Canonical text plus structure. Headings are lines that start with `#`, tables are Markdown rows, code is fenced:
 * one notation for every format, which the chunker reads. Offsets are UTF-16 indexes into `text`.
 */
export type Extracted = {
  text: string;
  title: string | null;
  /** Start offset of page 1, 2, …; empty when the format has no pages. */
  pages: number[];
};
