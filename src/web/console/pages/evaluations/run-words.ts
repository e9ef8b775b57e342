/** What a run is and how far it has come, in words that its list and its page use. */
import { dateTime, words } from "../../../ui/words.ts";
import type { Configuration, Run } from "./types.ts";

export const runWords = words({
  running: ["Running", "قيد التشغيل"],
  done: ["Done", "انتهى"],
  failed: ["Failed", "فشل"],
  cancelled: ["Called off", "أُلغي"],
  answer: ["Answers", "إجابات"],
  search: ["Finding only", "البحث فقط"],
  passed: ["Gate passed", "اجتاز الحد"],
  missed: ["Gate not passed", "لم يجتز الحد"],
  callOff: ["Call it off", "إلغاء التشغيل"],
  remove: ["Delete", "حذف"],
  removed: ["The run is deleted", "حُذف التشغيل"],
  first: ["First", "الأول"],
  second: ["Second", "الثاني"],
});

export const runName = ({ name, created_at }: Run): string => name || dateTime(created_at);

const KINDS = { running: "accent", done: "ok", failed: "danger", cancelled: "" } as const;

export const badgeOf = ({ status }: Run): string => `badge ${KINDS[status]}`;

/** @param at its place among the run's */
export const configurationName = ({ name }: Configuration, at: number): string =>
  name ?? (at === 0 ? runWords("first") : runWords("second"));
