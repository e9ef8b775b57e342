import type { VNode } from "preact";
import { describe, expect, test } from "vitest";
import { prose } from "../../src/web/ui/prose.ts";
import { withSigns } from "../../src/web/widget/passage.tsx";
import corpus from "./xss-corpus.json" with { type: "json" };

/** As HTML, to be read by people; `[n]` is a chip. */
function html(source: string, marks: number[] = []): string {
  return show(prose(source, new Set(marks), (index) => `⟨${index}⟩`));
}

function show(node: unknown): string {
  if (Array.isArray(node)) return node.map(show).join("");
  if (node === null || node === undefined) return "";
  if (typeof node !== "object") return String(node);
  const { type, props } = node as VNode<Record<string, unknown>>;
  const { children, ...rest } = props;
  const attributes = Object.entries(rest).map(([name, value]) => ` ${name}="${value}"`);
  return `<${type}${attributes.join("")}>${show(children)}</${type}>`;
}

describe("Markdown as models write it", () => {
  test.each([
    ["Plain words.", "<p>Plain words.</p>"],
    ["One\ntwo\n\nthree", "<p>One<br></br>two</p><p>three</p>"],
    [
      "**bold** and *soft* and ***both*** and ~~gone~~",
      "<p><strong>bold</strong> and <em>soft</em> and <strong><em>both</em></strong> and <del>gone</del></p>",
    ],
    ["snake_case_name, 2 * 3 * 4, a*b", "<p>snake_case_name, 2 * 3 * 4, a*b</p>"],
    ["`a < b` and ``x ` y``", "<p><code>a < b</code> and <code>x ` y</code></p>"],
    ["## Title ##", "<h4>Title</h4>"],
    [
      "- one\n- two\n  - deep\n- three",
      "<ul><li>one</li><li>two<ul><li>deep</li></ul></li><li>three</li></ul>",
    ],
    ["3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'],
    ["1. one\n\n2. two", "<ol><li>one</li><li>two</li></ol>"],
    ["> quoted\n> twice", "<blockquote><p>quoted<br></br>twice</p></blockquote>"],
    ["```js\nlet a = '<b>';\n```", "<pre><code>let a = '<b>';</code></pre>"],
    ["```\nnever closed", "<pre><code>never closed</code></pre>"],
    ["a\n\n---\n\nb", "<p>a</p><hr></hr><p>b</p>"],
    ["\\*not soft\\*", "<p>*not soft*</p>"],
    ["Costs 5 < 6 & more", "<p>Costs 5 < 6 & more</p>"],
  ])("%j", (source, expected) => {
    expect(html(source)).toBe(expected);
  });

  test("tables keep their columns, their alignment and cells with bars", () => {
    expect(html("| a | b |\n|---|--:|\n| 1 | 2 \\| 3 |\nafter")).toBe(
      '<div class="wide" tabIndex="0" role="group"><table><thead><tr><th>a</th><th data-align="end">b</th></tr></thead>' +
        '<tbody><tr><td>1</td><td data-align="end">2 | 3</td></tr></tbody></table></div><p>after</p>',
    );
  });

  test("links open beside the page and say nothing about it", () => {
    const link = (href: string, label: string) =>
      `<p><a href="${href}" target="_blank" rel="noopener noreferrer nofollow">${label}</a></p>`;
    expect(html("[shop](https://a.example/x?y=1)")).toBe(link("https://a.example/x?y=1", "shop"));
    expect(html("<mailto:a@b.example>")).toBe(link("mailto:a@b.example", "a@b.example"));
    expect(html("https://a.example/b.")).toBe(
      `${link("https://a.example/b", "https://a.example/b").slice(0, -4)}.</p>`,
    );
  });

  test("a mark is a chip when its citation has come, and text until then", () => {
    expect(html("Yes [1], no [2].", [1])).toBe("<p>Yes ⟨1⟩, no [2].</p>");
    expect(html("- Yes **so [12]**", [12])).toBe("<ul><li>Yes <strong>so ⟨12⟩</strong></li></ul>");
  });

  test("every beginning of a text can be shown, as it is while it streams", () => {
    const whole =
      "# A\n\n1. **b [1]** _c_\n   - `d`\n\n| e | f |\n|---|---|\n| [g](https://h) | ~~i~~ |\n\n```\nj\n```\n> k";
    for (let end = 0; end <= whole.length; end++) expect(() => html(whole.slice(0, end), [1])).not.toThrow();
  });

  test.each([
    ["stars", "*".repeat(20_000)],
    ["brackets", "[".repeat(20_000)],
    ["quotes", ">".repeat(20_000)],
    ["half links", "[a](".repeat(5_000)],
    ["half bold", "**a ".repeat(5_000)],
    ["nested lists", Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth * 2)}- a`).join("\n")],
    ["bars", "|-".repeat(10_000)],
    ["backticks", "`a``b```".repeat(2_000)],
  ])("20,000 characters of %s are shown within two seconds", (_, source) => {
    const from = performance.now();
    html(source);
    expect(performance.now() - from).toBeLessThan(2_000);
  });
});

describe("a passage shows the words it is quoted for", () => {
  const shown = (content: string, ...quotes: string[]) => show(prose(withSigns(content, quotes)));

  test.each([
    ["in a sentence", "One. Two is it. Three.", ["Two is it."], "<p>One. <mark>Two is it.</mark> Three.</p>"],
    ["as a heading", "# Title\n\nText", ["# Title"], "<h3><mark>Title</mark></h3><p>Text</p>"],
    [
      "across items",
      "- one\n- two\n- three",
      ["- one\n- two"],
      "<ul><li><mark>one</mark></li><li><mark>two</mark></li><li>three</li></ul>",
    ],
    [
      "across emphasis",
      "a **b c** d",
      ["b c** d"],
      "<p>a <strong><mark>b c</mark></strong><mark> d</mark></p>",
    ],
    ["that overlap", "a b c d", ["a b c", "b c d"], "<p><mark>a b c</mark><mark> d</mark></p>"],
    ["never, when it does not hold them", "a b", ["x"], "<p>a b</p>"],
  ])("%s", (_, content, quotes, expected) => {
    expect(shown(content, ...quotes)).toBe(expected);
  });

  test("in the cells of a row", () => {
    const row = shown("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", "| 1 | 2 |");
    expect(row).toContain("<td><mark>1</mark></td><td><mark>2</mark></td></tr><tr><td>3</td>");
  });
});

describe("whatever a document or a model smuggles in", () => {
  const ALLOWED =
    /^(p|br|hr|strong|em|del|code|pre|blockquote|a|span|div|h[3-6]|ul|ol|li|table|thead|tbody|tr|th|td)$/;

  /** Elements and attributes of a tree that nobody may make. */
  function forbidden(node: unknown): string[] {
    if (Array.isArray(node)) return node.flatMap(forbidden);
    if (node === null || typeof node !== "object") return [];
    const { type, props } = node as VNode<Record<string, unknown>>;
    const { children, ...rest } = props;
    const bad = Object.entries(rest).filter(([name, value]) => {
      if (name === "href") return !/^(https?:|mailto:)/i.test(String(value));
      return !["target", "rel", "start", "data-align", "class", "tabIndex", "role"].includes(name);
    });
    return [
      ...(ALLOWED.test(String(type)) ? [] : [String(type)]),
      ...bad.map(([name, value]) => `${name}=${value}`),
      ...forbidden(children),
    ];
  }

  test("there is a corpus", () => expect(corpus.length).toBeGreaterThan(80));

  test.each(corpus)("makes no element and no address that runs: %s", (source) => {
    for (const text of [
      source,
      `[click](${source})`,
      `![x](${source})`,
      `| a |\n|---|\n| ${source} |`,
      `- ${source}`,
    ])
      expect(forbidden(prose(text, new Set([1]), () => null)), text).toEqual([]);
  });
});
