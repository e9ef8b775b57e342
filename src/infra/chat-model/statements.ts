/** Cuts a passage into the statements an answer can be made of: sentences, list items, whole lists, table rows, code. */
import { sentences } from "../../text/sentences.ts";
import { plain } from "./plain.ts";
import { type Cell, markdownCells, recordCells } from "./table-rows.ts";

export type Statement = {
  kind: "sentence" | "item" | "list" | "row" | "code";
  /** Is it a list whose items are counted, as steps are? */
  counted: boolean;
  /** UTF-16 range of the passage: what the citation quotes. */
  start: number;
  end: number;
  /** As a reader should see it, without markup. */
  text: string;
  /** Headings and, last, the question or introduction it stands under. */
  context: string[];
  /** Is the nearest of them a question, as in a list of frequent questions? */
  asked: boolean;
  /** Place under that heading, from 0. */
  place: number;
  /** The sentence before it in the same paragraph. */
  before: Statement | null;
  /** Of a table row; empty for everything else. */
  cells: Cell[];
};

const HEADING = /^(#{1,6})\s+(.*?)\s*#*\s*$/;
/** `2. WHICH STOVES ARE AFFECTED`, as plain text has it. */
const CAPITALS = /^(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?[\p{Lu}\d][\p{Lu}\d\s,'’/&()-]{5,80}$/u;
const BOLD_LINE = /^(?:\*\*|__)([^*_]{2,120})(?:\*\*|__):?\s*$/;
const ITEM = /^\s*(?:[-*+•·–]|\(?(?:\d{1,3}|[a-z]|[٠-٩]{1,3})[.)])\s+/i;
const FENCE = /^\s*(?:```|~~~)/;
const QUESTION = /[?؟？]\s*["'”»]?\s*$/;
const MOST_ITEMS = 8;
const LONGEST_LIST = 900;
const LONGEST_ITEM = 320;

type Line = { start: number; end: number; text: string };

/** Every statement of `content`, in order. */
export function statementsOf(content: string): Statement[] {
  const lines = linesOf(content);
  const found: Statement[] = [];
  const headings: { level: number; title: string }[] = [];
  let question: string | null = null;
  let place = 0;

  const add = (
    kind: Statement["kind"],
    start: number,
    end: number,
    text: string,
    more: Partial<Statement> = {},
  ) => {
    const context = headings.map(({ title }) => title);
    if (question) context.push(question);
    const asked = QUESTION.test(context.at(-1) ?? "");
    const statement: Statement = {
      kind,
      counted: false,
      start,
      end,
      text,
      context,
      asked,
      place,
      before: null,
      cells: [],
      ...more,
    };
    found.push(statement);
    return statement;
  };
  const enter = (level: number, title: string) => {
    while ((headings.at(-1)?.level ?? 0) >= level) headings.pop();
    headings.push({ level, title: plain(title) });
    question = null;
    place = 0;
  };

  const addProse = (start: number, end: number) => {
    let before: Statement | null = null;
    for (const span of sentences(content.slice(start, end))) {
      const from = start + span.start;
      const text = plain(content.slice(from, start + span.end));
      if (QUESTION.test(text)) {
        question = text;
        place = 0;
        before = null;
        continue;
      }
      before = add("sentence", from, start + span.end, text, { before });
      place++;
    }
  };

  const addList = (items: Line[], intro: Statement | null) => {
    const opening = intro?.text.endsWith(":") ? intro : null;
    const texts = items.map(({ text }) => plain(text.replace(ITEM, "")));
    const records = recordCells(texts);
    if (records) {
      items.forEach((line, at) => {
        addRow(line.start + (ITEM.exec(line.text)?.[0].length ?? 0), line.end, records[at]);
      });
      return;
    }
    const introduced = opening ? { context: [...opening.context, opening.text] } : {};
    items.forEach((line, at) => {
      const mark = ITEM.exec(line.text)?.[0].length ?? 0;
      const text = texts[at] ?? "";
      if (text.length <= LONGEST_ITEM) add("item", line.start + mark, line.end, text, introduced);
      else addProse(line.start + mark, line.end);
    });
    const first = items[0];
    const last = items.at(-1);
    if (!first || !last || items.length < 2 || items.length > MOST_ITEMS) return;
    const start = opening?.start ?? first.start;
    if (last.end - start > LONGEST_LIST) return;
    const mark = ITEM.exec(first.text)?.[0] ?? "";
    const numbered = /\d|[٠-٩]/.test(mark);
    const rows = texts.map((text, at) => `${numbered ? `${at + 1}.` : "-"} ${text}`);
    add("list", start, last.end, [...(opening ? [opening.text] : []), ...rows].join("\n"), {
      counted: /[\p{L}\p{Nd}]/u.test(mark),
    });
    place += items.length;
  };

  const addRow = (start: number, end: number, cells: Cell[] | null | undefined) => {
    if (!cells?.length) return;
    add("row", start, end, cells.map(({ value }) => value).join(", "), { cells });
  };

  const addTable = (rows: Line[]) => {
    const table = markdownCells(rows.map(({ text }) => text));
    rows.forEach(({ start, end }, at) => {
      addRow(start, end, table[at]);
    });
  };

  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (!line) break;
    const heading = HEADING.exec(line.text);
    const bold = BOLD_LINE.exec(line.text);
    const capitals = isCapitals(line.text);
    const from = at++;
    if (heading) enter(heading[1]?.length ?? 1, heading[2] ?? "");
    else if (bold) enter(7, bold[1] ?? "");
    else if (capitals) enter(6, line.text);
    else if (FENCE.test(line.text)) {
      while (at < lines.length && !FENCE.test(lines[at]?.text ?? "")) at++;
      const [first, last] = [lines[from + 1], lines[at - 1]];
      if (first && last && at - 1 > from) {
        const code = content.slice(first.start, last.end).trim();
        if (code.length <= LONGEST_ITEM)
          add("code", first.start, last.end, code, { before: found.at(-1) ?? null });
      }
      at++;
    } else if (line.text.trimStart().startsWith("|")) {
      while (lines[at]?.text.trimStart().startsWith("|")) at++;
      addTable(lines.slice(from, at));
    } else if (ITEM.test(line.text)) {
      const items = [{ ...line }];
      for (let more = lines[at]; more && !startsBlock(more.text); more = lines[++at]) {
        const last = items.at(-1);
        if (ITEM.test(more.text)) items.push({ ...more });
        else if (last) {
          last.end = more.end;
          last.text += ` ${more.text.trim()}`;
        }
      }
      const intro = found.at(-1);
      addList(items, intro?.kind === "sentence" ? intro : null);
    } else if (line.text.trim() !== "") {
      while (at < lines.length && !startsBlock(lines[at]?.text ?? "") && !ITEM.test(lines[at]?.text ?? ""))
        at++;
      addProse(line.start, lines[at - 1]?.end ?? line.end);
    }
  }
  return found;
}

/** Does the line end the paragraph or list before it? */
function startsBlock(text: string): boolean {
  return (
    text.trim() === "" ||
    HEADING.test(text) ||
    BOLD_LINE.test(text) ||
    isCapitals(text) ||
    FENCE.test(text) ||
    text.trimStart().startsWith("|")
  );
}

function isCapitals(text: string): boolean {
  return CAPITALS.test(text.trim()) && /\p{Lu}{3}/u.test(text);
}

function linesOf(content: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const text of content.split("\n")) {
    lines.push({ start, end: start + text.length, text });
    start += text.length + 1;
  }
  return lines;
}
