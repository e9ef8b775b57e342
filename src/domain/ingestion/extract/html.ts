/** HTML to canonical text: the main part of the page as Markdown. */
import { clean, decode } from "./encoding.ts";
import { markdownWriter } from "./html-markdown.ts";
import { type HtmlVisitor, scanHtml, VOID } from "./html-tokens.ts";
import type { Extracted } from "./types.ts";

/** Beyond these the tree-building way costs minutes (docs/decisions.md); the flat one has no such inputs. */
const MAX_DEPTH = 150;
const MAX_LENGTH = 2 * 1024 * 1024;
/** Readability takes some 30 µs an element; a long encyclopedia article has 10,000. */
const MAX_ELEMENTS = 25_000;
/** When the main part is less than this share of what the page says, the page is rather a list than an article. */
const MIN_SHARE = 0.4;

/** Reads a page. Scripts, styles and hidden elements are never part of the text. */
export async function extractHtml(bytes: Uint8Array): Promise<Extracted> {
  const html = clean(decode(bytes, false, declaredEncoding(bytes)).text);
  const whole = markdownWriter(true);
  scanHtml(html, whole);
  const page = whole.finish();
  const title = page.title || /^# +(.+)$/m.exec(page.text)?.[1] || null;
  const article = isTame(html) ? await readArticle(html) : null;
  const isWhole = article === null || article.length < page.text.length * MIN_SHARE;
  return { text: isWhole ? page.text : withHeading(article, page.text), title, pages: [] };
}

/** Readability takes the page's main heading away or makes it one of level 2; a reader of the text needs it. */
function withHeading(article: string, page: string): string {
  const heading = /^# .+$/m.exec(page)?.[0];
  if (heading === undefined) return article;
  const lowered = `#${heading}\n`;
  const at = article.startsWith(lowered) ? 0 : article.indexOf(`\n${lowered}`) + 1;
  if (at > 0 || article.startsWith(lowered)) return article.slice(0, at) + article.slice(at + 1);
  return article.includes(heading) ? article : `${heading}\n\n${article}`;
}

/** `<meta charset>` or its older form, for pages that are not UTF-8. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 2048));
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,30})/i.exec(head)?.[1];
}

/** Can a tree be built of the page in a second or so? */
function isTame(html: string): boolean {
  if (html.length > MAX_LENGTH) return false;
  let depth = 0;
  let deepest = 0;
  let elements = 0;
  scanHtml(html, {
    open: (name) => {
      elements++;
      if (!VOID.has(name)) deepest = Math.max(deepest, ++depth);
    },
    close: () => {
      depth = Math.max(0, depth - 1);
    },
    text: () => {},
  });
  return deepest <= MAX_DEPTH && elements <= MAX_ELEMENTS;
}

/** The article of a page as Readability finds it, or null. Both libraries are loaded with the first page. */
async function readArticle(html: string): Promise<string | null> {
  const [{ parseHTML }, { Readability }] = await Promise.all([
    import("linkedom/worker"),
    import("@mozilla/readability"),
  ]);
  try {
    const { document } = parseHTML(html);
    const found = new Readability(document as unknown as ConstructorParameters<typeof Readability>[0], {
      serializer: (node) => node,
      keepClasses: true,
    }).parse();
    if (!found?.content) return null;
    const writer = markdownWriter(false);
    visit(found.content as unknown as DomNode, writer);
    return writer.finish().text;
  } catch {
    // Whatever a page does to the tree, the flat reading of it is there.
    return null;
  }
}

/** What we need of a DOM node. */
type DomNode = {
  nodeType: number;
  localName?: string;
  nodeValue?: string | null;
  childNodes?: ArrayLike<DomNode>;
  attributes?: ArrayLike<{ name: string; value: string }>;
};

function visit(node: DomNode, visitor: HtmlVisitor): void {
  if (node.nodeType === 3) visitor.text(node.nodeValue ?? "");
  if (node.nodeType !== 1) return;
  const name = node.localName?.toLowerCase() ?? "";
  const attributes = Array.from(
    node.attributes ?? [],
    (each) => `${each.name}="${each.value.replaceAll('"', "&quot;")}"`,
  );
  visitor.open(name, attributes.length > 0 ? ` ${attributes.join(" ")}` : "");
  for (const child of Array.from(node.childNodes ?? [])) visit(child, visitor);
  if (!VOID.has(name)) visitor.close(name);
}
