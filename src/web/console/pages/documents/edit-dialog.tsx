/** A document's name, readers and labels. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { Audience, type AudienceValue } from "../../audience.tsx";
import { client, dataOf } from "../../typed.ts";
import type { Group } from "../../types.ts";
import type { Document } from "./types.ts";

const t = words({
  title: ["Edit document", "تعديل المستند"],
  name: ["Name", "الاسم"],
  labels: ["Labels", "الوسوم"],
  key: ["Label", "الوسم"],
  value: ["Value", "القيمة"],
  add: ["Add a label", "أضف وسمًا"],
  remove: ["Remove label {name}", "أزل الوسم {name}"],
  save: ["Save", "حفظ"],
  saved: ["Saved", "تم الحفظ"],
});

type EditProps = {
  document: Document;
  groups: Group[];
  onChange: (document: Document) => void;
  onClose: () => void;
};

type Change = Partial<Pick<Document, "name" | "access_level" | "groups" | "metadata">>;
type Pair = { name: string; value: string };

/** What stays as it was keeps its type; what is typed is text. */
const metadataOf = (pairs: Pair[], before: Document["metadata"]): Document["metadata"] =>
  Object.fromEntries(
    pairs
      .map(({ name, value }) => ({ name: name.trim(), value }))
      .filter(({ name }) => name !== "")
      .map(({ name, value }) => {
        const was = before[name];
        return [name, was !== undefined && String(was) === value ? was : value];
      }),
  );

export function EditDialog({ document, groups, onChange, onClose }: EditProps) {
  const [name, setName] = useState(document.name);
  const [audience, setAudience] = useState<AudienceValue>({
    access_level: document.access_level,
    groups: document.groups ?? [],
  });
  const [pairs, setPairs] = useState<Pair[]>(
    Object.entries(document.metadata).map(([key, value]) => ({ name: key, value: String(value) })),
  );
  const patch = async (body: Change) => {
    const params = { path: { id: document.id } };
    onChange((await dataOf(client.PATCH("/api/v1/documents/{id}", { params, body }))).document);
  };
  const { run, busy, problem } = useAction(async () => {
    await patch({
      name,
      access_level: audience.access_level,
      groups: audience.groups.length > 0 ? audience.groups : null,
      metadata: metadataOf(pairs, document.metadata),
    });
    const { access_level, metadata } = document;
    toast(t("saved"), () => patch({ name: document.name, access_level, groups: document.groups, metadata }));
    onClose();
  });
  const setPair = (at: number, change: Partial<Pair>) =>
    setPairs(pairs.map((pair, index) => (index === at ? { ...pair, ...change } : pair)));
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <TextField label={t("name")} required maxLength={500} value={name} onValue={setName} />
        <Audience value={audience} groups={groups} onValue={setAudience} />
        <fieldset class="plain stack tight">
          <legend>{t("labels")}</legend>
          {pairs.map((pair, at) => (
            <div class="pairs" key={at}>
              <input
                class="input"
                aria-label={t("key")}
                maxLength={64}
                value={pair.name}
                onInput={(event) => setPair(at, { name: event.currentTarget.value })}
              />
              <input
                class="input"
                dir="auto"
                aria-label={t("value")}
                value={pair.value}
                onInput={(event) => setPair(at, { value: event.currentTarget.value })}
              />
              <button
                type="button"
                class="button quiet icon"
                aria-label={t("remove", { name: pair.name })}
                onClick={() => setPairs(pairs.filter((_, index) => index !== at))}
              >
                <Icon name="close" />
              </button>
            </div>
          ))}
          <div>
            <button
              type="button"
              class="button small"
              onClick={() => setPairs([...pairs, { name: "", value: "" }])}
            >
              <Icon name="plus" />
              {t("add")}
            </button>
          </div>
        </fieldset>
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {t("save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
