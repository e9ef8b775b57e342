/** Reads a sitemap (sitemaps.org): XML or plain lines, packed or not, or an index of others. */
import { AppError } from "../../errors.ts";
import { decode } from "../ingestion/extract/encoding.ts";
import { scanXml } from "../ingestion/extract/xml.ts";
import { pageAddress } from "./address.ts";
import { readUpTo } from "./body.ts";

/** Unpacked. The format allows 50 MB, an isolate has 128 in all; 50,000 addresses of 100 letters have 10. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_ENTRIES = 50_000;

export type Sitemap = { pages: string[]; sitemaps: string[] };

/**
 * @param url where it was in the end; entries are read as relative to it
 * @throws AppError `too_large` | `broken_document` for XML that is none, that declares entities, or that lists nothing
 */
export async function readSitemap(body: ReadableStream<Uint8Array>, url: string): Promise<Sitemap> {
  const { bytes } = await bounded(body);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const { text } = decode(isPacked ? await unpack(bytes) : bytes);
  const found = text.trimStart().startsWith("<") ? fromXml(text, url) : fromLines(text, url);
  if (found.pages.length + found.sitemaps.length > 0) return found;
  throw new AppError("broken_document", { detail: "This is no sitemap, or it lists no address." });
}

async function bounded(body: ReadableStream<Uint8Array>) {
  const read = await readUpTo(body, MAX_BYTES);
  if (!read.more) return read;
  throw new AppError("too_large", { detail: `The sitemap has more than ${MAX_BYTES / 1024 / 1024} MB.` });
}

async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return (await bounded(unpacked)).bytes;
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError("broken_document", { detail: "The packed sitemap is damaged.", cause: thrown });
  }
}

function fromXml(xml: string, url: string): Sitemap {
  const pages = new Set<string>();
  const sitemaps = new Set<string>();
  let inside: "url" | "sitemap" | null = null;
  let location: string | null = null;
  scanXml(xml, {
    open(name) {
      if (name === "url" || name === "sitemap") inside = name;
      // `image:loc` and its like stand deeper; the first one is the entry's own.
      if (name === "loc" && inside !== null) location = "";
    },
    text(value) {
      if (location !== null && location.length < 4_000) location += value;
    },
    close(name) {
      if (name !== "loc" || location === null) return;
      const address = pageAddress(location, url);
      const list = inside === "sitemap" ? sitemaps : pages;
      if (address !== null && list.size < MAX_ENTRIES) list.add(address);
      location = null;
      inside = null;
    },
  });
  return { pages: [...pages], sitemaps: [...sitemaps] };
}

function fromLines(text: string, url: string): Sitemap {
  const pages = new Set<string>();
  for (const line of text.split(/[\r\n]+/)) {
    if (!/^\s*https?:\/\//i.test(line)) continue;
    const address = pageAddress(line, url);
    if (address !== null && pages.size < MAX_ENTRIES) pages.add(address);
  }
  return { pages: [...pages], sitemaps: [] };
}
