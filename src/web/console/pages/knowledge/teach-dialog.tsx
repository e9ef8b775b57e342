/** Teaches an answer, or changes one and shows what it was before. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { Skeleton } from "../../../ui/empty.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import type { Prefill } from "../../teach-link.ts";
import { client, dataOf } from "../../typed.ts";
import type { Group } from "../../types.ts";
import { TeachFields } from "./teach-fields.tsx";
import { bodyOf, type Draft, draftOf, emptyDraft, type Taught } from "./types.ts";
import { Versions } from "./versions.tsx";

const t = words({
  new: ["Teach an answer", "علّم إجابة"],
  edit: ["Taught answer, version {version}", "إجابة مُعلَّمة، الإصدار {version}"],
  teach: ["Teach it", "علّمها"],
  save: ["Save as the next version", "احفظ كإصدار جديد"],
  taught: ["The next who asks gets it", "من يسأل بعد الآن يحصل عليها"],
  saved: ["Saved", "تم الحفظ"],
});

type TeachDialogProps = {
  /** Null for a new one. */
  id: string | null;
  prefill: Prefill;
  groups: Group[];
  onSaved: () => void;
  onClose: () => void;
};

export function TeachDialog({ id, prefill, ...rest }: TeachDialogProps) {
  const { data, problem, reload } = useData(id && `taught/${id}`, (signal) =>
    dataOf(client.GET("/api/v1/knowledge/answers/{id}", { params: { path: { id: id ?? "" } }, signal })),
  );
  if (id === null)
    return <TeachForm taught={null} first={emptyDraft(prefill)} from={prefill.from} {...rest} />;
  if (data)
    return <TeachForm taught={data.answer} first={draftOf(data.answer, prefill.variants)} {...rest} />;
  return (
    <Dialog title={t("new")} onClose={rest.onClose} wide>
      {problem ? <ProblemNote problem={problem} onRetry={() => void reload()} /> : <Skeleton />}
    </Dialog>
  );
}

type TeachFormProps = Omit<TeachDialogProps, "id" | "prefill"> & {
  taught: Taught | null;
  first: Draft;
  from?: string | undefined;
};

function TeachForm({ taught, first, from, groups, onSaved, onClose }: TeachFormProps) {
  const [draft, setDraft] = useState(first);
  const { run, busy, problem } = useAction(async () => {
    const body = bodyOf(draft);
    if (taught) await change(taught.id, body);
    else await teach({ ...body, ...(from && { from_message_id: from }) });
    const undo = taught && (() => change(taught.id, bodyOf(draftOf(taught))).then(onSaved));
    toast(taught ? t("saved") : t("taught"), undo ?? undefined);
    onSaved();
    onClose();
  });
  return (
    <Dialog title={taught ? t("edit", { version: taught.version }) : t("new")} onClose={onClose} wide>
      <form class="stack" onSubmit={onSubmit(run)}>
        <TeachFields draft={draft} groups={groups} onDraft={setDraft} />
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {taught ? t("save") : t("teach")}
          </button>
        </div>
      </form>
      {taught && taught.version > 1 && (
        <Versions taught={taught} onTake={(version) => setDraft(draftOf(version))} />
      )}
    </Dialog>
  );
}

const teach = (body: ReturnType<typeof bodyOf> & { from_message_id?: string }) =>
  dataOf(client.POST("/api/v1/knowledge/answers", { body }));

const change = (id: string, body: ReturnType<typeof bodyOf>) =>
  dataOf(client.PATCH("/api/v1/knowledge/answers/{id}", { params: { path: { id } }, body }));
