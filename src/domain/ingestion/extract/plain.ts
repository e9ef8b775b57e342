/** Plain text and Markdown: decoded, cleaned, front matter read and removed. */
import { clean, decode } from "./encoding.ts";
import type { Extracted } from "./types.ts";

/** What people write as a heading where there is no markup: capitals, or "Chapter 4 …". */
const CAPITALS = /^(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s+)?\p{Lu}[^\p{Ll}]*\p{Lu}[^\p{Ll}]*$/u;
const CHAPTER = /^(?:chapter|section|part|appendix|article)\s+(?:\d+|[ivxlc]+|[a-z])\b/i;

export function extractText(bytes: Uint8Array): Extracted {
  const lines = clean(decode(bytes).text).split("\n");
  const isBlank = (at: number) => (lines[at] ?? "").trim() === "";
  for (const [at, line] of lines.entries()) {
    if (line.length > 90 || isBlank(at) || !isBlank(at - 1) || !isBlank(at + 1)) continue;
    const title = line.trim();
    if ((CAPITALS.test(title) || CHAPTER.test(title)) && !/[.,;!?|=]$/.test(title)) lines[at] = `## ${title}`;
  }
  return { text: lines.join("\n"), title: null, pages: [] };
}

/** The title is the front matter's, else the first heading of level 1 near the top. */
export function extractMarkdown(bytes: Uint8Array): Extracted {
  const source = clean(decode(bytes).text);
  const front = /^\s*---[ \t]*\n([\s\S]{0,8000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(source);
  const matter = front?.[1];
  const isMatter = matter !== undefined && /^[\w-]+[ \t]*:/m.test(matter);
  const text = isMatter ? source.slice(front?.[0].length) : source;
  const declared = isMatter ? /^title[ \t]*:[ \t]*(.+)$/im.exec(matter)?.[1] : undefined;
  const title =
    declared?.trim().replace(/^(["'])(.*)\1$/, "$2") || /^# +(.{1,300})$/m.exec(text.slice(0, 4000))?.[1];
  return { text, title: title?.trim() || null, pages: [] };
}
