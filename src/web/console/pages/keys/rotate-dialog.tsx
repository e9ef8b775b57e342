/** A new secret for a key, with a while in which the old one works too. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { SelectField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import type { ApiKey, Created } from "./api-keys.tsx";

const t = words({
  title: ["Rotate {name}", "تدوير {name}"],
  overlap: ["The old secret works for", "السر القديم يعمل لمدة"],
  none: ["Not any more: it has leaked", "لا يعمل بعد الآن: تسرّب"],
  hour: ["An hour", "ساعة"],
  day: ["A day", "يوم"],
  week: ["A week", "أسبوع"],
  rotate: ["Rotate", "تدوير"],
});

const SECONDS = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;

type RotateProps = { apiKey: ApiKey; onRotated: (created: Created) => void; onClose: () => void };

export function RotateDialog({ apiKey, onRotated, onClose }: RotateProps) {
  const [overlap, setOverlap] = useState<keyof typeof SECONDS>("day");
  const { run, busy, problem } = useAction(async () => {
    const body = { overlap_seconds: SECONDS[overlap] };
    const params = { path: { id: apiKey.id } };
    onRotated(await dataOf(client.POST("/api/v1/api-keys/{id}/rotate", { params, body })));
  });
  return (
    <Dialog title={t("title", { name: apiKey.name })} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <SelectField
          label={t("overlap")}
          value={overlap}
          options={(["none", "hour", "day", "week"] as const).map((one) => [one, t(one)] as const)}
          onValue={setOverlap}
        />
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {t("rotate")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
