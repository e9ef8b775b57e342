/** Arabic spelling and endings reduced to what search compares: light stemming in the manner of Larkey's light10. */

const MARKS = /[\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06ED]/g;
const VARIANTS = /[أإآٱىیةۀکؤئ٠-٩۰-۹]/g;
const UNIFIED: Record<string, string> = {
  أ: "ا",
  إ: "ا",
  آ: "ا",
  ٱ: "ا",
  ى: "ي",
  ی: "ي",
  ة: "ه",
  ۀ: "ه",
  ک: "ك",
  ؤ: "و",
  ئ: "ي",
};

const ARTICLES = ["وال", "بال", "كال", "فال", "لل", "ال"];
const ENDINGS = ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];

/** Text with tatweel and vowel marks gone, alef, ya, kaf and ta marbuta unified, Arabic digits as ASCII digits. */
export function unifyArabic(text: string): string {
  return text
    .replace(MARKS, "")
    .replace(VARIANTS, (letter) => UNIFIED[letter] ?? String((letter.codePointAt(0) ?? 0) & 0xf));
}

/**
 * The stem of one unified Arabic word: article and conjunction off the front, plural and pronoun endings off the
 * back, never down to fewer than two letters.
 */
export function stemArabic(word: string): string {
  let stem = word;
  if (stem.length > 3 && stem.startsWith("و")) {
    const bare = stem.slice(1);
    // A leading waw is dropped alone only from long words: in short ones it is usually a root letter.
    if (bare.length > 4 || bare.startsWith("ال")) stem = bare;
  }
  const article = ARTICLES.find((prefix) => stem.startsWith(prefix) && stem.length >= prefix.length + 2);
  if (article) stem = stem.slice(article.length);
  for (const ending of ENDINGS) {
    if (stem.length >= ending.length + 3 && stem.endsWith(ending)) stem = stem.slice(0, -ending.length);
  }
  return stem;
}

/** A word of these may begin with a preposition or conjunction that is written onto it, or with the letter itself. */
const CLITICS = /^[وفبكل]{1,2}(?=.{3})/;

/** What is left of a {@link stemArabic} stem without such a beginning; null when there is none. */
export function withoutClitic(stem: string): string | null {
  const bare = stem.replace(CLITICS, "");
  return bare === stem ? null : bare;
}

/**
 * The consonants of a stem, which a broken plural shares with its singular (`فواتير` and `فاتورة`); null when fewer than
 * three are left.
 */
export function consonants(stem: string): string | null {
  const bare =
    stem.charAt(0) +
    stem
      .slice(1)
      .replace(/[اوي]/g, "")
      .replace(/(?<=...)ه$/, "");
  return bare.length < 3 ? null : `^${bare}`;
}
