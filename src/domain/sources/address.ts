/** Addresses of pages: one spelling for each, and how far a source goes. */
import * as z from "zod";
import type { SourceKind, SourceSettings } from "../../infra/db/schema.ts";

const MAX_LENGTH = 2_000;

/** What a crawl never has a reader for; saves its limit for pages. */
const NO_DOCUMENT =
  /\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp|tiff?|css|m?js|map|wasm|woff2?|ttf|otf|eot|mp[34]|m4[av]|webm|og[gv]|wav|flac|avi|mov|mkv|zip|gz|tgz|bz2|xz|7z|rar|tar|exe|msi|dmg|pkg|deb|rpm|apk|iso|bin)$/i;

/**
 * The address as we keep it: absolute, without fragment, in the URL standard's spelling. Parameters stay, also those that
 * track: only the page itself knows which of them matter, and says so with its canonical address.
 * @returns null for what is no page on the web
 */
export function pageAddress(href: string, base?: string): string | null {
  const text = href.trim();
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  if ((url.protocol !== "https:" && url.protocol !== "http:") || url.username !== "" || url.password !== "")
    return null;
  url.hash = "";
  if (url.search === "") url.search = "";
  return url.href.length > MAX_LENGTH ? null : url.href;
}

export const Address = z
  .string()
  .trim()
  .min(1)
  .max(MAX_LENGTH)
  .transform((text, ctx) => {
    const address = pageAddress(text);
    if (address !== null) return address;
    ctx.addIssue({
      code: "custom",
      message: "must be an address that starts with https:// or http://, without a user or password",
    });
    return z.NEVER;
  });

/** `www.` is the same host: sites send visitors from one to the other. */
const hostOf = (url: URL): string => url.host.replace(/^www\./, "");

/** Does the source go to this address? Its own beginning always. */
export function isInScope(
  source: { kind: SourceKind; url: string; settings: SourceSettings },
  address: string,
): boolean {
  const { same_host: sameHost = true, include = [], exclude = [] } = source.settings;
  const url = new URL(address);
  if (address === source.url) return true;
  if (source.kind === "url") return false;
  if (sameHost && hostOf(url) !== hostOf(new URL(source.url))) return false;
  if (NO_DOCUMENT.test(url.pathname)) return false;
  const begins = (prefix: string) =>
    prefix.startsWith("/") ? `${url.pathname}${url.search}`.startsWith(prefix) : address.startsWith(prefix);
  return !exclude.some(begins) && (include.length === 0 || include.some(begins));
}
