/** What a run measures, in words, and how its values are written. */
import { number, words } from "../../../ui/words.ts";
import { milliseconds, share } from "../insights/formats.ts";
import type { Run } from "./types.ts";

export type Figure = NonNullable<Run["gate"]>["checks"][number]["figure"];

export const figureWords = words<Figure>({
  hit_at_1: ["Found first", "وُجد أولًا"],
  hit_at_3: ["Among the first 3", "ضمن أول 3"],
  hit_at_5: ["Among the first 5", "ضمن أول 5"],
  hit_at_10: ["Among the first 10", "ضمن أول 10"],
  mrr: ["Place in the list (MRR)", "الموضع في القائمة (MRR)"],
  ndcg_at_10: ["Order of the list (nDCG)", "ترتيب القائمة (nDCG)"],
  facts_found: ["Facts said", "حقائق ذُكرت"],
  citation_precision: ["Citation precision", "دقة الاستشهاد"],
  citations_verified: ["Citations verified", "استشهادات مُتحقق منها"],
  supported: ["Sentences supported", "جمل مدعومة"],
  right_refusals: ["Rightly not answered", "لم يُجب عن حق"],
  false_refusals: ["Wrongly not answered", "لم يُجب خطأً"],
  errors: ["Failed questions", "أسئلة فشلت"],
  latency_p50: ["Time, half within", "الزمن، نصفها خلال"],
  latency_p95: ["Time, 95% within", "الزمن، 95% خلال"],
  tokens: ["Model tokens", "رموز النموذج"],
  cost: ["Cost", "التكلفة"],
});

export const figureHints = words<Figure>({
  hit_at_1: ["An expected document leads the list", "مستند متوقع يتصدر القائمة"],
  hit_at_3: ["Share of questions with an expected document there", "نسبة الأسئلة التي فيها مستند متوقع"],
  hit_at_5: ["Share of questions with an expected document there", "نسبة الأسئلة التي فيها مستند متوقع"],
  hit_at_10: ["As far down as the configuration looks", "بقدر ما ينظر الإعداد"],
  mrr: ["1 when always first, ½ when always second", "1 إن كان أولًا دائمًا، و½ إن كان ثانيًا دائمًا"],
  ndcg_at_10: ["1 when all expected documents lead", "1 إن تصدرت كل المستندات المتوقعة"],
  facts_found: ["Of what the answers have to say", "مما يجب أن تقوله الإجابات"],
  citation_precision: ["Citations that point to an expected document", "استشهادات تشير إلى مستند متوقع"],
  citations_verified: ["Marks whose quote stands in its passage", "علامات اقتباسها موجود في مقطعه"],
  supported: ["With a verified citation behind them", "خلفها استشهاد مُتحقق منه"],
  right_refusals: ["Of questions the documents do not answer", "من أسئلة لا تجيب عنها المستندات"],
  false_refusals: ["Of questions they do answer; less is better", "من أسئلة تجيب عنها؛ الأقل أفضل"],
  errors: ["Each counts as a miss", "يُعد كل منها إخفاقًا"],
  latency_p50: ["From question to whole answer", "من السؤال إلى الإجابة الكاملة"],
  latency_p95: ["From question to whole answer", "من السؤال إلى الإجابة الكاملة"],
  tokens: ["Prompts and answers together", "الموجّهات والإجابات معًا"],
  cost: ["By the prices of whoever runs the platform", "بأسعار مشغّل المنصة"],
});

/** In the order in which they are shown: finding, answering, refusing, effort. */
export const FIGURES: readonly Figure[] = [
  "hit_at_1",
  "hit_at_3",
  "hit_at_5",
  "hit_at_10",
  "mrr",
  "ndcg_at_10",
  "facts_found",
  "citation_precision",
  "citations_verified",
  "supported",
  "right_refusals",
  "false_refusals",
  "errors",
  "latency_p50",
  "latency_p95",
  "tokens",
  "cost",
];

const LESS: readonly Figure[] = ["false_refusals", "errors", "latency_p50", "latency_p95", "tokens", "cost"];

export const lessIsBetter = (figure: Figure): boolean => LESS.includes(figure);

type Kind = "share" | "ratio" | "milliseconds" | "count" | "cost";

const kinds: Partial<Record<Figure, Kind>> = {
  mrr: "ratio",
  ndcg_at_10: "ratio",
  errors: "count",
  latency_p50: "milliseconds",
  latency_p95: "milliseconds",
  tokens: "count",
  cost: "cost",
};

export const kindOf = (figure: Figure): Kind => kinds[figure] ?? "share";

/** A dash where there was nothing to measure. */
export function shown(figure: Figure, value: number | null): string {
  if (value === null) return "–";
  switch (kindOf(figure)) {
    case "share":
      return share(value);
    case "ratio":
      return number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
    case "milliseconds":
      return milliseconds(value);
    case "count":
      return number(value);
    case "cost":
      return number(value, { maximumSignificantDigits: 3 });
  }
}
