/** How long questions are remembered, who may read them, and what software may ask for. */
import { Check } from "../../../ui/field.tsx";
import { words } from "../../../ui/words.ts";
import { NumberField } from "./number-field.tsx";
import { PRIVACY } from "./settings.ts";
import { SettingsForm } from "./settings-form.tsx";

const t = words({
  days: ["Forget questions and answers after how many days", "بعد كم يوم تُنسى الأسئلة والإجابات"],
  daysHint: [
    "Conversations, questions and answers older than that are deleted every day, for good. Empty: they are kept.",
    "ما هو أقدم من ذلك من محادثات وأسئلة وإجابات يُحذف يوميًا ونهائيًا. فارغ: تُحفظ.",
  ],
  read: ["Admins may read the conversations of others", "يحق للمسؤولين قراءة محادثات الآخرين"],
  readHint: ["Each time one does, the audit log says so.", "وكل مرة يفعل أحدهم ذلك تُسجَّل في سجل التدقيق."],
  embeddings: ["Software may embed texts", "يحق للبرامج تضمين النصوص"],
  embeddingsHint: [
    "POST /v1/embeddings then answers API keys that may search, with the organization's model.",
    "يجيب عندئذ ‎POST /v1/embeddings‎ المفاتيح التي يحق لها البحث، بنموذج المؤسسة.",
  ],
});

export function Privacy() {
  return (
    <div class="form">
      <SettingsForm names={PRIVACY}>
        {(draft, set) => (
          <>
            <NumberField
              label={t("days")}
              hint={t("daysHint")}
              min={1}
              max={3_650}
              value={draft.history_days}
              onValue={(history_days) => set({ history_days })}
            />
            <Check
              label={t("read")}
              hint={t("readHint")}
              checked={draft.admins_read_sessions}
              onValue={(admins_read_sessions) => set({ admins_read_sessions })}
            />
            <Check
              label={t("embeddings")}
              hint={t("embeddingsHint")}
              checked={draft.embeddings_api}
              onValue={(embeddings_api) => set({ embeddings_api })}
            />
          </>
        )}
      </SettingsForm>
    </div>
  );
}
