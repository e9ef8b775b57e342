/** Where code begins and ends in Markdown, decided so that nothing a renderer would bring to life is taken for code. */

/** An open fenced block: its mark, how many of them at least close it, spaces before it. */
export type Fence = { mark: string; length: number; indent: number };

export type Code =
  | { kind: "code"; length: number; fence?: Fence }
  /** More text may complete it. */
  | { kind: "partial" }
  /** `lost`: a renderer may see a block here that we do not follow, so from here on nothing is certain to be code. */
  | { kind: "none"; lost?: true };

/** Characters; a longer span is not taken for code. */
const LONGEST_SPAN = 300;
const LONGEST_INFO = 100;
/** More spaces are an indented block, or a list inside a list. */
const DEEPEST = 3;

/**
 * Reads the run of backticks or tildes at `at`: a fence, which is code whatever follows, or a span that closes on its own
 * line. A bar in a span would be a table's cell border, so that is no code.
 * @param before what stands before it on its line
 * @param ended no more text will come
 */
export function readCode(text: string, at: number, before: string, ended: boolean): Code {
  const mark = text.charAt(at);
  const length = runOf(mark, text, at);
  const beginsBlock = /^[\s>*+\-\d.)]*$/.test(before);
  if (!ended && at + length >= text.length && (mark === "`" || beginsBlock)) return { kind: "partial" };
  if (length >= 3 && beginsBlock) {
    const end = text.indexOf("\n", at);
    const info = text.slice(at + length, end < 0 ? undefined : end).slice(0, LONGEST_INFO + 1);
    const fits = info.length <= LONGEST_INFO;
    if (end < 0 && !ended && fits) return { kind: "partial" };
    const isSpan = mark === "`" && info.includes("`");
    if (!isSpan && (!fits || !/^ {0,3}$/.test(before))) return { kind: "none", lost: true };
    if (!isSpan)
      return { kind: "code", length: length + info.length, fence: { mark, length, indent: before.length } };
  }
  return mark === "`" ? readSpan(text, at, length, ended) : { kind: "none" };
}

function readSpan(text: string, at: number, length: number, ended: boolean): Code {
  const limit = Math.min(text.length, at + LONGEST_SPAN);
  for (let next = at + length; next < limit; ) {
    const character = text.charAt(next);
    if (character === "\n" || character === "|") return { kind: "none" };
    const run = runOf("`", text, next);
    if (run === length && (ended || next + run < text.length))
      return { kind: "code", length: next + run - at };
    next += Math.max(1, run);
  }
  return !ended && limit === text.length ? { kind: "partial" } : { kind: "none" };
}

/** What a line does to the block it follows: part of it, its end, or `lost`, where renderers differ. */
export function readFenced(line: string, { mark, length, indent }: Fence): "code" | "end" | "lost" {
  const [, space = "", text = ""] = /^([ \t]*)(.*?)[ \t]*\n?$/s.exec(line) ?? [];
  const spaces = space.replaceAll("\t", "    ").length;
  if (text === "") return "code";
  if (spaces < indent) return "lost";
  if (text.length < length || runOf(mark, text, 0) < text.length) return "code";
  if (spaces <= DEEPEST) return "end";
  return indent > 0 ? "lost" : "code";
}

function runOf(mark: string, text: string, at: number): number {
  let end = at;
  while (text.charAt(end) === mark) end++;
  return end - at;
}
