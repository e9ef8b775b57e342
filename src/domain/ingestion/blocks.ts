/** One pass over canonical text to flat blocks: heading, code fence, table, list, quote, paragraph. */

export type Kind = "heading" | "code" | "table" | "list" | "quote" | "paragraph";

/** Called per block, in order, with its range (without the final line break) and the level of a heading, else 0. */
export type Visit = (kind: Kind, start: number, end: number, level: number) => void;

/** A line longer than this is no heading, whatever it begins with. */
const HEADING_MAX = 300;

/** Scans `text` once; time is linear in its length for every input. */
export function scanBlocks(text: string, visit: Visit): void {
  const n = text.length;
  let kind: Kind | null = null;
  let start = 0;
  let end = 0;
  let lines = 0;
  let fence = ""; // the marks that opened the code block we are in
  const close = () => {
    if (kind !== null) visit(kind, start, end, 0);
    kind = null;
  };

  for (let at = 0; at < n; ) {
    let eol = text.indexOf("\n", at);
    if (eol < 0) eol = n;
    let first = at;
    let code = text.charCodeAt(first);
    while (first < eol && (code === 32 || code === 9)) code = text.charCodeAt(++first);
    const next = eol + 1;

    if (fence !== "") {
      end = eol;
      if (
        text.startsWith(fence, first) &&
        eol - first < fence.length + 8 &&
        text.slice(first, eol).trimEnd() === fence
      ) {
        fence = "";
        close();
      }
    } else if (first === eol) {
      close();
    } else {
      const found = kindOfLine(text, first, eol, code, first - at);
      if (found === "heading") {
        close();
        let level = 1;
        while (text.charCodeAt(first + level) === 35) level++;
        visit("heading", first, eol, level);
      } else if (found === "underline") {
        // A title with a line of = or - under it; a line of - elsewhere only separates.
        if (kind === "paragraph" && lines === 1 && end - start < HEADING_MAX) {
          visit("heading", start, eol, code === 61 ? 1 : 2);
          kind = null;
        } else close();
      } else {
        const goesOn =
          kind === found ||
          (found === "paragraph" && (kind === "quote" || (kind === "list" && (first > at || lines > 0))));
        if (!goesOn || found === "code") {
          close();
          kind = found;
          start = found === "code" ? first : at;
          lines = 0;
        }
        if (found === "code") fence = text.slice(first, first + fenceLength(text, first, eol, code));
        end = eol;
        lines++;
      }
    }
    at = next;
  }
  close();
}

function kindOfLine(
  text: string,
  first: number,
  eol: number,
  code: number,
  indent: number,
): Kind | "underline" {
  switch (code) {
    case 35: // #
      return indent < 4 && isHeading(text, first, eol) ? "heading" : "paragraph";
    case 124: // |
      return "table";
    case 62: // >
      return "quote";
    case 96: // `
    case 126: // ~
      return fenceLength(text, first, eol, code) >= 3 ? "code" : "paragraph";
    case 61: // =
      return isRun(text, first, eol, code) ? "underline" : "paragraph";
    case 45: // -
    case 42: // *
    case 95: // _
      if (isRun(text, first, eol, code)) return "underline";
      return code !== 95 && text.charCodeAt(first + 1) === 32 ? "list" : "paragraph";
    case 43: // +
    case 0x2022: // •
      return text.charCodeAt(first + 1) === 32 ? "list" : "paragraph";
    default:
      return code >= 48 && code <= 57 && isNumbered(text, first) ? "list" : "paragraph";
  }
}

function isHeading(text: string, first: number, eol: number): boolean {
  let level = 1;
  while (level < 7 && text.charCodeAt(first + level) === 35) level++;
  return (
    level < 7 && eol - first < HEADING_MAX && eol > first + level && text.charCodeAt(first + level) === 32
  );
}

function isNumbered(text: string, first: number): boolean {
  let at = first + 1;
  while (at - first < 4 && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
  const mark = text.charCodeAt(at);
  return (mark === 46 || mark === 41) && text.charCodeAt(at + 1) === 32;
}

/** Is the line nothing but three or more of one mark? */
function isRun(text: string, first: number, eol: number, code: number): boolean {
  if (eol - first < 3 || eol - first > 200) return false;
  for (let i = first; i < eol; i++) {
    const c = text.charCodeAt(i);
    if (c !== code && c !== 32) return false;
  }
  return text.charCodeAt(first + 1) === code;
}

function fenceLength(text: string, first: number, eol: number, code: number): number {
  let length = 0;
  while (length < 20 && first + length < eol && text.charCodeAt(first + length) === code) length++;
  return length;
}
