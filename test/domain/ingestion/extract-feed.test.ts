/** Pure; runs in workerd. */
import { describe, expect, it } from "vitest";
import { detect } from "../../../src/domain/ingestion/extract/detect.ts";
import { extract } from "../../../src/domain/ingestion/extract/extract.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (source: string) => extract("feed", utf8(source), "news.xml");

const RSS = `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
  <channel>
    <title>Harbour news</title><link>https://harbour.test/</link>
    <description>What happens at the quay.</description>
    <image><title>A picture of the quay</title><url>https://harbour.test/q.png</url></image>
    <item>
      <title>Ferries &lt;at last&gt;</title><link>https://harbour.test/ferries</link>
      <pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate><dc:creator>Mina</dc:creator>
      <description>Short.</description>
      <content:encoded><![CDATA[<h2>Times</h2><p>They leave at <b>nine</b>.</p><script>track()</script>]]></content:encoded>
    </item>
    <item><title>Tides</title><description>&lt;p&gt;High water &amp;amp; low water.&lt;/p&gt;</description></item>
  </channel>
</rss>`;

const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom"><title>مواعيد</title>
  <entry>
    <title type="html">Ropes &amp;amp; knots</title>
    <link rel="self" href="https://harbour.test/self"/><link href="https://harbour.test/ropes"/>
    <published>2026-03-02</published><updated>2026-03-05</updated><author><name>Ann</name></author>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Use a &lt;bowline&gt;,<br/>not a slip knot.</p></div></content>
  </entry>
  <entry><title>Words</title><summary>1 &lt; 2 &amp; so on</summary></entry>
</feed>`;

describe("extract, feeds,", () => {
  it("are known by what they hold, with any name", () => {
    expect(detect(utf8(RSS), "news")).toBe("feed");
    expect(detect(utf8(ATOM), "news.xml")).toBe("feed");
    expect(detect(utf8('<rdf:RDF xmlns="http://purl.org/rss/1.0/"><item/></rdf:RDF>'), "old.rdf")).toBe(
      "feed",
    );
    expect(detect(utf8("<feed><animal>Goat</animal></feed>"), "fodder.xml")).toBe("text");
  });

  it("reads each entry of RSS under its title, the whole text rather than its summary", async () => {
    const { text, title } = await read(RSS);
    expect(title).toBe("Harbour news");
    expect(text).toBe(
      [
        "# Harbour news",
        "What happens at the quay.",
        "## Ferries <at last>",
        "Mon, 02 Mar 2026 08:00:00 GMT · Mina · https://harbour.test/ferries",
        "#### Times",
        "They leave at nine.",
        "## Tides",
        "High water & low water.",
      ].join("\n\n"),
    );
  });

  it("reads Atom: what is HTML, what is XHTML, and what is neither", async () => {
    const { text, title } = await read(ATOM);
    expect(title).toBe("مواعيد");
    expect(text).toContain("## Ropes & knots\n\n2026-03-02 · Ann · https://harbour.test/ropes");
    expect(text).toMatch(/Use a <bowline>,\s+not a slip knot\./);
    expect(text).toContain("## Words\n\n1 < 2 & so on");
  });

  it("is broken when its tags end nowhere", async () => {
    await expect(read("<rss><channel><title>A</title><item")).rejects.toMatchObject({
      code: "broken_document",
    });
  });
});
