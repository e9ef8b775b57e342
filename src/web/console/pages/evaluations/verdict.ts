/** What came of one question, in words, and whether that was right. */
import { titleOfCode } from "../../../ui/problem-words.ts";
import { words } from "../../../ui/words.ts";
import type { Result } from "./types.ts";

const t = words({
  waiting: ["Not asked", "لم يُسأل"],
  refusedRightly: ["Rightly not answered", "لم يُجب عن حق"],
  invented: ["Answered, though nothing says it", "أُجيب رغم أن لا شيء يذكره"],
  refused: ["Not answered", "لم يُجب"],
  notFound: ["Document not found", "لم يُعثر على المستند"],
  found: ["Found at place {rank}", "وُجد في الموضع {rank}"],
  facts: ["Facts: {said} of {all}", "الحقائق: {said} من {all}"],
  taught: ["Taught answer", "إجابة مُعلَّمة"],
  answered: ["Answered", "أُجيب"],
  gone: ["Its documents are gone", "مستنداته لم تعد موجودة"],
});

export type Verdict = { text: string; kind: "ok" | "danger" | "warn" | "" };

/** Best said first; a question may be found and yet not say all. */
export function verdictsOf({ asked, outcome }: Result): Verdict[] {
  if (!outcome) return [{ text: t("waiting"), kind: "" }];
  if (outcome.gone) return [{ text: t("gone"), kind: "warn" }];
  if (outcome.error) return [{ text: titleOfCode(outcome.error.code), kind: "danger" }];
  if (!asked.answerable) {
    return [
      outcome.refused ? { text: t("refusedRightly"), kind: "ok" } : { text: t("invented"), kind: "danger" },
    ];
  }
  const verdicts: Verdict[] = [];
  if (outcome.refused) verdicts.push({ text: t("refused"), kind: "danger" });
  if (outcome.taught) verdicts.push({ text: t("taught"), kind: "ok" });
  else if (outcome.rank !== null) verdicts.push({ text: t("found", { rank: outcome.rank }), kind: "ok" });
  else if (asked.document_ids.length + asked.external_ids.length > 0) {
    verdicts.push({ text: t("notFound"), kind: "danger" });
  }
  const said = outcome.facts.filter(Boolean).length;
  const all = asked.facts.length;
  if (all > 0) verdicts.push({ text: t("facts", { said, all }), kind: said === all ? "ok" : "warn" });
  return verdicts.length > 0 ? verdicts : [{ text: t("answered"), kind: "ok" }];
}

/** Something about it is not as it should be. */
export const isMissed = (result: Result): boolean =>
  result.outcome !== null && verdictsOf(result).some(({ kind }) => kind === "danger" || kind === "warn");
