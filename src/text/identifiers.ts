/** Names that only mean something whole: error codes, versions, functions, addresses, numbers. */

/** Letters and digits held together by marks, without a space. */
const CHAIN = /[\p{L}\p{N}]+(?:[-._@:/#,'’]{1,3}[\p{L}\p{N}]+)+/gu;
const GROUPED = /^\d{1,3}(?:[.,'’]\d{3})+$/;
const DECIMAL = /^\d+[.,]\d+$/;
const LONGEST = 64;

/** camelCase, PascalCase and HTTPServer: where a hump begins. */
const HUMP = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const HAS_HUMP = /\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}/u;
/** Parts of more letters than a name has are encoded data. */
const MOST_HUMPS = 8;

/** The whole names in `text` in their comparable form, by where they start. */
export function wholes(text: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const match of text.matchAll(CHAIN)) {
    const whole = comparable(match[0]);
    if (whole !== null) found.set(match.index, whole);
  }
  return found;
}

/** `ERR-4042` and `ERR_4042` are `err4042`; `1,000,000` is `1000000`; null for what is just hyphenated words. */
function comparable(chain: string): string | null {
  if (chain.length > LONGEST) return null;
  if (GROUPED.test(chain)) return chain.replace(/\D/g, "");
  if (DECIMAL.test(chain)) return chain.replace(",", ".");
  const isName = /\p{N}/u.test(chain)
    ? /\p{L}|\..*\./u.test(chain)
    : /[_@]|\p{L}{2}(?:\.|::|->)\p{L}{2}/u.test(chain);
  if (!isName || /[,'’]/.test(chain)) return null;
  return chain
    .toLowerCase()
    .replace(/^v(?=\d)/, "")
    .replace(/^www\./, "")
    .replace(/[-_]+/g, "");
}

/** The words that a name with humps is made of (`getUserName` → get, User, Name); none when it has no humps. */
export function humps(token: string): string[] {
  if (!HAS_HUMP.test(token)) return [];
  const parts = token.split(HUMP);
  return parts.length > MOST_HUMPS ? [] : parts.filter((part) => part.length > 1);
}
