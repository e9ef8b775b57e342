/** Turns the model's text into an answer and citations whose evidence was found, while it streams. */
import { sentenceBefore } from "./claim.ts";
import { type Fence, readCode, readFenced } from "./code.ts";
import type { Citation, Source } from "./events.ts";
import { type Folded, findQuote, findSupport, fold } from "./evidence.ts";
import type { Links } from "./links.ts";
import { endsInMark, type MarkItem, opensMark, readMark } from "./marks.ts";
import { originOf } from "./origin.ts";
import { type CitedEvent, type Unplaced, writer } from "./write.ts";

/** White space is held back until we know whether a mark that disappears follows. */
const LONGEST_SPACE = 64;
/** Characters; a longer line of code is written in pieces. */
const LONGEST_LINE = 2_000;
const SPECIAL = /[\s[【［〔`~\\]/gu;
const BLANK_LINE = /\n[ \t]*\n[ \t]*$/;

export type Citer = {
  /** Text as the model wrote it; returns what is certain by now. */
  push(delta: string): CitedEvent[];
  /** No more text: returns what was held back. */
  end(): CitedEvent[];
  /** The answer so far. */
  answer(): string;
  citations(): readonly Citation[];
  /** Marks removed because no passage supports them. */
  dropped(): number;
  /** Addresses removed because no source holds them. */
  removed(): number;
};

/**
 * A mark survives as `[n]` when source n exists and holds its quote, or, without a quote, a sentence that supports the
 * sentence it stands behind. Everything else that looks like a mark is removed from the text and counted. Code is left
 * alone; what else is done to the text, see defuse.ts.
 */
export function citer(sources: readonly Source[], links: Links): Citer {
  const byIndex = new Map(sources.map((source) => [source.index, source]));
  const folded = new Map<number, Folded>();
  const out = writer(links);
  let pending = "";
  /** What was written, before the writer looked at it. */
  let said = "";
  let dropped = 0;
  let fence: Fence | null = null;
  /** A backtick without a partner: a renderer may pair it with one further on, so nothing in this paragraph is code. */
  let isUnpaired = false;
  /** Nothing is certain to be code any more. */
  let isLost = false;
  let skipSpace = true;

  const write = (piece: string, isCode = false) => {
    if (piece === "") return;
    said += piece;
    if (isCode) out.code(piece);
    else out.prose(piece);
    if (piece.includes("\n") && BLANK_LINE.test(said.slice(-LONGEST_SPACE))) isUnpaired = false;
    skipSpace = false;
  };

  const evidence = (source: Source, item: MarkItem) => {
    const body = bodyOf(source);
    if (item.quote === null) {
      const claim = sentenceBefore(said, said.length);
      return claim && findSupport(body, said.slice(claim.start, claim.end).replace(/\[\d{1,3}\]/g, ""));
    }
    const passage = folded.get(source.index) ?? fold(body);
    folded.set(source.index, passage);
    return findQuote(passage, item.quote);
  };

  /** Writes the marks that hold, each followed by its citation. */
  const cite = (space: string, items: readonly MarkItem[]) => {
    const seen = new Set<string>();
    for (const item of items) {
      const source = byIndex.get(item.index);
      const found = source && evidence(source, item);
      if (!source || !found) {
        dropped++;
        continue;
      }
      const key = `${source.index}:${found.start}`;
      if (seen.has(key)) continue;
      if (seen.size === 0) write(space);
      seen.add(key);
      said += `[${source.index}]`;
      out.mark(citation(source, found));
      skipSpace = false;
    }
    if (seen.size > 0) return;
    if (space.includes("\n")) write(space);
    // What stands around a mark that has gone must not become one: [[9]1].
    if (endsInMark(said)) write("…");
    if (said === "" || /\s$/.test(said)) skipSpace = true;
  };

  /** A line of a fenced block, or a piece of a long one; how many characters it read, 0 when more must come. */
  const readLine = (open: Fence, at: number, ended: boolean): number => {
    const end = pending.indexOf("\n", at) + 1;
    const line = pending.slice(at, end > 0 ? end : undefined);
    if (end === 0 && !ended && line.length < LONGEST_LINE) return 0;
    const does = said.endsWith("\n") ? readFenced(line, open) : "code";
    if (does !== "code") fence = null;
    if (does === "lost") isLost = true;
    write(line, does !== "lost");
    return line.length;
  };

  /** Backticks or tildes at `at`, with the code they begin; how many characters it read, 0 when more must come. */
  const readTicks = (at: number, ended: boolean): number => {
    const code = readCode(pending, at, said.slice(said.lastIndexOf("\n") + 1), ended);
    if (code.kind === "partial") return 0;
    if (code.kind === "none" && code.lost) isLost = true;
    if (code.kind === "code" && !isLost && (code.fence || !isUnpaired)) {
      fence = code.fence ?? null;
      write(pending.slice(at, at + code.length), true);
      return code.length;
    }
    const run = /^(?:`+|~+)/.exec(pending.slice(at))?.[0] ?? "";
    if (run.startsWith("`")) isUnpaired = true;
    write(run);
    return run.length;
  };

  const work = (ended: boolean): CitedEvent[] => {
    let at = 0;
    while (at < pending.length) {
      if (fence) {
        const read = readLine(fence, at, ended);
        if (read === 0) break;
        at += read;
        continue;
      }
      SPECIAL.lastIndex = at;
      const special = SPECIAL.exec(pending)?.index ?? pending.length;
      write(pending.slice(at, special));
      at = special;
      if (at >= pending.length) break;

      if (/[`~]/.test(pending.charAt(at))) {
        const read = readTicks(at, ended);
        if (read === 0) break;
        at += read;
        continue;
      }

      let next = at;
      while (next < pending.length && next - at < LONGEST_SPACE && /\s/.test(pending.charAt(next))) next++;
      if (next >= pending.length && (ended || next - at < LONGEST_SPACE)) {
        if (ended) at = next;
        break;
      }
      const space = skipSpace ? "" : pending.slice(at, next);
      // A backslash keeps a renderer from reading a link, not a person from reading a mark.
      const escaped = pending.charAt(next) === "\\";
      if (escaped && !ended && next + 1 >= pending.length) break;
      const opening = escaped ? next + 1 : next;
      if (!opensMark(pending.charAt(opening))) {
        write(space);
        if (escaped && pending.charAt(opening) === "`") isUnpaired = true;
        if (next === at || escaped) write(pending.charAt(next++));
        at = next;
        continue;
      }
      const mark = readMark(pending, opening, ended);
      if (mark.kind === "partial") break;
      if (mark.kind === "mark") {
        cite(space, mark.items);
        at = opening + mark.length;
      } else {
        write(space);
        write(pending.slice(next, opening + 1));
        at = opening + 1;
      }
    }
    pending = pending.slice(at);
    if (ended) out.end();
    return out.take();
  };

  return {
    push(delta) {
      // A carriage return alone would begin a line for some renderers.
      pending += delta.replaceAll("\r", "");
      return work(false);
    },
    end: () => work(true),
    answer: out.answer,
    citations: out.citations,
    dropped: () => dropped,
    removed: out.removed,
  };
}

/** How much of a passage is a copy of its table's header, which stands elsewhere in the document. */
const copiedOf = ({ content, start, end }: Source) => Math.max(0, content.length - (end - start));
const bodyOf = (source: Source) => source.content.slice(copiedOf(source));

function citation(source: Source, found: { start: number; end: number }): Unplaced {
  const { index, document_name, version, page, heading, start } = source;
  const quote = bodyOf(source).slice(found.start, found.end);
  const range = { start: start + found.start, end: start + found.end };
  return { ...originOf(source), index, document_name, version, page, heading, ...range, quote };
}
