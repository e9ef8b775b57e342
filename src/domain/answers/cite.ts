/** Turns the model's text into clean text and citations whose evidence was found, while it streams. */
import { sentences } from "../../text/sentences.ts";
import type { AnswerEvent, Citation, Source } from "./events.ts";
import { type Folded, findQuote, findSupport, fold } from "./evidence.ts";
import { type MarkItem, opensMark, readMark } from "./marks.ts";

/** How much of the answer before a mark is searched for the sentence it stands behind. */
const CLAIM_REACH = 800;
/** White space is held back until we know whether a mark that disappears follows. */
const LONGEST_SPACE = 64;
const SPECIAL = /[\s[【`]/gu;

export type CitedEvent = Extract<AnswerEvent, { type: "token" | "citation" }>;

export type Citer = {
  /** Text as the model wrote it; returns what is certain by now. */
  push(delta: string): CitedEvent[];
  /** No more text: returns what was held back. */
  end(): CitedEvent[];
  /** The clean answer so far. */
  answer(): string;
  cited(): number;
  /** Marks removed because no passage supports them. */
  dropped(): number;
};

/**
 * A mark survives as `[n]` when source n exists and holds its quote, or, without a quote, a sentence that supports the
 * sentence it stands behind. Everything else that looks like a mark is removed from the text and counted. Code in
 * backticks is left alone.
 */
export function citer(sources: readonly Source[]): Citer {
  const byIndex = new Map(sources.map((source) => [source.index, source]));
  const folded = new Map<number, Folded>();
  let pending = "";
  let answer = "";
  let text = "";
  let events: CitedEvent[] = [];
  let cited = 0;
  let dropped = 0;
  let code: "none" | "inline" | "fence" = "none";
  let skipSpace = true;

  const flush = () => {
    if (text !== "") events.push({ type: "token", text });
    text = "";
  };
  const write = (piece: string) => {
    if (piece === "") return;
    text += piece;
    answer += piece;
    skipSpace = false;
  };

  const evidence = (source: Source, item: MarkItem) => {
    if (item.quote === null) return findSupport(source.content, claimBefore(answer));
    const passage = folded.get(source.index) ?? fold(source.content);
    folded.set(source.index, passage);
    return findQuote(passage, item.quote);
  };

  /** Writes the marks that hold, each followed by its citation. */
  const cite = (space: string, items: readonly MarkItem[]) => {
    let lead = space;
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
      seen.add(key);
      write(lead);
      lead = "";
      const start = answer.length;
      write(`[${source.index}]`);
      flush();
      events.push({ type: "citation", citation: citation(source, found, start, answer.length) });
      cited++;
    }
    if (seen.size > 0) return;
    if (space.includes("\n")) write(space);
    if (answer === "" || /\s$/.test(answer)) skipSpace = true;
  };

  const work = (ended: boolean) => {
    let at = 0;
    while (at < pending.length) {
      SPECIAL.lastIndex = at;
      const special = SPECIAL.exec(pending)?.index ?? pending.length;
      write(pending.slice(at, special));
      at = special;
      if (at >= pending.length) break;

      if (pending[at] === "`") {
        const run = /^`+/.exec(pending.slice(at, at + LONGEST_SPACE))?.[0] ?? "`";
        if (!ended && at + run.length >= pending.length) break;
        if (run.length >= 3) code = code === "fence" ? "none" : "fence";
        else if (code !== "fence") code = code === "inline" ? "none" : "inline";
        write(run);
        at += run.length;
        continue;
      }

      let next = at;
      while (next < pending.length && next - at < LONGEST_SPACE && /\s/.test(pending.charAt(next))) next++;
      if (next >= pending.length && !ended && next - at < LONGEST_SPACE) break;
      const space = skipSpace ? "" : pending.slice(at, next);
      if (space.includes("\n") && code === "inline") code = "none";
      if (next >= pending.length && ended) {
        at = next;
        break;
      }
      if (code !== "none" || !opensMark(pending.charAt(next))) {
        write(space);
        if (next === at) {
          write(pending.charAt(next));
          next++;
        }
        at = next;
        continue;
      }
      const mark = readMark(pending, next, ended);
      if (mark.kind === "partial") break;
      if (mark.kind === "mark") {
        cite(space, mark.items);
        at = next + mark.length;
      } else {
        write(space);
        write(pending.charAt(next));
        at = next + 1;
      }
    }
    pending = pending.slice(at);
    flush();
    const ready = events;
    events = [];
    return ready;
  };

  return {
    push(delta) {
      pending += delta;
      return work(false);
    },
    end: () => work(true),
    answer: () => answer,
    cited: () => cited,
    dropped: () => dropped,
  };
}

/** The sentence that the next mark stands behind; the one before as well when it says too little alone. */
function claimBefore(answer: string): string {
  const tail = answer.slice(-CLAIM_REACH).replace(/\[\d{1,3}\]/g, "");
  const spans = sentences(tail);
  const last = spans.at(-1);
  if (!last) return "";
  const claim = tail.slice(last.start, last.end);
  const before = spans.at(-2);
  return before && claim.trim().split(/\s+/).length < 3 ? tail.slice(before.start, last.end) : claim;
}

function citation(source: Source, found: { start: number; end: number }, from: number, to: number): Citation {
  // A piece of a table starts with a copy of its header; the document's range begins after it.
  const copied = Math.max(0, source.content.length - (source.end - source.start));
  const place = (offset: number) => Math.min(source.end, source.start + Math.max(0, offset - copied));
  const { index, chunk_id, document_id, document_name, page, heading } = source;
  return {
    index,
    answer_start: from,
    answer_end: to,
    chunk_id,
    document_id,
    document_name,
    page,
    heading,
    start: place(found.start),
    end: place(found.end),
    quote: source.content.slice(found.start, found.end),
  };
}
