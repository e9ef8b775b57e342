/** A forgiving scan of HTML: tags and text in order, no tree; linear in the length of the page. */
import { ENTITIES } from "./html-entities.ts";

export type HtmlVisitor = {
  /** `attributes` is raw; see {@link htmlAttribute}. */
  open(name: string, attributes: string): void;
  close(name: string): void;
  text(value: string): void;
};

/** Elements whose content is not markup. */
const RAW = new Set([
  "script",
  "style",
  "textarea",
  "title",
  "noscript",
  "xmp",
  "iframe",
  "noembed",
  "noframes",
]);
export const VOID = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);

export function scanHtml(html: string, visitor: HtmlVisitor): void {
  const n = html.length;
  let lower: string | null = null; // for finding the end of raw elements, made once and only when needed
  for (let at = 0; at < n; ) {
    const tag = html.indexOf("<", at);
    if (tag !== at) visitor.text(decodeEntities(tag < 0 ? html.slice(at) : html.slice(at, tag)));
    if (tag < 0) return;
    const next = html.charCodeAt(tag + 1);
    if (next === 33 || next === 63) {
      at = endOfDeclaration(html, tag);
      continue;
    }
    const closing = next === 47;
    const start = tag + (closing ? 2 : 1);
    if (!isLetter(html.charCodeAt(start))) {
      visitor.text("<");
      at = tag + 1;
      continue;
    }
    const end = endOfTag(html, start);
    let stop = start;
    while (stop < end && stop - start < 40 && isNameCharacter(html.charCodeAt(stop))) stop++;
    const name = html.slice(start, stop).toLowerCase();
    at = end + 1;
    if (closing) {
      visitor.close(name);
      continue;
    }
    visitor.open(name, html.slice(stop, end));
    if (VOID.has(name)) continue;
    if (RAW.has(name)) {
      lower ??= html.toLowerCase();
      // Lower-casing changes the length of a few letters; then positions cannot be trusted.
      const found = lower.length === n ? lower.indexOf(`</${name}`, at) : html.indexOf(`</${name}`, at);
      const until = found < 0 ? n : found;
      if (name === "title" || name === "textarea" || name === "xmp")
        visitor.text(decodeEntities(html.slice(at, until)));
      at = until;
    }
  }
}

function endOfDeclaration(html: string, tag: number): number {
  const isComment = html.startsWith("<!--", tag);
  const end = isComment ? html.indexOf("-->", tag + 4) : html.indexOf(">", tag);
  return end < 0 ? html.length : end + (isComment ? 3 : 1);
}

/** The `>` that ends a tag, not one in a quoted value; a quote that is never closed counts as none. */
function endOfTag(html: string, from: number): number {
  const plain = html.indexOf(">", from);
  if (plain < 0) return html.length;
  const limit = Math.min(html.length, plain + 20_000);
  let quote = 0;
  for (let i = from; i < limit; i++) {
    const code = html.charCodeAt(i);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if ((code === 34 || code === 39) && html.charCodeAt(i - 1) === 61) quote = code;
    else if (code === 62) return i;
  }
  return plain;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isNameCharacter(code: number): boolean {
  return isLetter(code) || (code >= 48 && code <= 58) || code === 45;
}

/** The value of an attribute, `""` when it has none, null when it is not there. */
export function htmlAttribute(attributes: string, name: string): string | null {
  if (!attributes.toLowerCase().includes(name)) return null;
  const pattern = new RegExp(
    `(?:^|[\\s"'/])${name}(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+)))?(?=[\\s/"']|$)`,
    "i",
  );
  const match = pattern.exec(attributes.slice(0, 20_000));
  return match ? decodeEntities(match[1] ?? match[2] ?? match[3] ?? "") : null;
}

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z][a-z0-9]{1,8}));?/gi,
    (whole, hex, decimal, name) => {
      if (name) return ENTITIES.get(name) ?? whole;
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      const isText =
        code === 9 || code === 10 || (code >= 32 && code < 0xd800) || (code > 0xdfff && code <= 0x10ffff);
      return isText ? String.fromCodePoint(code) : "";
    },
  );
}
