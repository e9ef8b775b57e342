/** Texts of documents as data: marked so that a model which reads them can tell them from instructions. */
import type { Source } from "./events.ts";

/** Letters that show nothing but are read by models: tags, invisible operators. */
const HIDDEN = /[\u{E0000}-\u{E007F}\u2060-\u2064\u206A-\u206F\uFEFF]/gu;

export const visible = (text: string) => text.replace(HIDDEN, "");

/** Name, page and heading on one line. */
export function labelOf(source: Pick<Source, "document_name" | "title" | "page" | "heading">): string {
  const parts = [source.document_name];
  if (source.title && source.title !== source.document_name) parts.push(source.title);
  if (source.page !== null) parts.push(`page ${source.page}`);
  if (source.heading.length > 0) parts.push(source.heading.join(" > "));
  return visible(parts.join(", ")).replace(/\s+/g, " ");
}

/** The first of `####BLOCK-1`, `####BLOCK-2`, … that no text contains, compared without case, spaces and lookalikes. */
export function fenceFor(texts: readonly string[]): string {
  const plain = texts.map((text) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s\p{Cf}]/gu, ""),
  );
  for (let n = 1; ; n++) {
    const name = `block-${n}`;
    if (!plain.some((text) => text.includes(name))) return `####${name.toUpperCase()}`;
  }
}
