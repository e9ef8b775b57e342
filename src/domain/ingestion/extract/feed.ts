/** RSS and Atom to canonical text: the feed's name, then each entry under its own, with its day, author and address. */
import { clean, decode } from "./encoding.ts";
import { markdownWriter } from "./html-markdown.ts";
import { scanHtml, VOID } from "./html-tokens.ts";
import type { Extracted } from "./types.ts";
import { attribute, scanXml } from "./xml.ts";

type Field = "title" | "summary" | "body" | "date" | "author" | "link";
type Entry = Partial<Record<Field, string>>;
/** What an element holds: words, HTML written as text, or XHTML as elements of the feed itself. */
type Kind = "words" | "html" | "xhtml";

const HOLDERS = new Set(["channel", "feed", "item", "entry"]);
/** RSS 0.9 to 2.0 with the usual modules (Dublin Core, content), and Atom (RFC 4287). */
const FIELDS = new Map<string, Field>([
  ["title", "title"],
  ["description", "summary"],
  ["subtitle", "summary"],
  ["summary", "summary"],
  ["encoded", "body"],
  ["content", "body"],
  ["pubDate", "date"],
  ["published", "date"],
  ["updated", "date"],
  ["date", "date"],
  ["creator", "author"],
  ["link", "link"],
]);

/** Reads a feed; of an entry with a summary and its whole text the latter. @throws AppError `broken_document` */
export function extractFeed(bytes: Uint8Array): Extracted {
  const { feed, entries } = readFeed(clean(decode(bytes).text));
  const title = feed.title ?? null;
  const head = [`# ${title ?? "Feed"}`, feed.summary ?? ""];
  const text = [...head, ...entries.map(shown)].filter((part) => part !== "").join("\n\n");
  return { text, title, pages: [] };
}

function shown({ title, date, author, link, body, summary }: Entry): string {
  const about = [date, author, link].filter((part) => part !== undefined).join(" · ");
  // The entry's own headings stand below it.
  const words = (body ?? summary ?? "").replace(/^(#{1,4}) /gm, "##$1 ");
  return [`## ${title ?? date ?? "Untitled"}`, about, words].filter((part) => part !== "").join("\n\n");
}

function readFeed(xml: string): { feed: Entry; entries: Entry[] } {
  const feed: Entry = {};
  const entries: Entry[] = [];
  const path: string[] = [];
  let entry = feed;
  let isAtom = false;
  let reading: { field: Field; kind: Kind; source: string; depth: number } | null = null;

  /** The first of several that says something. */
  const put = (field: Field, value: string) => {
    if (value !== "") entry[field] ??= value;
  };
  scanXml(xml, {
    open(name, attributes) {
      if (reading) {
        reading.depth++;
        if (reading.kind === "xhtml") reading.source += `<${name}${attributes}>`;
        return;
      }
      const parent = path.at(-1) ?? "";
      path.push(name);
      if (name === "feed") isAtom = true;
      if (name === "item" || name === "entry") {
        entry = {};
        entries.push(entry);
      }
      const isName = name === "name" && parent === "author";
      const field = isName ? "author" : HOLDERS.has(parent) ? FIELDS.get(name) : undefined;
      if (field === undefined) return;
      if (field === "link" && /^(?:alternate)?$/.test(attribute(attributes, "rel") ?? ""))
        put(field, attribute(attributes, "href") ?? "");
      reading = { field, kind: kindOf(field, isAtom, attribute(attributes, "type")), source: "", depth: 0 };
    },
    close(name) {
      if (reading && reading.depth > 0) {
        reading.depth--;
        if (reading.kind === "xhtml" && !VOID.has(name)) reading.source += `</${name}>`;
        return;
      }
      if (reading) put(reading.field, wordsOf(reading));
      reading = null;
      if (path.at(-1) === name) path.pop();
      if (name === "item" || name === "entry") entry = feed;
    },
    text(value) {
      if (reading) reading.source += reading.kind === "xhtml" ? escaped(value) : value;
    },
  });
  return { feed, entries };
}

/** Atom says what its texts are; in RSS titles are words, and what is written below them is HTML. */
function kindOf(field: Field, isAtom: boolean, type: string | null): Kind {
  if (type === "xhtml") return "xhtml";
  if (isAtom) return type?.endsWith("html") ? "html" : "words";
  return field === "summary" || field === "body" ? "html" : "words";
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function wordsOf({ field, kind, source }: { field: Field; kind: Kind; source: string }): string {
  let words = source.trim();
  if (kind !== "words") {
    const writer = markdownWriter(false);
    scanHtml(source, writer);
    words = writer.finish().text.trim();
  }
  return field === "body" || field === "summary" ? words : words.replace(/\s+/g, " ");
}
