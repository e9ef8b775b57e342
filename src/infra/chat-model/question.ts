/** What a question asks for: its terms, their weights, and the kind of thing that would answer it. */
import { analyze, isStopWord } from "../../text/analyze.ts";

export type Wanted = "money" | "time" | "number" | "person" | "contact" | "steps";

export type Question = { terms: string[]; pairs: [string, string][]; wants: ReadonlySet<Wanted> };

/** Said around a question, seldom in its answer. */
const FRAMING = new Set(
  [
    "tell explain describe know want need please find give show say mean get use one someone something much many long often ask question answer document page information",
    "اشرح اذكر أخبرني أريد معرفة معلومات عن حول هل يمكن يمكنني أستطيع يجب ينبغي",
  ].flatMap(analyze),
);

const WANTS: readonly (readonly [Wanted, RegExp])[] = [
  [
    "money",
    /\bhow (?:much|expensive)\b|\b(?:prices?|costs?|fees?|charges?|pay|salary|rate|amount|deposit)\b|سعر|تكلفة|ثمن|رسوم|بكم|مبلغ/i,
  ],
  [
    "time",
    /\bhow (?:long|soon|often|quickly|fast|late|early)\b|\bwhen\b|\b(?:dates?|deadline|days?|hours?|weeks?|months?|years?|time|period)\b|متى|مدة|موعد|المهلة|يوم|أيام|كم من الوقت|سنة|ساعات/i,
  ],
  [
    "number",
    /\bhow (?:many|much|heavy|tall|large|big|far|high|wide|deep|old)\b|\b(?:number|percent|percentage|weight|size|limit|maximum|minimum|capacity)\b|(?:^|\s)كم(?:\s|$)|عدد|وزن|نسبة|الحد/i,
  ],
  ["person", /\b(?:who|whom|whose)\b|(?:^|\s)(?:من هو|من هي|من المسؤول|من يوافق|من الذي)/i],
  [
    "contact",
    /\b(?:e-?mail|phone|call|contact|reach|address|telephone)\b|هاتف|بريد|اتصال|أتواصل|التواصل|عنوان|رقم/i,
  ],
  [
    "steps",
    /\bhow (?:do|can|to|should|would|does)\b|\b(?:steps?|procedure|process|instructions?|what (?:are|should|must|do|documents|items)|which|list)\b|كيف|خطوات|ما هي/i,
  ],
];

export const PATTERNS: Record<Exclude<Wanted, "steps">, RegExp> = {
  money:
    /[£$€¥]\s?\d|\d[\d.,]*\s?(?:%|USD|EUR|GBP|AED|SAR|QAR|KWD|dollars?|euros?|pounds?|dirhams?|درهم|ريال|دينار)|\b(?:free|no charge)\b|مجان/i,
  time: /\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty|sixty)[\s-](?:to[\s-]\w+[\s-])?(?:working |business |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b|\b\d{1,2}:\d{2}\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|(?:يوم|أيام|أسبوع|أسابيع|شهر|أشهر|سنة|سنوات|سنتين|ساعة|ساعات|دقيقة|دقائق)/i,
  number: /\p{Nd}|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve)\b/iu,
  person:
    /\b\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+|\b(?:manager|director|lead|team|officer|head|engineer|owner)\b|مدير|المسؤول|فريق|قسم/iu,
  contact: /[\w.+-]+@[\w-]+\.\w+|\+?\p{Nd}[\p{Nd}\s()-]{6,}|https?:\/\//iu,
};

export function readQuestion(question: string): Question {
  const stems = analyze(question);
  const content = stems.filter((stem) => !isStopWord(stem));
  const telling = content.filter((stem) => !FRAMING.has(stem));
  const terms = [...new Set(telling.length > 0 ? telling : content)];
  const pairs: [string, string][] = [];
  stems.forEach((stem, at) => {
    const next = stems[at + 1];
    if (next && terms.includes(stem) && terms.includes(next)) pairs.push([stem, next]);
  });
  const wants = new Set(WANTS.filter(([, pattern]) => pattern.test(question)).map(([wanted]) => wanted));
  return { terms, pairs, wants };
}
