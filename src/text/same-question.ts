/** When two questions are the same one: forms in which they are compared, from the letter to the sense of the words. */
import { stem as stemEnglish } from "porter2";
import { isStopWord } from "./analyze.ts";
import { unifyArabic } from "./arabic.ts";
import { fold, isAscii, normalize } from "./fold.ts";
import type { Listed } from "./stop-lists.ts";
import { languageOfPassage } from "./words.ts";

export type QuestionForms = {
  /** Every word, number and sign, without case, punctuation and accents. */
  exact: string;
  /** The same in the same order, without courtesy, articles and plurals: equal for one question asked twice. */
  sequence: string;
  /** The words that carry the sense, {@link content} and {@link cues}, in their order. */
  said: string;
  /** What it is about, numbers included; inflections undone. */
  content: string[];
  /** What turns a sense around: negations, question words, modals, directions, tense; sorted. */
  cues: string[];
  /** Numbers with their sign, and names that hold digits; sorted. */
  numbers: string[];
  negated: boolean;
};

const NUMBER = "(?<![\\p{L}\\p{N}])[-−+]?\\p{N}[\\p{L}\\p{N}]*(?:[.,:/]\\p{N}+)*";
const WORD = "[\\p{L}\\p{M}][\\p{L}\\p{N}\\p{M}]*[+#]*";
const TOKEN = new RegExp(`${NUMBER}|${WORD}|[%€$£¥<>≤≥=&°]`, "gu");
/** `1,500` is 1500; `1.5` stays. */
const GROUPING = /[,'’](?=\d{3}(?!\d))/g;

const list = (words: string) => new Set(words.trim().split(/\s+/));

/** Says nothing wherever it stands; by language, because another language's `die` or `la` is a word. */
const EMPTY: Partial<Record<Listed, ReadonlySet<string>>> = {
  en: list(
    "a an the is are am be do does i we you me us my our your of please kindly hi hello hey thanks thank",
  ),
  de: list("der die das den dem des ein eine einen einem einer eines ist sind bitte"),
  fr: list("le la les l un une est sont"),
  es: list("el la los las un una es son"),
  it: list("il lo la i gli le un una uno è sono"),
  pt: list("o a os as um uma é são"),
  nl: list("de het een is zijn"),
};

const NEGATIONS = list(`not no never none nothing without cannot nor neither
  nicht kein keine keinen keinem keiner nie ohne niet geen ne pas non sans jamais sin nunca nao sem senza mai
  لا لم لن ليس ليست غير بدون دون не нет без नहीं degil yok`);
/** In scripts without spaces a negation is part of the run. */
const NEGATED_RUN = /[不没沒未无無非]|ない|ません|않|없/u;
const CUES =
  list(`who whom whose when where why how must should shall will would was were did had been only or off
  out down up they he she them him her again once most more all any few each both same other from to into onto before
  after than versus vs over under above below between against until till by`);
const CAN = list("can could may might");

const COURTESY =
  /^(?:(?:hi|hello|hey|please|thanks)[\s,!.]+|(?:can|could|would|will) you (?:please )?(?:tell|explain|show)(?: (?:me|us))? |(?:please )?(?:tell|show) (?:me|us) |i(?: would|['’]d)? (?:want|like|need) to know |do you know )+/;
const HOW_TO = /\bhow (?:can|could|would|should|do|does|to)(?: (?:i|we|you|one))?(?!\p{L})/gu;

/** Linear in the text; a question has at most a few thousand characters. */
export function questionForms(text: string): QuestionForms {
  const clean = unifyArabic(normalize(text)).toLowerCase();
  const exact = tokens(clean);
  const language = languageOfPassage(text);
  const plain = language === "en" ? tokens(unfoldEnglish(clean)) : exact;
  const empty = EMPTY[language] ?? new Set();
  const told = plain.filter((token) => !empty.has(token));
  const kept = told.length > 0 ? told : plain;

  const said: string[] = [];
  const content: string[] = [];
  const cues: string[] = [];
  const say = (word: string, where: string[]) => {
    said.push(word);
    where.push(word);
  };
  let negated = false;
  for (const token of kept) {
    const negates = NEGATIONS.has(token) || (!isAscii(token) && NEGATED_RUN.test(token));
    negated ||= negates;
    if (language !== "en") say(token, content);
    else if (negates) say("not", cues);
    else if (CAN.has(token)) say("can", cues);
    else if (CUES.has(token)) say(token, cues);
    else if (!isStopWord(stemEnglish(token))) say(uninflected(token), content);
  }
  return {
    exact: exact.join(" "),
    sequence: kept.map((token) => (language === "en" ? singular(token) : token)).join(" "),
    said: said.join(" "),
    content,
    cues: cues.sort(),
    numbers: kept.filter((token) => /\p{N}/u.test(token)).sort(),
    negated,
  };
}

function tokens(clean: string): string[] {
  return Array.from(clean.matchAll(TOKEN), ([token]) =>
    /^[-−+]?\p{N}/u.test(token) ? token.replace(GROUPING, "").replace("−", "-") : fold(token),
  );
}

/** Contractions written out, courtesy and the ways to begin a how-to dropped. */
function unfoldEnglish(clean: string): string {
  return clean
    .replace(/\b(?:can['’]t|cannot)(?!\p{L})/gu, "can not")
    .replace(/\bwon['’]t(?!\p{L})/gu, "will not")
    .replace(/n['’]t(?!\p{L})/gu, " not")
    .replace(COURTESY, "")
    .replace(/['’](?:s|m|ve|d|re|ll)(?!\p{L})/gu, " ")
    .replace(HOW_TO, "how");
}

function singular(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word) || /(?:ss|us|is|news)$/.test(word)) return word;
  if (/[^aeiou]ies$/.test(word)) return word.replace(/ies$/, "y");
  return /(?:ch|sh|x|z|ss)es$/.test(word) ? word.slice(0, -2) : word.replace(/s$/, "");
}

/** The stem where only an inflection is taken off: Porter's makes one word of `intern` and `international`. */
function uninflected(word: string): string {
  if (!/^[a-z]+$/.test(word) || word === "news") return word;
  const stem = stemEnglish(word);
  const off = word.length - stem.length;
  const doubled = /([a-z])\1(?:ing|ed)$/.test(word);
  return off <= 3 || (off === 4 && doubled) ? stem : singular(word);
}
