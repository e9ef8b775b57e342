/** The Markdown that language models write, as a tree of elements; HTML in it is text. */
import type { Element, ElementContent } from "hast";

const element = (
  tagName: string,
  children: ElementContent[],
  properties: Element["properties"] = {},
): Element => ({
  type: "element",
  tagName,
  properties,
  children,
});
const text = (value: string): ElementContent => ({ type: "text", value });

/** `marks`: the numbers whose `[n]` becomes a button; any other stays text. */
export function markdown(source: string, marks: ReadonlySet<number>): ElementContent[] {
  return blocks(source.replace(/\r\n?/g, "\n").split("\n"), marks, 0);
}

/** Quotes and lists within each other; what is deeper is text. */
const DEEPEST = 8;

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)[^`]*$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const ITEM = /^( *)([-*+•]|\d{1,9}[.)])\s+(.*)$/;
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function blocks(lines: readonly string[], marks: ReadonlySet<number>, depth: number): ElementContent[] {
  const found: ElementContent[] = [];
  const at = (index: number) => lines[index] ?? "";
  for (let i = 0; i < lines.length; ) {
    const line = at(i);
    if (line.trim() === "") {
      i++;
      continue;
    }
    const fence = FENCE.exec(line);
    if (fence) {
      const [, open = ""] = fence;
      let end = i + 1;
      while (end < lines.length && !at(end).trim().startsWith(open)) end++;
      found.push(element("pre", [element("code", [text(lines.slice(i + 1, end).join("\n"))])]));
      i = end + 1;
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      const [, level = "", title = ""] = heading;
      // The panel's own heading is above all of them.
      found.push(element(`h${Math.min(6, level.length + 2)}`, inline(title, marks)));
      i++;
      continue;
    }
    if (RULE.test(line)) {
      found.push(element("hr", []));
      i++;
      continue;
    }
    if (QUOTE.test(line) && depth < DEEPEST) {
      let end = i;
      while (end < lines.length && QUOTE.test(at(end))) end++;
      const inner = lines.slice(i, end).map((one) => QUOTE.exec(one)?.[1] ?? "");
      found.push(element("blockquote", blocks(inner, marks, depth + 1)));
      i = end;
      continue;
    }
    if (ITEM.test(line) && depth < DEEPEST) {
      const [made, end] = list(lines, i, marks, depth);
      found.push(made);
      i = end;
      continue;
    }
    if (line.includes("|") && at(i + 1).includes("-") && DIVIDER.test(at(i + 1))) {
      let end = i + 2;
      while (end < lines.length && at(end).includes("|")) end++;
      found.push(table(line, at(i + 1), lines.slice(i + 2, end), marks));
      i = end;
      continue;
    }
    let end = i + 1;
    while (end < lines.length && !startsBlock(at(end), at(end + 1))) end++;
    found.push(element("p", inline(lines.slice(i, end).join("\n").trim(), marks)));
    i = end;
  }
  return found;
}

const startsBlock = (line: string, next: string) =>
  line.trim() === "" ||
  FENCE.test(line) ||
  HEADING.test(line) ||
  RULE.test(line) ||
  QUOTE.test(line) ||
  ITEM.test(line) ||
  (line.includes("|") && next.includes("-") && DIVIDER.test(next));

/** The list that begins in line `from`, and the line after it. */
function list(
  lines: readonly string[],
  from: number,
  marks: ReadonlySet<number>,
  depth: number,
): [Element, number] {
  const [, lead = "", bullet = ""] = ITEM.exec(lines[from] ?? "") ?? [];
  const ordered = /\d/.test(bullet);
  const items: ElementContent[] = [];
  let i = from;
  while (i < lines.length) {
    const item = ITEM.exec(lines[i] ?? "");
    if (!item || /\d/.test(item[2] ?? "") !== ordered || (item[1] ?? "").length > lead.length + 1) break;
    if ((item[1] ?? "").length < lead.length || RULE.test(lines[i] ?? "")) break;
    const content = [item[3] ?? ""];
    const indent = lead.length + 2;
    for (i++; i < lines.length; i++) {
      const line = lines[i] ?? "";
      const inside = /^ */.exec(line)?.[0].length ?? 0;
      if (line.trim() === "") {
        // A blank line belongs to the item when what follows is indented like it.
        const next = lines.slice(i + 1).find((one) => one.trim() !== "") ?? "";
        if ((/^ */.exec(next)?.[0].length ?? 0) < indent && !ITEM.test(next)) break;
        if (ITEM.test(next) && (/^ */.exec(next)?.[0].length ?? 0) < indent) continue;
        content.push("");
        continue;
      }
      if (inside >= indent) content.push(line.slice(Math.min(inside, indent + 1)));
      else if (startsBlock(line, lines[i + 1] ?? "")) break;
      else content.push(line.trim());
    }
    const inner = blocks(content, marks, depth + 1);
    const [first] = inner;
    // One paragraph alone stands in the item itself, as in a tight list.
    if (first?.type === "element" && first.tagName === "p") inner.splice(0, 1, ...first.children);
    items.push(element("li", inner));
  }
  const start = Number.parseInt(bullet, 10);
  return [element(ordered ? "ol" : "ul", items, ordered && start !== 1 ? { start } : {}), i];
}

const cells = (line: string) =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replace(/\\\|/g, "|"));

function table(head: string, divider: string, rows: readonly string[], marks: ReadonlySet<number>): Element {
  const aligned = cells(divider).map((cell) =>
    cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "end") : undefined,
  );
  const row = (line: string, tag: string) =>
    element(
      "tr",
      cells(line)
        .slice(0, aligned.length)
        .map((cell, column) =>
          element(tag, inline(cell, marks), aligned[column] ? { dataAlign: aligned[column] } : {}),
        ),
    );
  return element("table", [
    element("thead", [row(head, "th")]),
    element(
      "tbody",
      rows.map((line) => row(line, "td")),
    ),
  ]);
}

/**
 * Tried in this order wherever one of their first characters stands. What may be long is bounded: a text without the
 * closing half must not be searched to its end from each opening one.
 */
const INLINE: [RegExp, (found: RegExpExecArray, marks: ReadonlySet<number>) => ElementContent | undefined][] =
  [
    [/^\\([!-/:-@[-`{-~])/, ([, character = ""]) => text(character)],
    [/^(`{1,8})(.{1,2000}?)\1(?!`)/s, ([, , code = ""]) => element("code", [text(code.trim())])],
    [
      /^\[(\d{1,3})\](?!\()/,
      ([, digits = ""], marks) =>
        marks.has(Number(digits)) ? element("button", [text(digits)], { dataCite: digits }) : undefined,
    ],
    [
      /^!?\[([^\]\n]{0,500})\]\(\s{0,9}<?([^\s)>]{1,2000})>?(?:\s{1,9}["'][^"'\n]{0,500}["'])?\s{0,9}\)/,
      ([, label = "", href = ""], marks) => link(href, inline(label, marks)),
    ],
    [
      /^<((?:https?:\/\/|mailto:)[^\s<>]{1,2000})>/,
      ([, href = ""]) => link(href, [text(href.replace(/^mailto:/, ""))]),
    ],
    [/^https?:\/\/[^\s<>[\]`*]{0,2000}[^\s<>[\]`*.,;:!?'")]/, ([href]) => link(href, [text(href)])],
    [
      /^\*\*\*(\S|\S.{0,2000}?\S)\*\*\*/s,
      ([, inner = ""], marks) => element("strong", [element("em", inline(inner, marks))]),
    ],
    [
      /^(\*\*|__)(\S|\S.{0,2000}?\S)\1(?!\w)/s,
      ([, , inner = ""], marks) => element("strong", inline(inner, marks)),
    ],
    [/^~~(\S|\S.{0,2000}?\S)~~/s, ([, inner = ""], marks) => element("del", inline(inner, marks))],
    [
      /^\*([^\s*]|[^\s*].{0,2000}?[^\s*])\*(?!\*)/s,
      ([, inner = ""], marks) => element("em", inline(inner, marks)),
    ],
    [
      /^_([^\s_]|[^\s_].{0,2000}?[^\s_])_(?!\w)/s,
      ([, inner = ""], marks) => element("em", inline(inner, marks)),
    ],
    [/^<br\s?\/?>/i, () => element("br", [])],
    [/^(?: {2,9}|\\)?\n/, () => element("br", [])],
  ];

const link = (href: string, children: ElementContent[]): ElementContent =>
  element("a", children, { href, target: "_blank", rel: ["noopener", "noreferrer", "nofollow"] });

function inline(source: string, marks: ReadonlySet<number>): ElementContent[] {
  const found: ElementContent[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") found.push(text(plain));
    plain = "";
  };
  for (let at = 0; at < source.length; ) {
    const jump = /[\\`[!<h*_~\n ]/.exec(source.slice(at));
    if (!jump) {
      plain += source.slice(at);
      break;
    }
    plain += source.slice(at, at + jump.index);
    at += jump.index;
    const rest = source.slice(at);
    const inWord = /\w$/.test(plain);
    const made = first(rest, marks, inWord);
    if (!made) {
      plain += source.charAt(at++);
      continue;
    }
    flush();
    found.push(made[0]);
    at += made[1];
  }
  flush();
  return found;
}

function first(
  rest: string,
  marks: ReadonlySet<number>,
  inWord: boolean,
): [ElementContent, number] | undefined {
  // snake_case is no emphasis, and an address begins a word.
  if (inWord && /^[_h]/.test(rest)) return undefined;
  for (const [pattern, make] of INLINE) {
    const match = pattern.exec(rest);
    const made = match && make(match, marks);
    if (made) return [made, match[0].length];
  }
  return undefined;
}
