/** The addresses that stand in given texts, and whether another one is among them. */

/** Behind an address these belong to the sentence. */
const TRAILING = /[.,;:!?'"*_~)\]}>|،؛。，、；：！？）】」』》]/u;
/** With a scheme, or a host that could be given one. */
const IN_TEXT =
  /(?:[a-z][a-z0-9+.-]{1,20}:\/\/|mailto:|(?<![\p{L}\p{N}@.-])(?:[a-z0-9-]+\.)+[a-z]{2,24}(?=[/?:#\s.,;)\]>"'*_]|$))[^\s<>"`]*/giu;

/** Characters and brackets of an address that are looked at: a hostile passage may hold thousands. */
const LONGEST = 2_048;
const MOST_CUTS = 8;

export type Links = {
  /** Does exactly this address, path and query included, stand in one of the texts? */
  has(address: string): boolean;
  hasHost(host: string): boolean;
};

/** Reads the texts when the first address is asked about. */
export function linksIn(texts: readonly string[]): Links {
  let read: { keys: Set<string>; hosts: Set<string> } | undefined;
  const known = () => {
    read ??= collect(texts);
    return read;
  };
  return {
    has: (address) => known().keys.has(keyOf(address)),
    hasHost: (host) => known().hosts.has(host.toLowerCase()),
  };
}

/** The host of a web address, lower case; empty when it has none. */
export function hostOf(address: string): string {
  return (
    /^(?:https?:\/\/)?([\p{L}\p{N}.-]+\.[\p{L}\p{N}-]+)(?=[/?:#]|$)/iu.exec(address)?.[1] ?? ""
  ).toLowerCase();
}

/** Without the punctuation behind it; a closing bracket stays when the address opened it. */
export function trimAddress(token: string): string {
  let end = token.length;
  let opened = token.split("(").length - token.split(")").length;
  for (; end > 0 && TRAILING.test(token.charAt(end - 1)); end--) {
    if (token.charAt(end - 1) !== ")") continue;
    if (opened >= 0) break;
    opened++;
  }
  return token.slice(0, end);
}

function collect(texts: readonly string[]) {
  const keys = new Set<string>();
  const hosts = new Set<string>();
  for (const text of texts) {
    for (const [token] of text.matchAll(IN_TEXT)) {
      for (const part of [token, ...insideBrackets(token)]) {
        const address = trimAddress(part);
        keys.add(keyOf(address));
        const host = hostOf(address);
        if (host) hosts.add(host);
      }
    }
  }
  return { keys, hosts };
}

/** `https://a.example/x)` of a Markdown link, `…/x](…`, `…/x|` of a table's cell: up to each of those. */
function insideBrackets(token: string): string[] {
  const cuts = [...token.slice(0, LONGEST).matchAll(/[)\]|}\\']/g)].slice(0, MOST_CUTS);
  return cuts.map(({ index }) => token.slice(0, index));
}

/** `http`, `https` or nothing, and a slash at the end, make no difference. */
function keyOf(address: string): string {
  const bare = address.replace(/^https?:\/\//i, "").replace(/\/$/, "");
  const host = /^[^/?#]*/.exec(bare)?.[0] ?? "";
  return host.toLowerCase() + bare.slice(host.length);
}
