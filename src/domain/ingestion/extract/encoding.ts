/** Bytes of unknown encoding to text: byte-order mark, UTF-8, then the legacy encoding whose letters make the most sense. */

/** How much of a file is looked at to tell its encoding. */
const SAMPLE = 16 * 1024;

type Candidate = {
  label: string;
  /** Letters that are frequent in the languages the encoding was made for. */
  common: Set<string>;
  /** What a well-decoded letter outside ASCII looks like. */
  letters: RegExp;
};

const candidate = (label: string, letters: RegExp, common: string): Candidate => ({
  label,
  letters,
  common: new Set(common),
});
const HAN = /[\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3\u3001-\u3015\uff01-\uff5e]/;
const LATIN = /[\u00c0-\u024f]/;

/** In order of preference when two score the same. */
const CANDIDATES = [
  candidate("windows-1252", LATIN, "éèàçùêôîâûëïäöüßñáíóúãõåøæÉÀÄÖÜ’‘“”–—…€£°§«»·®©½"),
  candidate(
    "shift_jis",
    HAN,
    "日本年月大学会社人名前東京一二三十中国行者出時事分業用入場合手高子木田山川数計番号住所電話",
  ),
  candidate(
    "gb18030",
    HAN,
    "的一是不了在人有我他这中大来上国个到说们为和地出要以时年会用业公司日月名部员工天",
  ),
  candidate("big5", HAN, "的一是不了在人有我他這中大來上國個到說們為和地出要以時年會用業公司日月名部員工天"),
  candidate(
    "euc-jp",
    HAN,
    "日本年月大学会社人名前東京一二三十中国行者出時事分業用入場合手高子木田山川数計番号住所電話",
  ),
  candidate("euc-kr", HAN, "이다의에는을가를고하은지도로기사인한시대자수어리정나아"),
  candidate("windows-1251", /[\u0400-\u045f]/, "оеаинтсрвлкмдпуяОЕАИНТСРВПКМД№«»–—"),
  candidate("windows-1256", /[\u0600-\u06ff]/, "اليمونرتبةعدسفهكحقأجشطخى،؟"),
  candidate("windows-1253", /[\u0370-\u03ff]/, "αοιετσνηυρπκμλςωάέήίόύώ"),
  candidate("windows-1255", /[\u05d0-\u05ea]/, "יוהלארתבמשנעםדקחפ"),
  candidate("windows-1250", LATIN, "ąćęłńóśźżáčďéěíňřšťúůýžőűăâîäöüç’„”–—"),
  candidate("windows-1254", LATIN, "ışğçöüİŞĞÇÖÜâîû’“”–—"),
];

/**
 * Decodes a text file.
 * @param declared what the file itself says; believed when the bytes are not UTF-8
 * @param partial the bytes are the beginning of a longer file: a character cut at the end is no sign of damage
 */
export function decode(
  bytes: Uint8Array,
  partial = false,
  declared?: string,
): { text: string; encoding: string } {
  const encoding = encodingOf(bytes, partial, declared);
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

function encodingOf(bytes: Uint8Array, partial: boolean, declared: string | undefined): string {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  const wide = wideness(bytes);
  if (wide) return wide;
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: partial });
    return "utf-8";
  } catch {
    return mostlyUtf8(bytes) ? "utf-8" : (known(declared) ?? legacy(bytes));
  }
}

function known(label: string | undefined): string | null {
  if (!label || /^utf/i.test(label)) return null;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

/** UTF-16 without a mark: Latin text has a zero in every other byte. */
function wideness(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  const length = Math.min(bytes.length, 4096) & ~1;
  if (length < 4) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  const half = length / 2;
  if (odd > half * 0.4 && even < half * 0.05) return "utf-16le";
  if (even > half * 0.4 && odd < half * 0.05) return "utf-16be";
  return null;
}

/** A few broken bytes in a long UTF-8 text are damage, not another encoding. */
function mostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(sample(bytes));
  let good = 0;
  let bad = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd) bad++;
    else if (code > 0x7f) good++;
  }
  return good > 10 && bad * 20 < good;
}

/** The part of the file where bytes outside ASCII begin. */
function sample(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= SAMPLE) return bytes;
  const first = bytes.findIndex((byte) => byte > 0x7f);
  const from = Math.max(0, first - 256);
  return bytes.subarray(from, from + SAMPLE);
}

function legacy(bytes: Uint8Array): string {
  const part = sample(bytes);
  let best = "windows-1252";
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const option of CANDIDATES) {
    const value = score(part, option);
    if (value > bestScore) {
      bestScore = value;
      best = option.label;
    }
  }
  return best;
}

/** Sense made per byte outside ASCII: frequent letters count for, impossible neighbours against. */
function score(bytes: Uint8Array, { label, letters, common }: Candidate): number {
  let text: string;
  try {
    text = new TextDecoder(label, { fatal: true, ignoreBOM: false }).decode(bytes, { stream: true });
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
  const isHan = letters === HAN;
  let points = 0;
  let high = 0;
  let before = "";
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code > 0x7f) {
      high += isHan ? 2 : 1;
      if (code < 0xa0 || (code >= 0xe000 && code < 0xf900) || (code >= 0xff61 && code < 0xffa0)) points -= 4;
      else if (common.has(character)) points += isHan ? 4 : 2;
      else if (isHan && code >= 0x3041 && code <= 0x30ff) points += 3.5;
      else if (letters.test(character)) points += 0.5;
      else points -= isHan || /[a-z]/.test(before) ? 2 : 0.5;
      if (!isHan && !fits(before, character, letters === LATIN)) points -= 2;
    } else if (!isHan && letters !== LATIN && before > "\x7f" && /[a-z]/.test(character)) points -= 2;
    before = character;
  }
  return high === 0 ? 0 : points / high;
}

/** Can this letter follow that one inside a word? */
function fits(before: string, character: string, latin: boolean): boolean {
  const isLetter = /\p{L}/u.test(character);
  if (!isLetter || !/\p{L}/u.test(before)) return true;
  if (latin && before > "\x7f") return false;
  if (!latin && before < "\x80") return false;
  const falls = before === before.toLowerCase() && before !== before.toUpperCase();
  return !(falls && character === character.toUpperCase() && character !== character.toLowerCase());
}

/**
 * Text as we keep it: `\n` line ends, no control characters (Postgres text cannot hold U+0000), no lone surrogates,
 * no byte-order mark, soft hyphens, zero-width spaces or marks of direction, Unicode NFC.
 */
export function clean(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replace(/\f/g, "\n\n")
    .replace(UNSEEN, "")
    .toWellFormed()
    .normalize("NFC");
}

const UNSEEN = /[^\P{Cc}\t\n]|[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/gu;
