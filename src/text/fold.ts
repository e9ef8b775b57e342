/** Different ways of writing the same letters and digits made one, before words are compared. */

/** Joiners, direction marks, soft hyphens and byte order marks: seen by nobody, and no part of a word. */
const INVISIBLE = /[\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]|\uFE0E|\uFE0F/g;
/** A space that keeps the groups of a number together. */
const NUMBER_SPACE = /(?<=\p{N})[\u00A0\u2009\u202F](?=\p{N}{3})/gu;
const OTHER_DIGIT = /[^\P{Nd}0-9]/gu;
/** Accents of Latin and Greek letters; in other scripts such marks are letters of their own. */
const ACCENT = /[\u0300-\u036F]/g;
const LETTER = /[ßøæœłđðþıς]/g;
const LETTERS: Record<string, string> = {
  ß: "ss",
  ø: "o",
  æ: "ae",
  œ: "oe",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ς: "σ",
};
const ACCENTED = /[\p{sc=Latn}\p{sc=Grek}]/u;

/** NFKC without invisible characters, digits of every script as 0 to 9, numbers in groups without their spaces. */
export function normalize(text: string): string {
  if (isAscii(text)) return text;
  return text
    .replace(NUMBER_SPACE, "")
    .normalize("NFKC")
    .replace(INVISIBLE, "")
    .replace(OTHER_DIGIT, asciiDigit);
}

/** One word in lower case; Latin and Greek without accents (`Müller` → `muller`, `İstanbul` → `istanbul`). */
export function fold(word: string): string {
  const lower = word.toLowerCase();
  if (isAscii(lower)) return lower;
  if (ACCENTED.test(lower)) {
    return lower
      .normalize("NFD")
      .replace(ACCENT, "")
      .replace(LETTER, (letter) => LETTERS[letter] ?? letter);
  }
  return lower.replaceAll("ё", "е");
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

/** Every script's ten digits stand together, and before them stands something else. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return String(value);
}
