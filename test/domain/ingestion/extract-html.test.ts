/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";

const read = (html: string) => extract("html", new TextEncoder().encode(html), "x.html");
const text = async (body: string) => (await read(`<!doctype html><html><body>${body}</body></html>`)).text;

describe("extract, HTML,", () => {
  it("keeps headings, paragraphs and the title", async () => {
    const page = await read(
      "<html><head><title>Help &amp; more</title></head><body><h1>Returns</h1><p>Within <b>60</b> days.</p><h2>Cost</h2><p>None.</p></body></html>",
    );
    expect(page.title).toBe("Help & more");
    expect(page.text).toBe("# Returns\n\nWithin 60 days.\n\n## Cost\n\nNone.");
  });

  it("never shows scripts, styles or hidden elements", async () => {
    const body = `<script>var secret = "</p>"</script><style>p { color: red }</style><noscript>off</noscript><template>later</template>
      <p hidden>secret one</p><div style="display: none">secret two<div>secret three</div></div><p aria-hidden="true">secret four</p><p>Seen.</p><!-- secret -->`;
    expect(await text(body)).toBe("Seen.");
  });

  it("reads lists, nested and counted", async () => {
    expect(
      await text("<ul><li>One<li>Two<ol><li>a</li><li>b</li></ol></li></ul><ol start=3><li>Three</li></ol>"),
    ).toBe("- One\n- Two\n  1. a\n  2. b\n3. Three");
  });

  it("reads tables with their caption", async () => {
    const table =
      "<table><caption>Prices</caption><tr><th>Item<th>Price</tr><tr><td>Tent<td>£329 | €389</tr></table>";
    expect(await text(table)).toBe("Prices\n\n| Item | Price |\n| --- | --- |\n| Tent | £329 \\| €389 |");
  });

  it("takes a table that arranges the page for text", async () => {
    expect(await text("<table><tr><td><h1>Welcome</h1><p>Come in.</p></td></tr></table>")).not.toContain("|");
  });

  it("keeps code as it stands", async () => {
    expect(await text('<p>Run</p><pre><code class="language-sh"># install\nnpm  start\n</code></pre>')).toBe(
      "Run\n\n```sh\n# install\nnpm  start\n```",
    );
  });

  it("shows links as their text", async () => {
    expect(await text('<p>See <a href="https://x.example/a?b=1">the form</a>.</p>')).toBe("See the form.");
  });

  it("drops navigation, footers and forms around the text", async () => {
    const body =
      "<nav><a>Home</a></nav><main><h1>Leave</h1><p>26 days a year for everyone.</p></main><form>Search</form><footer>© us</footer>";
    expect(await text(body)).toBe("# Leave\n\n26 days a year for everyone.");
  });

  it("picks the article of a page full of links", async () => {
    const links = Array.from(
      { length: 40 },
      (_, i) => `<li><a href="/${i}">Related story ${i}</a></li>`,
    ).join("");
    const story = Array.from(
      { length: 12 },
      (_, i) =>
        `<p>Paragraph ${i} tells, at some length, of a journey over the fells, of rain, and of a tent that held.</p>`,
    ).join("");
    const found = await text(
      `<div class="sidebar"><ul>${links}</ul></div><div class="article"><h1>A journey</h1>${story}</div>`,
    );
    expect(found).toContain("Paragraph 11");
    expect(found).toContain("# A journey");
    expect(found).not.toContain("Related story");
  });

  it("keeps every answer of a page of questions", async () => {
    const questions = Array.from(
      { length: 9 },
      (_, i) => `<section><h2>Question ${i}?</h2><p>Answer ${i}.</p></section>`,
    ).join("");
    const found = await text(`<h1>Help</h1>${questions}`);
    for (let i = 0; i < 9; i++) expect(found).toContain(`## Question ${i}?\n\nAnswer ${i}.`);
  });

  it("believes the encoding that a page declares", async () => {
    const bytes = Uint8Array.from('<meta charset="windows-1251"><p>\xcf\xf0\xe8\xe2\xe5\xf2</p>', (c) =>
      c.charCodeAt(0),
    );
    expect((await extract("html", bytes, "x.html")).text).toBe("Привет");
  });

  it("reads markup that nobody closed", async () => {
    expect(await text("<p>One<p>Two<table><tr><td>a<td>b<tr><td>c<td>d")).toContain("| a | b |");
    expect(await text('<p title="a > b">Three < four & five</p')).toContain("Three < four & five");
  });

  it.each([
    ["nested blocks", "<div>".repeat(100_000)],
    ["elements", "<p>x</p>".repeat(200_000)],
    ["nested lists", "<ul><li>x".repeat(50_000)],
    ["nested tables", "<table><tr><td>x".repeat(50_000)],
    ["unclosed tags", "<".repeat(500_000)],
    ["unclosed attributes", '<a href="'.repeat(100_000)],
    ["unclosed comments", "<!--".repeat(200_000)],
    ["end tags", "</div>".repeat(200_000)],
    ["raw elements", "<title>".repeat(100_000)],
    ["scripts", "<script>x</script>".repeat(60_000)],
    ["entities", "&amp;".repeat(300_000)],
    ["ampersands", "&".repeat(1_000_000)],
    ["paragraphs in items", `<ul><li>${"<p>x".repeat(100_000)}`],
  ])("reads %s without end in bounded time", async (_, html) => {
    const before = performance.now();
    await read(`<html><body><p>Hello</p>${html}`).catch((error: { code?: string }) => {
      expect(error.code).toMatch(/^(?:empty_document|broken_document|document_too_complex)$/);
    });
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it("keeps quotations apart as quotations", async () => {
    expect(await text("<p>Ann wrote:</p><blockquote><p>Bring cake.</p></blockquote><p>So I did.</p>")).toBe(
      "Ann wrote:\n\n> Bring cake.\n\nSo I did.",
    );
  });

  it("gives each term of a glossary its own paragraph", async () => {
    const read = await text(
      "<dl><dt>Denier</dt><dd>Weight of a thread.</dd><dt>Guy</dt><dd>A rope.</dd></dl>",
    );
    expect(read).toBe("Denier\n\n- Weight of a thread.\n\nGuy\n\n- A rope.");
  });

  it("reads characters written as numbers", async () => {
    expect(await text("<p>&#8364;5 &#x2013; caf&#233;</p>")).toBe("€5 – café");
  });

  it("shows what follows a hidden element that holds another of its kind", async () => {
    expect(await text("<div hidden>a<div>b</div>c</div><p>Seen.</p>")).toBe("Seen.");
    expect(await text("<ul><li hidden>secret<li>Seen.</ul>")).toBe("- Seen.");
  });

  it("leaves out what is marked as the page's frame", async () => {
    const page = `<div role="navigation">Home · Shop</div><p>${"The tent stands on level ground. ".repeat(20)}</p>`;
    expect(await text(page)).not.toContain("Shop");
  });

  it("reads on after a tag whose quotation mark is never closed", async () => {
    expect(await text('<p title="oops>One.</p><p>Two.</p>')).toContain("Two.");
  });

  it("reads a page that declares an encoding nobody knows", async () => {
    const page =
      '<!doctype html><html><head><meta charset="x-nonsense"></head><body><p>Un caf\u00e9 cr\u00e8me.</p></body></html>';
    const bytes = Uint8Array.from(page, (character) => character.charCodeAt(0));
    expect((await extract("html", bytes, "x.html")).text).toBe("Un café crème.");
  });
});
