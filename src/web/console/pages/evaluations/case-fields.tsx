/** What one says of a golden question: whether the documents answer it, which do, and what an answer has to say. */
import { useState } from "preact/hooks";
import { Check, Field, TextField } from "../../../ui/field.tsx";
import { words } from "../../../ui/words.ts";
import { DocumentPicker } from "./document-picker.tsx";
import type { Draft } from "./types.ts";

const t = words({
  question: ["Question", "السؤال"],
  answerable: ["The documents answer it", "المستندات تجيب عنه"],
  answerableHint: [
    "Without the tick, the right answer is that they do not say.",
    "دون العلامة، الإجابة الصحيحة أنها لا تذكره.",
  ],
  facts: ["What an answer has to say, one fact a line", "ما يجب أن تقوله الإجابة، حقيقة في كل سطر"],
  factsHint: [
    "Said when all its content words and numbers stand in the answer: short is best, such as “60 days”.",
    "تُعد مذكورة إن وُجدت كل كلماتها وأرقامها في الإجابة: الأقصر أفضل، مثل «60 يومًا».",
  ],
  externalIds: ["Documents by external id, one a line", "مستندات بمعرّفها الخارجي، واحد في كل سطر"],
  tags: ["Tags, parted by commas", "وسوم تفصلها فواصل"],
  tagsHint: ["A run may ask some of them only.", "يمكن لتشغيل أن يسأل بعضها فقط."],
  note: ["Note", "ملاحظة"],
});

type CaseFieldsProps = { draft: Draft; onDraft: (draft: Draft) => void };

export function CaseFields({ draft, onDraft }: CaseFieldsProps) {
  /** Whoever imports questions names documents so; a form begun without any does not. */
  const [byExternalId] = useState(draft.externalIds !== "");
  const set = (change: Partial<Draft>) => onDraft({ ...draft, ...change });
  return (
    <>
      <TextField
        label={t("question")}
        name="question"
        required
        maxLength={4_000}
        value={draft.question}
        onValue={(question) => set({ question })}
      />
      <Check
        label={t("answerable")}
        hint={t("answerableHint")}
        checked={draft.answerable}
        onValue={(answerable) => set({ answerable })}
      />
      {draft.answerable && (
        <>
          <Field label={t("facts")} hint={t("factsHint")}>
            {(labelled) => (
              <textarea
                class="input"
                dir="auto"
                name="facts"
                rows={3}
                {...labelled}
                value={draft.facts}
                onInput={(event) => set({ facts: event.currentTarget.value })}
              />
            )}
          </Field>
          <DocumentPicker chosen={draft.documents} onChosen={(documents) => set({ documents })} />
          {byExternalId && (
            <Field label={t("externalIds")}>
              {(labelled) => (
                <textarea
                  class="input mono"
                  dir="ltr"
                  {...labelled}
                  value={draft.externalIds}
                  onInput={(event) => set({ externalIds: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
        </>
      )}
      <TextField
        label={t("tags")}
        hint={t("tagsHint")}
        name="tags"
        value={draft.tags}
        onValue={(tags) => set({ tags })}
      />
      <TextField label={t("note")} maxLength={2_000} value={draft.note} onValue={(note) => set({ note })} />
    </>
  );
}
