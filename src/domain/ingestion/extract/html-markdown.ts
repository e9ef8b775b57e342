/** Tags and text in order to Markdown: headings, lists, tables, code, links as their text. */
import { type HtmlVisitor, htmlAttribute, VOID } from "./html-tokens.ts";

/** Never part of what a page says. */
const UNSEEN = new Set(
  "script style noscript template svg canvas object audio video iframe head select datalist textarea map".split(
    " ",
  ),
);
/** Around what a page says; left out when nothing has picked the main part. */
const FRAME = new Set(["nav", "aside", "footer", "form", "dialog"]);
const BLOCK = new Set(
  "p div section article main header footer aside nav figure figcaption address fieldset details summary dl center body form hgroup".split(
    " ",
  ),
);
/** Their end tag may be left out: the next of the kind ends them. */
const UNCLOSED = new Set(["p", "li", "td", "th", "tr", "dd", "dt", "option"]);

const LANGUAGE = /(?:language|lang)-([\w+#-]{1,20})/;

type List = { ordered: boolean; count: number };
type Table = { rows: string[][]; row: string[]; header: boolean; span: number };

/** `skipFrame` leaves out navigation, footers and forms. `finish` returns the page as Markdown. */
export function markdownWriter(
  skipFrame: boolean,
): HtmlVisitor & { finish(): { text: string; title: string } } {
  const blocks: string[] = [];
  const lists: List[] = [];
  const tables: Table[] = [];
  let inline = "";
  let title = "";
  let inTitle = false;
  let heading = 0;
  let pre: { language: string } | null = null;
  let cell: string[] | null = null;
  let quote = 0;
  let item: "none" | "new" | "open" = "none";
  let listBlock = -2; // the block that takes further items
  let skip: string | null = null; // the element whose content is left out
  let skipDepth = 0;

  const flush = () => {
    const text = pre
      ? inline.replace(/^\n+|\s+$/g, "")
      : inline
          .replace(/[ \t\u00a0]+/g, " ")
          .replace(/ ?\n ?/g, "\n")
          .trim();
    inline = "";
    if (text === "") return;
    if (cell) cell.push(text);
    else if (pre) blocks.push(`\`\`\`${pre.language}\n${text}\n\`\`\``);
    else if (heading > 0) blocks.push(`${"#".repeat(heading)} ${text.replaceAll("\n", " ")}`);
    else if (item !== "none") putItem(text);
    else blocks.push(quote > 0 ? `> ${text.replaceAll("\n", "\n> ")}` : text);
  };

  const putItem = (text: string) => {
    const list = lists.at(-1);
    const indent = "  ".repeat(Math.min(6, Math.max(0, lists.length - 1)));
    const flat = text.replaceAll("\n", " ");
    const last = blocks.length - 1;
    if (item === "open") {
      // A further paragraph of the item.
      blocks[last] = `${blocks[last] ?? ""} ${flat}`;
      return;
    }
    const line = `${indent}${list?.ordered ? `${++list.count}.` : "-"} ${flat}`;
    if (last === listBlock) blocks[last] += `\n${line}`;
    else listBlock = blocks.push(line) - 1;
    item = "open";
  };

  const endCell = () => {
    const table = tables.at(-1);
    if (!cell || !table) return;
    flush();
    table.row.push(cell.join(" ").replaceAll("\n", " "), ...new Array<string>(table.span - 1).fill(""));
    cell = null;
  };
  const endRow = () => {
    if (!cell) flush(); // a caption, or what else stands between rows
    endCell();
    const table = tables.at(-1);
    if (table && table.row.length > 0) table.rows.push(table.row);
    if (table) table.row = [];
  };
  const endTable = () => {
    endRow();
    const table = tables.pop();
    if (!table) return;
    const text = tableText(table);
    if (text !== "") blocks.push(text);
  };

  const shows = (name: string, attributes: string): boolean => {
    if (UNSEEN.has(name)) return false;
    if (skipFrame && FRAME.has(name)) return false;
    if (attributes === "" || !/hidden|style|role/i.test(attributes)) return true;
    if (htmlAttribute(attributes, "hidden") !== null || htmlAttribute(attributes, "aria-hidden") === "true")
      return false;
    if (
      skipFrame &&
      /^(?:navigation|banner|contentinfo|search)$/.test(htmlAttribute(attributes, "role") ?? "")
    )
      return false;
    return !/display\s*:\s*none|visibility\s*:\s*hidden/i.test(htmlAttribute(attributes, "style") ?? "");
  };

  const open = (name: string, attributes: string) => {
    if (skip !== null) {
      if (name !== skip) return;
      if (!UNCLOSED.has(name)) {
        skipDepth++;
        return;
      }
      skip = null;
    }
    if (name === "title" && title === "") {
      inTitle = true;
      return;
    }
    if (!VOID.has(name) && name !== "head" && !shows(name, attributes)) {
      skip = name;
      skipDepth = 1;
      return;
    }
    if (/^h[1-6]$/.test(name)) {
      flush();
      if (!cell) heading = Number(name[1]);
    } else if (BLOCK.has(name)) flush();
    else if (name === "br") inline += "\n";
    else if (name === "hr") flush();
    else if (name === "ul" || name === "ol" || name === "menu") {
      flush();
      if (!cell)
        lists.push({ ordered: name === "ol", count: (Number(htmlAttribute(attributes, "start")) || 1) - 1 });
    } else if (name === "li" || name === "dd") {
      flush();
      item = cell ? "none" : "new";
    } else if (name === "dt") {
      flush();
      item = "none";
    } else if (name === "pre") {
      flush();
      const language = LANGUAGE.exec(attributes)?.[1] ?? "";
      if (!cell) pre = { language };
    } else if (name === "code" && pre?.language === "") {
      pre.language = LANGUAGE.exec(attributes)?.[1] ?? "";
    } else if (name === "blockquote") {
      flush();
      quote++;
    } else if (name === "table" && tables.length === 0) {
      flush();
      item = "none";
      tables.push({ rows: [], row: [], header: false, span: 1 });
    } else if (name === "tr" && tables.length > 0) endRow();
    else if ((name === "td" || name === "th") && tables.length > 0) {
      if (!cell) flush();
      endCell();
      cell = [];
      const table = tables.at(-1);
      if (table && name === "th") table.header = true;
      if (table) table.span = Math.max(1, Math.min(30, Number(htmlAttribute(attributes, "colspan")) || 1));
    }
  };

  const close = (name: string) => {
    if (name === "title") {
      inTitle = false;
      return;
    }
    if (skip !== null) {
      if (name === skip && --skipDepth <= 0) skip = null;
      return;
    }
    if (/^h[1-6]$/.test(name)) {
      flush();
      heading = 0;
    } else if (BLOCK.has(name)) flush();
    else if (name === "li" || name === "dd") {
      flush();
      item = lists.length > 1 ? "new" : "none";
    } else if (name === "ul" || name === "ol" || name === "menu") {
      flush();
      if (!cell) lists.pop();
      item = lists.length > 0 ? "open" : "none";
    } else if (name === "pre") {
      flush();
      pre = null;
    } else if (name === "blockquote") {
      flush();
      quote = Math.max(0, quote - 1);
    } else if (name === "td" || name === "th") endCell();
    else if (name === "tr") endRow();
    else if (name === "table") endTable();
  };

  const text = (value: string) => {
    if (inTitle) title += value;
    else if (skip === null) inline += pre ? value : value.replace(/[\s\u00a0]+/g, " ");
  };

  const finish = () => {
    flush();
    while (tables.length > 0) endTable();
    return { text: blocks.join("\n\n"), title: title.replace(/\s+/g, " ").trim() };
  };
  return { open, close, text, finish };
}

/** Rows of Markdown; a table that only arranges the page becomes its paragraphs. */
function tableText({ rows: all, header }: Table): string {
  const rows = all.filter((row) => row.some((cell) => cell !== ""));
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const cells = rows.flat().filter((cell) => cell !== "");
  const long = cells.filter((cell) => cell.length > 300).length;
  if (columns < 2 || columns > 60 || (!header && (rows.length < 2 || long > cells.length / 4)))
    return cells.join("\n\n");
  const lines = rows.map((row) => {
    const padded = Array.from({ length: columns }, (_, i) => (row[i] ?? "").replaceAll("|", "\\|"));
    return `| ${padded.join(" | ")} |`;
  });
  lines.splice(1, 0, `|${" --- |".repeat(columns)}`);
  return lines.join("\n");
}
