/** Lines on pages to canonical text: headings, paragraphs, lists, tables; running heads and feet left out. */

import type { Line, PageLines } from "./pdf-lines.ts";
import { readTable } from "./pdf-table.ts";
import type { Extracted } from "./types.ts";

/** An entry of the document's own table of contents. `page` from 0, `level` from 1. */
export type OutlineEntry = { title: string; level: number; page: number };

const TERMINAL = /[.!?:;。！？؟…][)"'”’»」]*$/;
const BULLET = /^[•‣▪▫■□●○◦∙·➢➤✓✔–—*-]\s+(?=\S)/u;
const NUMBERED = /^(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]|\(?[a-z]\)|\.\d{1,2})\s+\S/;
const WIDE = /[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]/;

export function layOut(pages: PageLines[], outline: OutlineEntry[]): Omit<Extracted, "title"> {
  const kept = withoutRunningLines(pages);
  const body = bodySize(kept);
  const heading = headingLevels(kept, outline, body);
  const out = new Writer();
  kept.forEach((lines, index) => {
    out.page();
    const right = Math.max(...lines.map((line) => line.right), 0);
    const left = Math.min(...lines.map((line) => line.left), right);
    for (let i = 0; i < lines.length; ) {
      const line = lines[i] as Line;
      const level = heading(line, index, lines[i - 1]);
      const table = level === 0 ? readTable(lines, i) : null;
      if (level > 0) {
        const previous = lines[i - 1];
        const goesOn = previous && heading(previous, index, lines[i - 2]) === level && near(previous, line);
        out.heading(level, textOf(line), goesOn === true && previous.size === line.size);
        i++;
      } else if (table) {
        out.block(table.text);
        i += table.lines;
      } else {
        out.line(line, lines[i - 1], left, right);
        i++;
      }
    }
  });
  return out.finish();
}

export function textOf(line: Line): string {
  return line.cells.map((cell) => cell.text).join(" ");
}

function near(a: Line, b: Line): boolean {
  const distance = a.y - b.y;
  return distance > 0 && distance < 1.6 * Math.max(a.size, b.size);
}

/** Collects text; knows the paragraph it is in, also across pages. */
class Writer {
  private parts: string[] = [];
  private length = 0;
  /** The last characters: slicing the growing text itself would copy it again and again. */
  private tail = "";
  private pages: number[] = [];
  private last: "none" | "heading" | "block" | "prose" | "item" = "none";
  private hyphen = false;
  private turned = false; // a page began since the last line
  private itemLeft = 0;

  page() {
    this.pages.push(this.length);
    this.turned = true;
  }

  heading(level: number, title: string, goesOn: boolean) {
    if (goesOn && this.last === "heading") this.put(` ${title}`);
    else this.open(`${"#".repeat(level)} ${title}`);
    this.last = "heading";
    this.turned = false;
  }

  block(text: string) {
    this.open(text);
    this.last = "block";
    this.turned = false;
  }

  line(line: Line, above: Line | undefined, left: number, right: number) {
    let text = textOf(line);
    const bullet = BULLET.exec(text);
    if (bullet) text = `- ${text.slice(bullet[0].length)}`;
    const isItem = bullet !== null || NUMBERED.test(text);
    const wasProse = this.last === "prose" || this.last === "item";
    if (!wasProse) this.open(text);
    else if (isItem)
      this.open(text, above === undefined || above.y - line.y < 2.2 * line.size ? "\n" : "\n\n");
    else if (this.joins(line, above, text, left, right)) this.append(text);
    else this.open(text, this.softBreak(line, above) ? "\n" : "\n\n");
    if (isItem) this.itemLeft = line.left;
    this.last =
      isItem || (this.last === "item" && line.left > this.itemLeft + line.size * 0.5) ? "item" : "prose";
    this.hyphen = line.hyphen;
    this.turned = false;
  }

  finish(): Omit<Extracted, "title"> {
    return { text: this.parts.join(""), pages: this.pages };
  }

  /** Does the line continue the paragraph? */
  private joins(line: Line, above: Line | undefined, text: string, left: number, right: number): boolean {
    if (this.hyphen) return true;
    const ended = TERMINAL.test(this.tail);
    const lower = /^[\p{Ll}\p{Lo}(]/u.test(text) && !/^\([a-z0-9]\)/.test(text);
    if (this.turned || above === undefined || above.y < line.y - line.size) return !ended && lower;
    if (Math.abs(above.size - line.size) > 0.08 * line.size || above.bold !== line.bold)
      return !ended && lower;
    if (above.y - line.y > 1.75 * line.size) return false;
    const width = right - left;
    const short = above.right < right - 0.12 * width;
    if (short && ended) return false;
    if (above.right - above.left < 0.5 * width && /^[\p{Lu}\p{N}]/u.test(text)) return false;
    if (this.last === "item") return line.left > this.itemLeft + line.size * 0.5;
    return !(ended && line.left > above.left + 0.8 * line.size);
  }

  /** Lines of an address or a list of fields stay together; paragraphs do not. */
  private softBreak(line: Line, above: Line | undefined): boolean {
    return above !== undefined && near(above, line) && !TERMINAL.test(this.tail);
  }

  private append(text: string) {
    const glued = this.hyphen || (WIDE.test(this.tail.slice(-1)) && WIDE.test(text.slice(0, 1)));
    this.put(glued ? text : ` ${text}`);
    this.moveTurn(text.length);
  }

  private open(text: string, separator = "\n\n") {
    this.put(this.length === 0 ? text : separator + text);
    this.moveTurn(text.length);
  }

  private put(text: string) {
    this.parts.push(text);
    this.length += text.length;
    this.tail = (this.tail + text).slice(-8);
  }

  /** A page starts with its first character, not with the break before it. */
  private moveTurn(length: number) {
    if (!this.turned) return;
    const start = this.length - length;
    for (
      let i = this.pages.length - 1;
      i >= 0 && (this.pages[i] ?? 0) > start - 4 && (this.pages[i] ?? 0) < start;
      i--
    ) {
      this.pages[i] = start;
    }
  }
}

/** Removes lines that return at the top or foot of the pages; the first of them stays when it says something. */
function withoutRunningLines(pages: PageLines[]): Line[][] {
  const seen = new Map<string, number>();
  const edges = pages.map(({ lines, height }) => {
    const sorted = [...lines].sort((a, b) => b.y - a.y);
    const outer = [...sorted.slice(0, 4), ...sorted.slice(-4)].filter(
      (line) => line.y > height * 0.86 || line.y < height * 0.14,
    );
    const keys = new Map<Line, string>();
    for (const line of new Set(outer)) keys.set(line, keyOf(line));
    for (const key of new Set(keys.values())) seen.set(key, (seen.get(key) ?? 0) + 1);
    return keys;
  });
  const enough = pages.length === 2 ? 2 : Math.max(3, Math.min(pages.length * 0.25, 8));
  const shown = new Set<string>();
  return pages.map(({ lines }, index) =>
    lines.filter((line) => {
      const key = edges[index]?.get(line);
      if (key === undefined || (seen.get(key) ?? 0) < enough) return true;
      const says = (key.match(/\p{L}/gu)?.length ?? 0) >= 12 && !shown.has(key);
      shown.add(key);
      return says;
    }),
  );
}

function keyOf(line: Line): string {
  return `${Math.round(line.y / 6)} ${textOf(line)
    .replace(/\d+/g, "#")
    .replace(/\b[ivxlc]+\b/gi, "#")}`;
}

const half = (size: number) => Math.round(size * 2) / 2;

/** The size that most characters have. */
function bodySize(pages: Line[][]): number {
  const weight = new Map<number, number>();
  for (const line of pages.flat()) {
    const size = half(line.size);
    weight.set(size, (weight.get(size) ?? 0) + textOf(line).length);
  }
  return [...weight].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
}

/** Level of a line that is a heading, else 0: by the outline where the file has a useful one, else by size and weight. */
function headingLevels(pages: Line[][], outline: OutlineEntry[], body: number) {
  const listed = new Map<string, number>();
  for (const { title, level, page } of outline) listed.set(`${page} ${plain(title)}`, Math.min(6, level));
  const matched = pages.reduce(
    (sum, lines, page) => sum + lines.filter((line) => listed.has(`${page} ${plain(textOf(line))}`)).length,
    0,
  );
  const large = new Map<number, number>();
  for (const line of pages.flat()) {
    if (isLarge(line, body)) large.set(half(line.size), (large.get(half(line.size)) ?? 0) + 1);
  }
  const sizes = [...large.keys()].sort((a, b) => b - a).slice(0, 5);
  const boldLines = pages.flat().filter((line) => line.bold).length;
  const boldIsRare = boldLines < pages.flat().length * 0.3;

  return (line: Line, page: number, above: Line | undefined): number => {
    if (line.cells.length > 2) return 0;
    const text = textOf(line);
    const level = listed.get(`${page} ${plain(text)}`);
    if (level !== undefined) return level;
    if (matched >= 3 && matched >= outline.length * 0.5) return 0;
    if (isLarge(line, body)) {
      const index = sizes.indexOf(half(line.size));
      return index < 0 ? Math.min(6, sizes.length) : index + 1;
    }
    if (!line.bold || !boldIsRare || half(line.size) < body || text.length > 80) return 0;
    const alone = above === undefined || above.y - line.y > 1.6 * line.size || above.y < line.y;
    const titled = /^[\p{Lu}\p{N}\p{Lo}]/u.test(text) && !/[.,;:!?]$/.test(text) && line.cells.length === 1;
    return alone && titled ? Math.min(6, sizes.length + 1) : 0;
  };
}

function isLarge(line: Line, body: number): boolean {
  const text = textOf(line);
  return (
    half(line.size) >= body * 1.12 && text.length <= 150 && /\p{L}{2}/u.test(text) && line.cells.length <= 2
  );
}

function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
