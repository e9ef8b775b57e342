/** Text to the words that search compares, in any script: each with its stem and with other forms it may be met in. */
import { stem as stemEnglish } from "porter2";
import { isStopWord } from "./analyze.ts";
import { consonants, stemArabic, unifyArabic, withoutClitic } from "./arabic.ts";
import { fold, isAscii, normalize } from "./fold.ts";
import { humps, wholes } from "./identifiers.ts";
import { STEMMED, type Stemmed, stemCyrillic, stemDevanagari, stemGreek, stemLatin } from "./stemmers.ts";
import { GRAMMAR, isGrammar, LISTED, type Listed } from "./stop-lists.ts";

/**
 * Number of this way of making terms. Chunks are stored with the number of theirs; whatever changes a term of any text
 * raises it, and the index is made anew in the background (domain/retrieval/reanalyze.ts).
 */
export const ANALYZER = 2;

export type Word = {
  /** What the word is compared by first. */
  stem: string;
  /** Other terms that stand for it: its stem in the passage's language, a name whole, parts of it. */
  forms: string[];
  /** Grammar rather than subject. */
  stop: boolean;
};

const TOKEN = /[\p{L}\p{N}\p{M}]+/gu;
const POSSESSIVE = /['’]s(?![\p{L}\p{N}])/giu;
const LETTERS_OR_DIGITS = /\p{N}+|[^\p{N}]+/gu;
/** `fy2018q4` is worth splitting; a hash of twenty alternations is not. */
const MOST_PARTS = 4;
/** Longer tokens are encoded data; their beginning identifies them. */
const LONGEST = 64;

/** Scripts written without spaces between words, and Hangul, whose words carry their particles. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]+/gu;
/** A letter with the marks that belong to it. */
const CLUSTER = /\P{M}\p{M}*/gu;
const HAN = /^\p{Script=Han}$/u;
const KANA_ONLY = /^[\p{sc=Hira}ー]+$/u;
/** Korean particles, which hide a word of one syllable from its pairs. */
const PARTICLE = /^(.)(?:은|는|이|가|을|를|의|에|로|와|과|도|만|에서|에게|으로|까지|부터|보다|이나|처럼)$/u;

const ARABIC = /\p{scx=Arab}/u;
const HEBREW_CLITIC = /^[והבלמשכ]{1,2}(?=.{3})/u;

/** Keeps stems of other Latin languages apart from English ones: `rate` is not Spanish `rata`. */
const FOREIGN = "~";

/** The words of a passage. @param language its own, of {@link languageOfPassage} */
export function passageWords(text: string, language: Listed): Word[] {
  return words(text, language, (word) => (isStemmed(language) ? [FOREIGN + stemLatin(word, language)] : []));
}

/**
 * The words of a question. Nobody knows the language of a passage that it may meet, so a word comes with its stems in all
 * of them; those that no passage has count nothing.
 */
export function questionWords(text: string): Word[] {
  return words(text, languageOfPassage(text), (word) =>
    word.length < 3 ? [FOREIGN + word] : [...new Set(STEMMED.map((one) => FOREIGN + stemLatin(word, one)))],
  );
}

/** Letters that one of the listed languages alone writes, or nearly. */
const TELLING: readonly (readonly [Listed, RegExp])[] = [
  ["tr", /[ışğİ]|(?:lar|ler|[ae]n[ıi]r|ilir|ler[di]e|lar[dı]a|m[ae]k|lerini?|ların[ıa]?)(?!\p{L})/gu],
  ["de", /[ßä]/gu],
  ["es", /[ñ¿¡]/gu],
  ["pt", /[ãõ]/gu],
  ["fr", /[œêî]|(?<!\p{L})(?:[ldnjs]|qu)['’](?=\p{L})/giu],
  [
    "it",
    /[ìòù]|(?<!\p{L})(?:l|dell|all|nell|sull|dall|un|d)['’](?=\p{L})|(?:zioni|zione|vengono|viene)(?!\p{L})/giu,
  ],
];

/** Much of a passage, and little enough to be quick. */
const SAMPLE = 1_500;

/**
 * The listed language with most small words and letters of its own in the text.
 * @param otherwise when none speaks for another clearly, say the language of the whole document
 */
export function languageOfPassage(text: string, otherwise: Listed = "en"): Listed {
  const sample = text.slice(0, SAMPLE);
  const hits = new Array<number>(LISTED.length).fill(0);
  const hit = (at: number, times: number) => {
    hits[at] = (hits[at] ?? 0) + times;
  };
  for (const [token] of sample.matchAll(TOKEN)) {
    // A single letter may as well be a list's or a formula's.
    if (token.length === 1) continue;
    const bits = GRAMMAR.get(isAscii(token) ? token.toLowerCase() : fold(token));
    if (bits !== undefined) for (let at = 0; at < hits.length; at++) if (bits & (1 << at)) hit(at, 1);
  }
  for (const [language, letters] of TELLING) {
    hit(LISTED.indexOf(language), sample.match(letters)?.length ?? 0);
  }
  const first = LISTED.indexOf(otherwise);
  let best = first;
  for (const [at, count] of hits.entries()) if (count > (hits[best] ?? 0)) best = at;
  return LISTED[best] ?? otherwise;
}

const isStemmed = (language: Listed): language is Stemmed =>
  (STEMMED as readonly string[]).includes(language);

function words(text: string, language: Listed, foreignForms: (word: string) => string[]): Word[] {
  const clean = normalize(text).replace(POSSESSIVE, "  ");
  const normal = ARABIC.test(clean) ? unifyArabic(clean) : clean;
  const names = wholes(normal);
  const found: Word[] = [];
  const push = (stem: string, forms: string[], stop: boolean) => found.push({ stem, forms, stop });

  const addLatin = (token: string, raw: string) => {
    const stem = stemEnglish(token);
    const stop = language === "en" ? isStopWord(stem) : isGrammar(token, language);
    push(stem, foreignForms(token), stop);
    for (const hump of humps(raw)) found.at(-1)?.forms.push(stemEnglish(fold(hump)));
  };
  const addOther = (token: string) => {
    if (ARABIC.test(token)) {
      const stem = stemArabic(token);
      const forms = [withoutClitic(stem), consonants(stem)].filter((form) => form !== null);
      push(stem, forms, isStopWord(stem));
    } else if (/\p{sc=Cyrl}/u.test(token)) push(stemCyrillic(token), [], isGrammar(token, "ru"));
    else if (/\p{sc=Deva}/u.test(token)) push(stemDevanagari(token), [], isGrammar(token, "hi"));
    else if (/\p{sc=Grek}/u.test(token)) push(stemGreek(token), [], false);
    else if (/\p{sc=Hebr}/u.test(token)) {
      const bare = token.replace(HEBREW_CLITIC, "");
      push(token, bare === token ? [] : [bare], false);
    } else push(token, [], false);
  };
  const addWord = (raw: string) => {
    const token = fold(raw.length > LONGEST ? raw.slice(0, LONGEST) : raw);
    if (!/\p{N}/u.test(token)) {
      if (isAscii(token)) addLatin(token, raw);
      else addOther(token);
      return;
    }
    push(token, [], false);
    const parts = token.match(LETTERS_OR_DIGITS) ?? [];
    if (parts.length < 2 || parts.length > MOST_PARTS) return;
    for (const part of parts) {
      if (/\p{N}/u.test(part)) push(part, [], false);
      else if (isAscii(part)) addLatin(part, part);
      else addOther(part);
    }
  };

  for (const match of normal.matchAll(TOKEN)) {
    const before = found.length;
    const [token] = match;
    if (isAscii(token)) addWord(token);
    else addForeign(token, addWord, push);
    const name = names.get(match.index);
    if (name !== undefined) found[before]?.forms.push(name);
  }
  return found;
}

/** Runs of unspaced script as overlapping pairs, what stands between them as words. */
function addForeign(
  token: string,
  addWord: (word: string) => void,
  push: (stem: string, forms: string[], stop: boolean) => void,
): void {
  let done = 0;
  for (const run of token.matchAll(UNSPACED)) {
    if (run.index > done) addWord(token.slice(done, run.index));
    addPairs(run[0], push);
    done = run.index + run[0].length;
  }
  if (done < token.length) addWord(token.slice(done));
}

function addPairs(run: string, push: (stem: string, forms: string[], stop: boolean) => void): void {
  const letters = run.match(CLUSTER) ?? [];
  const [first = run] = letters;
  if (letters.length === 1) push(run, [], KANA_ONLY.test(run));
  const syllable = PARTICLE.exec(run)?.[1];
  for (let at = 1; at < letters.length; at++) {
    const pair = `${letters[at - 1]}${letters[at]}`;
    // One character is a word of its own in Chinese: a question that is no more than that must find it.
    const alone = letters[at] ?? "";
    const forms = HAN.test(alone) ? [alone] : [];
    if (at === 1 && (HAN.test(first) || syllable)) forms.push(first);
    push(pair, forms, KANA_ONLY.test(pair));
  }
}
