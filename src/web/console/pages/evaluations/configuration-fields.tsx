/** One way to ask. */
import { Check, SelectField, TextField } from "../../../ui/field.tsx";
import { words } from "../../../ui/words.ts";
import { NumberField } from "../settings/number-field.tsx";
import type { ConfigurationDraft } from "./run-draft.ts";
import type { Run } from "./types.ts";

const t = words({
  name: ["Name", "الاسم"],
  topK: ["Passages to draw from", "مقاطع يُستمد منها"],
  topKHint: ["1 to 50", "من 1 إلى 50"],
  score: ["Least relevance of a passage, 0 to 1", "أدنى صلة للمقطع، من 0 إلى 1"],
  scoreHint: ["Empty: what the settings say", "فارغ: كما في الإعدادات"],
  expand: ["Ask in other words, too", "اسأل بصياغات أخرى أيضًا"],
  none: ["No", "لا"],
  multi_query: ["Other wordings by the language model", "صياغات أخرى من النموذج اللغوي"],
  hyde: ["A supposed answer by the language model", "إجابة مفترضة من النموذج اللغوي"],
  model: ["Language model", "النموذج اللغوي"],
  usual: ["As the organization chose", "كما اختارت المؤسسة"],
  rerank: ["Let the reranker read along", "دع معيد الترتيب يقرأ"],
});

const EXPANSIONS = ["none", "multi_query", "hyde"] as const;

type ConfigurationProps = {
  legend: string;
  kind: Run["kind"];
  models: readonly string[];
  draft: ConfigurationDraft;
  onDraft: (draft: ConfigurationDraft) => void;
};

export function ConfigurationFields({ legend, kind, models, draft, onDraft }: ConfigurationProps) {
  const set = (change: Partial<ConfigurationDraft>) => onDraft({ ...draft, ...change });
  return (
    <fieldset class="plain stack configuration">
      <legend>{legend}</legend>
      <TextField
        label={t("name")}
        maxLength={100}
        placeholder={legend}
        value={draft.name}
        onValue={(name) => set({ name })}
      />
      <NumberField
        label={t("topK")}
        hint={t("topKHint")}
        required
        min={1}
        max={50}
        value={draft.topK}
        onValue={(topK) => set({ topK })}
      />
      <NumberField
        label={t("score")}
        hint={t("scoreHint")}
        min={0}
        max={1}
        step={0.01}
        value={draft.minScore}
        onValue={(minScore) => set({ minScore })}
      />
      <SelectField
        label={t("expand")}
        value={draft.expand}
        options={EXPANSIONS.map((one) => [one, t(one)] as const)}
        onValue={(expand) => set({ expand })}
      />
      {kind === "answer" && models.length > 0 && (
        <SelectField
          label={t("model")}
          value={draft.model}
          options={[["", t("usual")] as const, ...models.map((one) => [one, one] as const)]}
          onValue={(model) => set({ model })}
        />
      )}
      <Check label={t("rerank")} checked={draft.rerank} onValue={(rerank) => set({ rerank })} />
    </fieldset>
  );
}
