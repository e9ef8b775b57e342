/** How answers are written, what counts as evidence, what is kept for the next who asks, and what happens without budget. */
import { Check, Field, SelectField } from "../../../ui/field.tsx";
import { words } from "../../../ui/words.ts";
import { NumberField } from "./number-field.tsx";
import { ANSWERS } from "./settings.ts";
import { SettingsForm } from "./settings-form.tsx";

const t = words({
  instructions: ["How answers should be written", "كيف تُكتب الإجابات"],
  instructionsHint: [
    "Tone, form, what to point to. The language model is told so with every question; what documents say comes first.",
    "النبرة والشكل وما يُشار إليه. يُخبر بها النموذج مع كل سؤال، ويبقى ما في المستندات أولًا.",
  ],
  score: ["Least relevance of a passage, 0 to 1", "أدنى صلة للمقطع، من 0 إلى 1"],
  scoreHint: [
    "Passages below it are no evidence, and with none left the answer says so. Empty: what usually fits.",
    "ما دونها لا يُعد دليلًا، وإن لم يبق شيء قالت الإجابة ذلك. فارغ: القيمة المناسبة عادة.",
  ],
  rerank: ["Let the reranker read along", "دع معيد الترتيب يقرأ"],
  rerankHint: [
    "Where the installation has one, it reads the best passages once more and puts them in a better order.",
    "إن وُجد في هذا التثبيت، يقرأ أفضل المقاطع مرة أخرى ويرتبها ترتيبًا أفضل.",
  ],
  finish: ["Finish answers that nobody waits for", "أكمل الإجابات التي لا ينتظرها أحد"],
  finishHint: [
    "An answer in a conversation is completed and kept when its reader closes the page; else it stops there.",
    "تكتمل الإجابة في المحادثة وتُحفظ حين يغلق قارئها الصفحة؛ وإلا توقفت عندها.",
  ],
  cache: ["Keep answers for the next who asks", "احفظ الإجابات لمن يسأل لاحقًا"],
  on: ["Yes, until what they came from changes", "نعم، إلى أن يتغير مصدرها"],
  off: ["No, ask the model every time", "لا، اسأل النموذج كل مرة"],
  cacheHint: [
    "The same question by somebody who reads the same documents costs no model then.",
    "السؤال نفسه ممن يقرأ المستندات نفسها لا يكلف نموذجًا عندئذ.",
  ],
  hours: ["For how many hours at most", "لكم ساعة على الأكثر"],
  hoursHint: [
    "A changed document or taught answer ends them sooner.",
    "تنتهي قبل ذلك بتغير مستند أو إجابة مُعلَّمة.",
  ],
  budget: ["When the month's tokens are used up", "عند استنفاد رموز الشهر"],
  refuse: ["Refuse questions until the next month", "ارفض الأسئلة حتى الشهر التالي"],
  extractive: ["Quote the documents without a model", "اقتبس من المستندات دون نموذج"],
  budgetHint: [
    "How much there is stands under Usage; whoever runs the platform sets it.",
    "المقدار موجود في «الاستخدام»، ويحدده مشغّل المنصة.",
  ],
});

export function Answers() {
  return (
    <div class="form">
      <SettingsForm names={ANSWERS}>
        {(draft, set) => (
          <>
            <Field label={t("instructions")} hint={t("instructionsHint")}>
              {(labelled) => (
                <textarea
                  class="input"
                  dir="auto"
                  rows={4}
                  maxLength={2_000}
                  name="instructions"
                  {...labelled}
                  value={draft.answer_instructions ?? ""}
                  onInput={(event) => set({ answer_instructions: event.currentTarget.value || null })}
                />
              )}
            </Field>
            <NumberField
              label={t("score")}
              hint={t("scoreHint")}
              min={0}
              max={1}
              step={0.01}
              value={draft.min_score}
              onValue={(min_score) => set({ min_score })}
            />
            <Check
              label={t("rerank")}
              hint={t("rerankHint")}
              checked={draft.rerank}
              onValue={(rerank) => set({ rerank })}
            />
            <Check
              label={t("finish")}
              hint={t("finishHint")}
              checked={draft.finish_answers}
              onValue={(finish_answers) => set({ finish_answers })}
            />
            <SelectField
              label={t("cache")}
              hint={t("cacheHint")}
              value={draft.answer_cache}
              options={[
                ["on", t("on")],
                ["off", t("off")],
              ]}
              onValue={(answer_cache) => set({ answer_cache })}
            />
            {draft.answer_cache === "on" && (
              <NumberField
                label={t("hours")}
                hint={t("hoursHint")}
                required
                min={1}
                max={720}
                value={draft.answer_cache_hours}
                onValue={(hours) => set({ answer_cache_hours: hours ?? 24 })}
              />
            )}
            <SelectField
              label={t("budget")}
              hint={t("budgetHint")}
              value={draft.over_budget}
              options={[
                ["refuse", t("refuse")],
                ["extractive", t("extractive")],
              ]}
              onValue={(over_budget) => set({ over_budget })}
            />
          </>
        )}
      </SettingsForm>
    </div>
  );
}
