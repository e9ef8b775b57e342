/** What an admin says when teaching: question, answer, other wordings, readers, how long, and why. */
import { Check, Field, TextField } from "../../../ui/field.tsx";
import { words } from "../../../ui/words.ts";
import { Audience } from "../../audience.tsx";
import type { Group } from "../../types.ts";
import type { Draft } from "./types.ts";

const t = words({
  question: ["Question", "السؤال"],
  answer: ["Answer", "الإجابة"],
  answerHint: ["Given word for word. Markdown works.", "تُعطى حرفيًا. يمكن استخدام Markdown."],
  variants: ["Other wordings, one a line", "صياغات أخرى، واحدة في كل سطر"],
  variantsHint: [
    "As people really ask it. Up to 20; capitals and punctuation do not matter.",
    "كما يسأل الناس فعلًا، حتى 20. لا أثر لعلامات الترقيم.",
  ],
  lastDay: ["Last day it is given", "آخر يوم تُعطى فيه"],
  lastDayHint: ["Empty: until you change it.", "فارغ: إلى أن تغيّرها."],
  note: ["Note for admins", "ملاحظة للمسؤولين"],
  noteHint: ["Why it was taught; readers never see it.", "سبب تعليمها؛ لا يراها القرّاء."],
  enabled: ["Answers from now on", "تجيب من الآن"],
});

type TeachFieldsProps = { draft: Draft; groups: Group[]; onDraft: (draft: Draft) => void };

export function TeachFields({ draft, groups, onDraft }: TeachFieldsProps) {
  const set = (change: Partial<Draft>) => onDraft({ ...draft, ...change });
  const area = (name: "answer" | "variants", rows: number) => (
    <Field label={t(name)} hint={t(`${name}Hint`)}>
      {(labelled) => (
        <textarea
          class="input"
          dir="auto"
          name={name}
          rows={rows}
          required={name === "answer"}
          {...labelled}
          value={draft[name]}
          onInput={(event) => set({ [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <TextField
        label={t("question")}
        name="question"
        required
        maxLength={1_000}
        value={draft.question}
        onValue={(question) => set({ question })}
      />
      {area("answer", 6)}
      {area("variants", 3)}
      <Audience value={draft.audience} groups={groups} onValue={(audience) => set({ audience })} />
      <Field label={t("lastDay")} hint={t("lastDayHint")}>
        {(labelled) => (
          <input
            class="input day"
            type="date"
            name="last-day"
            {...labelled}
            value={draft.lastDay}
            onChange={(event) => set({ lastDay: event.currentTarget.value })}
          />
        )}
      </Field>
      <TextField
        label={t("note")}
        hint={t("noteHint")}
        maxLength={2_000}
        value={draft.note}
        onValue={(note) => set({ note })}
      />
      <Check label={t("enabled")} checked={draft.enabled} onValue={(enabled) => set({ enabled })} />
    </>
  );
}
