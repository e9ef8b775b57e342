/** A flat scan of XML: elements and text in order, no tree, no recursion, no entities but the five and numbers. */
import { AppError } from "../../../errors.ts";

export type XmlVisitor = {
  /** `name` has no namespace prefix; `attributes` is raw, see {@link attribute}. */
  open(name: string, attributes: string): void;
  /** Follows `open` at once for an element without content. */
  close(name: string): void;
  text(value: string): void;
};

/**
 * Visits a document from start to end; unbalanced tags are not its concern.
 * @throws AppError `broken_document` for a document type (no office file has one; bombs do) or a tag without end
 */
export function scanXml(xml: string, visitor: XmlVisitor): void {
  for (let at = 0; at < xml.length; ) {
    const tag = xml.indexOf("<", at);
    if (tag !== at) visitor.text(unescapeXml(tag < 0 ? xml.slice(at) : xml.slice(at, tag)));
    if (tag < 0) return;
    const mark = xml.charCodeAt(tag + 1);
    if (mark === 33) {
      at = skipDeclaration(xml, tag, visitor);
      continue;
    }
    const end = xml.indexOf(">", tag);
    if (end < 0) throw broken();
    at = end + 1;
    if (mark === 63) continue; // processing instruction
    if (mark === 47) {
      visitor.close(localName(xml.slice(tag + 2, end).trimEnd()));
      continue;
    }
    const empty = xml.charCodeAt(end - 1) === 47;
    const inner = xml.slice(tag + 1, empty ? end - 1 : end);
    const space = inner.search(/\s/);
    const name = localName(space < 0 ? inner : inner.slice(0, space));
    visitor.open(name, space < 0 ? "" : inner.slice(space));
    if (empty) visitor.close(name);
  }
}

function skipDeclaration(xml: string, tag: number, visitor: XmlVisitor): number {
  if (xml.startsWith("<!--", tag)) {
    const end = xml.indexOf("-->", tag + 4);
    return end < 0 ? xml.length : end + 3;
  }
  if (xml.startsWith("<![CDATA[", tag)) {
    const end = xml.indexOf("]]>", tag + 9);
    visitor.text(xml.slice(tag + 9, end < 0 ? xml.length : end));
    return end < 0 ? xml.length : end + 3;
  }
  throw broken();
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** The value of an attribute by its local name, or null. */
export function attribute(attributes: string, name: string): string | null {
  const match = new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return match ? unescapeXml(match[1] ?? match[2] ?? "") : null;
}

const NAMED: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi,
    (_, hex, decimal, name) => {
      if (name) return NAMED[name.toLowerCase()] ?? "";
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      const isText =
        code === 9 || code === 10 || (code >= 32 && code < 0xd800) || (code > 0xdfff && code <= 0x10ffff);
      return isText ? String.fromCodePoint(code) : "";
    },
  );
}

function broken(): AppError {
  return new AppError("broken_document", {
    detail: "The file's content is malformed; save it again from the program that made it.",
  });
}
