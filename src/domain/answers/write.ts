/** Puts the answer together: what the reader gets, defused, with each citation at its place in it. */
import { claimBefore } from "./claim.ts";
import { ATOM, defuser, REACH } from "./defuse.ts";
import type { AnswerEvent, Citation } from "./events.ts";
import type { Links } from "./links.ts";

export type CitedEvent = Extract<AnswerEvent, { type: "token" | "citation" }>;
export type Unplaced = Without<Citation, "answer_start" | "answer_end" | "claim_start" | "claim_end">;
/** Of each kind of citation by itself. */
type Without<One, Keys extends PropertyKey> = One extends unknown ? Omit<One, Keys> : never;

export type Writer = {
  prose(text: string): void;
  /** Whole spans, and lines of a block. */
  code(text: string): void;
  /** Writes `[n]` and, behind it, its citation. */
  mark(citation: Unplaced): void;
  /** Nothing follows: writes what was held back. */
  end(): void;
  /** The events since the last call. */
  take(): CitedEvent[];
  answer(): string;
  citations(): readonly Citation[];
  /** Addresses taken out. */
  removed(): number;
};

export function writer(links: Links): Writer {
  const defused = defuser(links);
  let held = "";
  const marks: Unplaced[] = [];
  const citations: Citation[] = [];
  /** The end of the answer, with an atom for each mark. */
  let tail = "";
  let answer = "";
  let token = "";
  let events: CitedEvent[] = [];

  const flush = () => {
    if (token !== "") events.push({ type: "token", text: token });
    token = "";
  };
  const emit = (text: string) => {
    token += text;
    answer += text;
  };
  const place = (citation: Unplaced) => {
    const start = answer.length;
    const claim = claimBefore(answer, start);
    emit(`[${citation.index}]`);
    flush();
    const at = {
      answer_start: start,
      answer_end: answer.length,
      claim_start: claim.start,
      claim_end: claim.end,
    };
    const placed = { ...citation, ...at };
    citations.push(placed);
    events.push({ type: "citation", citation: placed });
  };

  const work = (ended: boolean) => {
    const { text, read } = defused.prose(held, tail, ended);
    held = held.slice(read);
    tail = (tail + text).slice(-REACH);
    for (const [at, part] of text.split(ATOM).entries()) {
      const citation = at > 0 ? marks.shift() : undefined;
      if (citation) place(citation);
      emit(part);
    }
  };

  return {
    prose(text) {
      held += text.replaceAll(ATOM, "");
    },
    code(text) {
      work(true);
      // A renderer draws a backtick into an address.
      const lead = /(?:\/\/|www\.)[^\s<]*$/i.test(tail) && text.startsWith("`") ? " " : "";
      const shown = lead + defused.code(text.replaceAll(ATOM, ""));
      tail = (tail + shown).slice(-REACH);
      emit(shown);
    },
    mark(citation) {
      held += ATOM;
      marks.push(citation);
    },
    end: () => work(true),
    take() {
      work(false);
      flush();
      const ready = events;
      events = [];
      return ready;
    },
    answer: () => answer,
    citations: () => citations,
    removed: defused.removed,
  };
}
