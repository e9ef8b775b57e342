/** Starts a run: what is asked, one way or two ways, and what has to come of it. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { Dialog } from "../../../ui/dialog.tsx";
import { Check, SelectField, TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import { ConfigurationFields } from "./configuration-fields.tsx";
import { GateFields } from "./gate-fields.tsx";
import { emptyRun, plain, runBodyOf } from "./run-draft.ts";
import { runWords as r } from "./run-words.ts";

const t = words({
  title: ["Ask all golden questions", "اسأل كل الأسئلة الذهبية"],
  about: [
    "Each question counts against the month's quota like any other; none appears among people's questions.",
    "يُحسب كل سؤال من حصة الشهر كغيره، ولا يظهر أي منها بين أسئلة الناس.",
  ],
  name: ["Name", "الاسم"],
  nameHint: ["Such as “before the new model”; empty: the time", "مثل «قبل النموذج الجديد»؛ فارغ: الوقت"],
  kind: ["What is asked for", "المطلوب"],
  answer: ["Whole answers, by a language model", "إجابات كاملة من نموذج لغوي"],
  search: ["Passages only, without a model", "مقاطع فقط، دون نموذج"],
  tags: ["Only questions with one of these tags", "فقط الأسئلة التي لها أحد هذه الوسوم"],
  tagsHint: ["Parted by commas; empty: all questions", "تفصلها فواصل؛ فارغ: كل الأسئلة"],
  only: ["How it is asked", "كيف تُسأل"],
  compare: ["Compare with a second configuration", "قارن بإعداد ثانٍ"],
  start: ["Start", "ابدأ"],
});

export function RunDialog({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(emptyRun);
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const { data } = useData("models", (signal) => dataOf(client.GET("/api/v1/models", { signal })));
  const models = data?.models.chat.chain ?? [];
  const [, go] = useLocation();
  const { run, busy, problem } = useAction(async () => {
    const started = await dataOf(client.POST("/api/v1/evals/run", { body: runBodyOf(draft) }));
    go(`/evaluations/runs/${started.run.id}`);
  });
  const { kind, first, second } = draft;
  return (
    <Dialog title={t("title")} onClose={onClose} wide>
      <form class="stack" onSubmit={onSubmit(run)}>
        <p class="muted small">{t("about")}</p>
        <TextField
          label={t("name")}
          hint={t("nameHint")}
          name="run"
          maxLength={200}
          value={draft.name}
          onValue={(name) => set({ name })}
        />
        <SelectField
          label={t("kind")}
          value={kind}
          options={(["answer", "search"] as const).map((one) => [one, t(one)] as const)}
          onValue={(chosen) => set({ kind: chosen })}
        />
        <TextField
          label={t("tags")}
          hint={t("tagsHint")}
          value={draft.tags}
          onValue={(tags) => set({ tags })}
        />
        <div class="configurations">
          <ConfigurationFields
            legend={second ? r("first") : t("only")}
            kind={kind}
            models={models}
            draft={first}
            onDraft={(changed) => set({ first: changed })}
          />
          {second && (
            <ConfigurationFields
              legend={r("second")}
              kind={kind}
              models={models}
              draft={second}
              onDraft={(changed) => set({ second: changed })}
            />
          )}
        </div>
        <Check
          label={t("compare")}
          checked={second !== null}
          onValue={(on) => set({ second: on ? plain : null })}
        />
        <GateFields gate={draft.gate} onGate={(gate) => set({ gate })} />
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {t("start")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
