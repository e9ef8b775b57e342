/** What a web page says to robots: its links, its canonical address, and what it does not want. */
import { htmlAttribute, scanHtml } from "../ingestion/extract/html-tokens.ts";
import { pageAddress } from "./address.ts";

/** More than any page that people read has. */
const MAX_LINKS = 5_000;

export type PageFacts = {
  /** Addresses in the order of the page, each once; without those marked `nofollow`. */
  links: string[];
  canonical: string | null;
  /** May its text be found? */
  index: boolean;
  /** May its links be followed? */
  follow: boolean;
};

/**
 * @param url where the page was in the end, after redirects
 * @param robotsTag the header `X-Robots-Tag`
 * @param linkHeader the header `Link`
 */
export function readPage(
  html: string,
  url: string,
  robotsTag: string | null = null,
  linkHeader: string | null = null,
): PageFacts {
  const links = new Set<string>();
  const wishes = new Set(robotsTag === null ? [] : wishesOf(robotsTag));
  let base = url;
  let based = false;
  let canonical = canonicalOf(linkHeader, url);
  scanHtml(html, {
    open(name, attributes) {
      if (name === "base" && !based) {
        const href = htmlAttribute(attributes, "href");
        base = (href !== null && pageAddress(href, url)) || base;
        based = true;
      } else if (name === "meta") {
        const about = htmlAttribute(attributes, "name")?.toLowerCase();
        if (about !== "robots" && about !== "kalamna") return;
        for (const wish of wishesOf(htmlAttribute(attributes, "content") ?? "")) wishes.add(wish);
      } else if (name === "link") {
        if (canonical !== null || !words(htmlAttribute(attributes, "rel")).includes("canonical")) return;
        canonical = pageAddress(htmlAttribute(attributes, "href") ?? "", base);
      } else if ((name === "a" || name === "area") && links.size < MAX_LINKS) {
        const href = htmlAttribute(attributes, "href");
        if (href === null || words(htmlAttribute(attributes, "rel")).includes("nofollow")) return;
        const address = pageAddress(href, base);
        if (address !== null) links.add(address);
      }
    },
    close: () => undefined,
    text: () => undefined,
  });
  const none = wishes.has("none");
  const follow = !none && !wishes.has("nofollow");
  return { links: follow ? [...links] : [], canonical, index: !none && !wishes.has("noindex"), follow };
}

const words = (text: string | null): string[] => (text ?? "").toLowerCase().split(/[\s,]+/);

/** `noindex, nofollow`, in a header also `otherbot: noindex`, which is not for us. */
function wishesOf(text: string): string[] {
  let forUs = true;
  return text
    .toLowerCase()
    .split(",")
    .flatMap((part) => {
      const [, robot, wish = ""] = /^\s*(?:([\w-]+)\s*:\s*)?(.*?)\s*$/.exec(part) ?? [];
      if (robot === "unavailable_after" || robot?.startsWith("max-")) return [];
      if (robot !== undefined) forUs = robot === "kalamna";
      return forUs ? [wish] : [];
    });
}

/** `Link: <https://example.com/a>; rel="canonical"` (RFC 8288). */
function canonicalOf(header: string | null, url: string): string | null {
  for (const [, target = "", rest = ""] of (header ?? "").matchAll(/<([^<>]{1,2000})>([^<]{0,500})/g)) {
    if (/;\s*rel\s*=\s*"?[^";]*\bcanonical\b/i.test(rest)) return pageAddress(target, url);
  }
  return null;
}
