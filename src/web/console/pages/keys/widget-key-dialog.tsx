/** A widget key's name and the sites it works on. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field, TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { linesOf } from "../../lines.ts";
import { client, dataOf } from "../../typed.ts";
import { keyWords as k } from "./key-words.ts";
import type { WidgetKey } from "./widget-keys.tsx";

const t = words({
  title: ["Widget key", "مفتاح الأداة"],
  origins: ["Sites it works on, one a line", "المواقع التي تعمل عليها، واحد في كل سطر"],
  hint: [
    "This console's own address is there so that you can try it.",
    "عنوان لوحة التحكم هذه موجود لتتمكن من تجربتها.",
  ],
});

type WidgetKeyDialogProps = {
  /** Null for a new one. */
  widgetKey: WidgetKey | null;
  onSaved: (key: WidgetKey) => void;
  onClose: () => void;
};

export function WidgetKeyDialog({ widgetKey, onSaved, onClose }: WidgetKeyDialogProps) {
  const [name, setName] = useState(widgetKey?.name ?? "");
  const [origins, setOrigins] = useState((widgetKey?.allowed_origins ?? [location.origin]).join("\n"));
  const { run, busy, problem } = useAction(async () => {
    const body = { name, allowed_origins: linesOf(origins) };
    const saved = await (widgetKey
      ? dataOf(client.PATCH("/api/v1/widget-keys/{id}", { params: { path: { id: widgetKey.id } }, body }))
      : dataOf(client.POST("/api/v1/widget-keys", { body })));
    onSaved(saved.widget_key);
  });
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <TextField label={k("name")} required maxLength={200} value={name} onValue={setName} />
        <Field label={t("origins")} hint={widgetKey ? undefined : t("hint")}>
          {(labelled) => (
            <textarea
              class="input mono"
              dir="ltr"
              required
              rows={3}
              {...labelled}
              value={origins}
              onInput={(event) => setOrigins(event.currentTarget.value)}
            />
          )}
        </Field>
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {widgetKey ? k("save") : k("create")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
