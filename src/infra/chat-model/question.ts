/** What a question asks for: its terms and the kind of thing that would answer it. */
import { analyze, isStopWord } from "../../text/analyze.ts";

export type Wanted = "money" | "time" | "number" | "person" | "contact" | "steps" | "command";

export type Question = {
  /** Content stems with the weight of where they come from: 1 for the question itself, less for earlier turns. */
  terms: ReadonlyMap<string, number>;
  /** Neighbours in the question, at least one of them a content word. */
  pairs: [string, string][];
  wants: ReadonlySet<Wanted>;
  /** Stems that only say what kind of answer is wanted: `cost` is answered by a price that never says `cost`. */
  kinds: ReadonlyMap<string, Wanted>;
  negated: boolean;
};

const EARLIER_TURN = 0.35;

/** Said around a question, seldom in its answer. */
const FRAMING = stems(
  "tell explain describe know want need please find give show list say mean get use one someone anyone something anything much many long often ask question answer document information happen thing stuff allow ok possible",
  "اشرح اذكر أخبرني أريد معرفة معلومات عن حول يمكن يمكنني أستطيع يجب ينبغي عندي لدي لديكم عندكم أقدر توجد يوجد",
);

const KINDS: readonly (readonly [Wanted, ReadonlySet<string>])[] = [
  [
    "money",
    stems(
      "cost price fee charge expensive amount pay pound dollar euro dirham",
      "سعر تكلفة ثمن رسوم بكم مبلغ",
    ),
  ],
  [
    "time",
    stems(
      "when time date deadline day hour week month year fast quickly soon cutoff period take",
      "متى مدة موعد مهلة يوم أيام وقت ساعة سنة",
    ),
  ],
  ["number", stems("number weigh weight heavy size limit maximum minimum", "عدد وزن نسبة")],
  ["contact", stems("email mail phone call contact reach write address", "هاتف بريد اتصال أتواصل عنوان")],
  ["steps", stems("fix solve handle step procedure process instruction", "كيف خطوات طريقة أقدم")],
  ["command", stems("command script shell", "أمر")],
];

const WANTS: readonly (readonly [Wanted, RegExp])[] = [
  [
    "money",
    /\bhow (?:much|expensive)\b|\b(?:prices?|costs?|fees?|charges?|pay|salary|rate|amount|deposit)\b|سعر|تكلفة|ثمن|رسوم|بكم|مبلغ/i,
  ],
  [
    "time",
    /\bhow (?:long|soon|often|quickly|fast|late|early)\b|\bwhen\b|\b(?:dates?|deadline|days?|hours?|weeks?|months?|years?|time|period|cutoff|expires?)\b|متى|مدة|موعد|المهلة|يوم|أيام|سنة|ساعات/i,
  ],
  [
    "number",
    /\bhow (?:many|much|heavy|tall|large|big|far|high|wide|deep|old)\b|\b(?:number|percent|percentage|weighs?|weight|size|limit|maximum|minimum|capacity)\b|(?:^|\s)كم(?:\s|$)|عدد|وزن|نسبة|الحد/i,
  ],
  ["person", /\b(?:who|whom|whose)\b|(?:^|\s)(?:من هو|من هي|من المسؤول|من يوافق|من الذي)/i],
  [
    "contact",
    /\b(?:e-?mail|phone|call|contact|reach|address|telephone|write to)\b|هاتف|بريد|اتصال|أتواصل|التواصل|عنوان/i,
  ],
  [
    "steps",
    /\bhow (?:do|can|to|should|would|does)\b|\b(?:steps?|procedure|process|instructions|what (?:should|must|do|happens))\b|كيف|خطوات|ماذا أفعل/i,
  ],
  ["command", /\b(?:commands?|scripts?|shell)\b/i],
];

/** What a statement must hold to be of the wanted kind. */
export const PATTERNS: readonly (readonly [Wanted, RegExp])[] = [
  [
    "money",
    /[£$€¥]\s?\d|\d[\d.,]*\s?(?:%|USD|EUR|GBP|AED|SAR|QAR|KWD|dollars?|euros?|pounds?|dirhams?|درهم|ريال|دينار)|\b(?:free|no charge)\b|مجان/i,
  ],
  [
    "time",
    /\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty|sixty)[\s-](?:to[\s-]\w+[\s-])?(?:working |business |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b|\b\d{1,2}:\d{2}\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|يوم|أيام|أسبوع|أسابيع|شهر|أشهر|سنة|سنوات|سنتان|سنتين|الساعة|ساعات|دقيقة|دقائق/i,
  ],
  ["number", /\p{Nd}|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve)\b/iu],
  [
    "person",
    /\b\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+|\b(?:manager|director|lead|team|officer|head|engineer|owner)\b|مدير|المسؤول|فريق|قسم/u,
  ],
  ["contact", /[\w.+-]+@[\w-]+\.\w+|\+?\p{Nd}[\p{Nd}\s()-]{6,}|https?:\/\//iu],
];

/** Titles of columns whose values are of the wanted kind, whatever words the question uses. */
export const COLUMNS: readonly (readonly [Wanted, RegExp])[] = [
  ["money", /price|cost|fee|charge|amount|rate|salary|gbp|usd|eur|aed|sar|سعر|تكلفة|رسوم|المبلغ/i],
  ["time", /time|days?|date|deadline|duration|period|years?|hours?|when|response|مدة|موعد|الفترة|تاريخ/i],
  ["contact", /mail|phone|contact|address|هاتف|بريد|عنوان/i],
  ["person", /owner|lead|name|contact|manager|person|who|المسؤول|الاسم/i],
];
const NEGATION =
  /\b(?:not|no|never|cannot|without|except|isn't|aren't|don't|doesn't|can't|won't|hasn't|haven't)\b|n[’']t\b|(?:^|\s)(?:لا|لم|لن|ليس|ليست|بدون|غير|ولا)\s/i;

export function isNegated(text: string): boolean {
  return NEGATION.test(text);
}

/** @param earlier the user's previous turns, which a follow-up leans on */
export function readQuestion(question: string, earlier: readonly string[] = []): Question {
  const asked = analyze(question);
  const terms = new Map<string, number>();
  const add = (text: readonly string[], weight: number) => {
    const content = text.filter((stem) => !isStopWord(stem));
    const telling = content.filter((stem) => !FRAMING.has(stem));
    for (const stem of telling.length > 0 ? telling : content) if (!terms.has(stem)) terms.set(stem, weight);
  };
  add(asked, 1);
  for (const turn of earlier.slice(-2)) add(analyze(turn), EARLIER_TURN);

  const pairs: [string, string][] = [];
  asked.forEach((stem, at) => {
    const next = asked[at + 1];
    if (next && (terms.has(stem) || terms.has(next))) pairs.push([stem, next]);
  });
  const kinds = new Map<string, Wanted>();
  for (const [wanted, words] of KINDS) for (const stem of words) if (terms.has(stem)) kinds.set(stem, wanted);
  const wants = new Set(WANTS.filter(([, pattern]) => pattern.test(question)).map(([wanted]) => wanted));
  return { terms, pairs, wants, kinds, negated: isNegated(question) };
}

function stems(...words: string[]): ReadonlySet<string> {
  return new Set(words.flatMap(analyze));
}
