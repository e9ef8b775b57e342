/** Which language a short text is written in, by script and, for Latin script, by its small words. */

export const LANGUAGES = [
  "en",
  "ar",
  "fa",
  "he",
  "ru",
  "el",
  "zh",
  "ja",
  "ko",
  "hi",
  "th",
  "de",
  "fr",
  "es",
  "pt",
  "it",
  "nl",
  "tr",
] as const;
export type Language = (typeof LANGUAGES)[number];

/** Japanese before Chinese: it mixes kana with Han; Persian before Arabic: it adds four letters. */
const SCRIPTS: readonly (readonly [Language, RegExp])[] = [
  ["ja", /[\p{sc=Hira}\p{sc=Kana}]/gu],
  ["zh", /\p{sc=Han}/gu],
  ["ko", /\p{sc=Hang}/gu],
  ["ar", /\p{sc=Arab}/gu],
  ["he", /\p{sc=Hebr}/gu],
  ["ru", /\p{sc=Cyrl}/gu],
  ["el", /\p{sc=Grek}/gu],
  ["hi", /\p{sc=Deva}/gu],
  ["th", /\p{sc=Thai}/gu],
];

const SMALL_WORDS: readonly (readonly [Language, readonly string[]])[] = [
  [
    "en",
    "the of and is are a an be was it i you we they this that there if at by from on what how which who when where why do does did can may must my our your for with many much to in not".split(
      " ",
    ),
  ],
  [
    "de",
    "der die das und ist wie was wer wann wo warum kann ich ihr wir ein eine für mit nicht viele viel welche".split(
      " ",
    ),
  ],
  [
    "fr",
    "le la les des et est quel quelle quels combien comment qui quand où pourquoi je nous un une pour avec du".split(
      " ",
    ),
  ],
  [
    "es",
    "el la los las y es qué que cuál cuánto cuántos cómo quién cuándo dónde puedo un una para con del".split(
      " ",
    ),
  ],
  [
    "pt",
    "o a os as e é que qual quanto quantos como quem quando onde posso um uma para com do da não".split(" "),
  ],
  [
    "it",
    "il lo la gli le e è che quale quanto quanti come chi quando dove posso un una per con del della".split(
      " ",
    ),
  ],
  [
    "nl",
    "de het een en is wat hoe wie wanneer waar waarom kan ik wij voor met niet hoeveel welke van".split(" "),
  ],
  ["tr", "ve bir bu ne nasıl kim nerede kaç için ile mi mı mu mü değil var hangi zaman".split(" ")],
];

/** @returns the most likely language; `en` when nothing speaks for another */
export function languageOf(text: string): Language {
  const sample = text.slice(0, 2_000).toLowerCase();
  const latin = count(sample, /\p{sc=Latn}/gu);
  for (const [language, script] of SCRIPTS) {
    // A question in another script may name products in Latin letters; the reverse is rare.
    if (count(sample, script) * 3 > latin) {
      return language === "ar" && /[پچژگ]/.test(sample) ? "fa" : language;
    }
  }
  const words = sample.match(/[\p{L}\p{M}]+/gu) ?? [];
  let best: Language = "en";
  let most = 0;
  for (const [language, small] of SMALL_WORDS) {
    const hits = words.filter((word) => small.includes(word)).length;
    if (hits > most) {
      best = language;
      most = hits;
    }
  }
  return best;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
