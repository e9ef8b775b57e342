import { describe, expect, test } from "vitest";
import { isInScope, pageAddress } from "../../../src/domain/sources/address.ts";
import { readPage } from "../../../src/domain/sources/html-page.ts";
import { readRobots } from "../../../src/domain/sources/robots.ts";

const HERE = "https://example.com/docs/page";

describe("an address", () => {
  test.each([
    ["#part", "https://example.com/docs/page"],
    ["other?b=2&a=1#x", "https://example.com/docs/other?b=2&a=1"],
    ["?", "https://example.com/docs/page"],
    ["//EXAMPLE.com:443/A b", "https://example.com/A%20b"],
    ["../up/./down/", "https://example.com/up/down/"],
    ["http://bücher.de/ü", "http://xn--bcher-kva.de/%C3%BC"],
    [" /spaces ", "https://example.com/spaces"],
  ])("%s is %s", (href, address) => {
    expect(pageAddress(href, HERE)).toBe(address);
  });

  test.each([
    "mailto:a@b.c",
    "javascript:1",
    "data:,x",
    "ftp://a/",
    "https://u:p@a/",
    "http://[",
    `/${"x".repeat(2_000)}`,
  ])("%s is no page", (href) => expect(pageAddress(href, HERE)).toBeNull());
});

describe("a source goes", () => {
  const goes = (address: string, settings = {}) =>
    isInScope({ kind: "crawl", url: "https://www.example.com/docs/", settings }, address);
  test.each([
    ["https://www.example.com/a", {}, true],
    ["https://example.com/a", {}, true],
    ["https://example.com:8443/a", {}, false],
    ["https://docs.example.com/a", {}, false],
    ["https://docs.example.com/a", { same_host: false }, true],
    ["https://example.com/a.PNG", {}, false],
    ["https://example.com/a.pdf", {}, true],
    ["https://example.com/a/b", { include: ["/a/"] }, true],
    ["https://example.com/ab", { include: ["/a/"] }, false],
    ["https://example.com/a/b", { include: ["https://example.com/a/"] }, true],
    ["https://example.com/a/b?print=1", { exclude: ["/a/b?print"] }, false],
    ["https://www.example.com/docs/", { include: ["/a/"], exclude: ["/docs/"] }, true],
  ])("to %s with %j: %s", (address, settings, expected) => {
    expect(goes(address, settings)).toBe(expected);
  });

  test("nowhere else when it is a single address", () => {
    const one = { kind: "url" as const, url: HERE, settings: {} };
    expect([isInScope(one, HERE), isInScope(one, "https://example.com/docs/")]).toEqual([true, false]);
  });
});

describe("a page's links", () => {
  const links = (html: string) => readPage(html, HERE).links;

  test("are each there once, without fragments, in order", () => {
    expect(links('<a href="/b">b</a><A HREF=/a>a</A><area href="/b#x"><a>no</a><a href="">self</a>')).toEqual(
      ["https://example.com/b", "https://example.com/a", HERE],
    );
  });

  test("follow the first base", () => {
    expect(links('<base href="/x/"><base href="/y/"><a href="z">')).toEqual(["https://example.com/x/z"]);
  });

  test("do not count in comments and scripts, nor when they ask not to be followed", () => {
    const html = `<!-- <a href="/a"> --><script>'<a href="/b">'</script><a rel="noopener NoFollow" href="/c">`;
    expect(links(html)).toEqual([]);
  });

  test("end somewhere", () => {
    expect(links(Array.from({ length: 6_000 }, (_, n) => `<a href="/${n}">`).join(""))).toHaveLength(5_000);
  });
});

describe("a page's wishes", () => {
  const wishes = (head: string, robotsTag: string | null = null) => {
    const { index, follow, links } = readPage(`${head}<a href="/a">`, HERE, robotsTag);
    return `${index ? "index" : "-"} ${follow ? "follow" : "-"} ${links.length}`;
  };
  test.each([
    ["", null, "index follow 1"],
    ['<meta name="robots" content="noindex">', null, "- follow 1"],
    ['<META NAME=ROBOTS CONTENT="NOINDEX, NOFOLLOW">', null, "- - 0"],
    ['<meta content="none" name="robots">', null, "- - 0"],
    ['<meta name="kalamna" content="nofollow">', null, "index - 0"],
    ['<meta name="googlebot" content="noindex">', null, "index follow 1"],
    ["", "noindex", "- follow 1"],
    ["", "googlebot: noindex, nofollow", "index follow 1"],
    ["", "googlebot: noindex, kalamna: nofollow", "index - 0"],
    ["", "max-snippet:20, noindex", "- follow 1"],
    ["", "unavailable_after: 25 Jun 2030 15:00:00 PST", "index follow 1"],
  ])("%s %s", (head, robotsTag, expected) => {
    expect(wishes(head, robotsTag)).toBe(expected);
  });
});

test.each([
  ['<link rel="canonical" href="/real">', null, "https://example.com/real"],
  ['<link href="/real#x" rel="shortcut canonical">', null, "https://example.com/real"],
  [
    '<link rel="alternate" href="/other">',
    '<https://example.com/head>; rel="canonical"',
    "https://example.com/head",
  ],
  ["", '</next>; rel="next", </head>; rel=canonical', "https://example.com/head"],
  ['<link rel="canonical" href="javascript:1">', null, null],
  ["", null, null],
])("the canonical address of %s %s is %s", (head, link, expected) => {
  expect(readPage(head, HERE, null, link).canonical).toBe(expected);
});

describe("robots.txt", () => {
  const rules = (text: string, status = 200) => readRobots("https://example.com", status, text);
  const allows = (text: string, path: string) => rules(text).allows(`https://example.com${path}`);

  test.each([
    ["User-agent: *\nDisallow: /", "/a", false],
    ["User-agent: *\nDisallow:", "/a", true],
    ["User-agent: *\nDisallow: /\n\nUser-agent: kalamna\nAllow: /", "/a", true],
    ["User-agent: KALAMNA/2.0\nDisallow: /a", "/a/b", false],
    ["User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true],
    ["User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false],
    ["User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", true],
    ["User-agent: other\nDisallow: /", "/a", true],
    ["<!doctype html><h1>Not here</h1>", "/a", true],
    ["User-agent: *\nDisallow: /a%3cd.html", "/a%3Cd.html", false],
  ])("%j at %s: %s", (text, path, expected) => {
    expect(allows(text, path)).toBe(expected);
  });

  test("says how fast, within reason", () => {
    const pace = (delay: string) => rules(`User-agent: *\nCrawl-delay: ${delay}`).paceMs;
    expect([pace("2"), pace("0.1"), pace("86400"), pace("-5"), pace("soon")]).toEqual([
      2_000, 250, 30_000, 250, 250,
    ]);
  });

  test.each([
    [404, true],
    [403, true],
    [410, true],
    [429, false],
    [500, false],
    [503, false],
  ])("answered with %i lets us in: %s", (status, expected) => {
    const { allows: may, unreachable } = readRobots("https://example.com", status, null);
    expect([may("https://example.com/"), unreachable === null]).toEqual([expected, expected]);
  });

  test("of a pattern that would cost an age is read in no time", () => {
    const text = `User-agent: *\nDisallow: /${"*a".repeat(2_000)}$`;
    const started = performance.now();
    allows(text, `/${"a".repeat(1_900)}b`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
