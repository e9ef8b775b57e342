/** Adds a golden question, of one's own or of somebody's that was answered badly, or changes one. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { Skeleton } from "../../../ui/empty.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import { CaseFields } from "./case-fields.tsx";
import { bodyOf, type Case, draftOf } from "./types.ts";

const t = words({
  new: ["New golden question", "سؤال ذهبي جديد"],
  edit: ["Golden question", "سؤال ذهبي"],
  add: ["Add", "إضافة"],
  save: ["Save", "حفظ"],
  added: ["Added; the next run asks it", "أُضيف؛ يسأله التشغيل التالي"],
  saved: ["Saved", "تم الحفظ"],
});

type CaseDialogProps = {
  /** Null for a new one. */
  id: string | null;
  /** What is known of a new one. */
  prefill: Partial<Case>;
  onSaved: () => void;
  onClose: () => void;
};

export function CaseDialog({ id, prefill, ...rest }: CaseDialogProps) {
  const { data, problem, reload } = useData(id && `case/${id}`, (signal) =>
    dataOf(client.GET("/api/v1/evals/cases/{id}", { params: { path: { id: id ?? "" } }, signal })),
  );
  if (id === null) return <CaseForm known={null} prefill={prefill} {...rest} />;
  if (data) return <CaseForm known={data.case} prefill={data.case} {...rest} />;
  return (
    <Dialog title={t("edit")} onClose={rest.onClose}>
      {problem ? <ProblemNote problem={problem} onRetry={() => void reload()} /> : <Skeleton />}
    </Dialog>
  );
}

type CaseFormProps = Omit<CaseDialogProps, "id"> & { known: Case | null };

function CaseForm({ known, prefill, onSaved, onClose }: CaseFormProps) {
  const [draft, setDraft] = useState(() => draftOf(prefill));
  const { run, busy, problem } = useAction(async () => {
    if (known) {
      await change(known.id, bodyOf(draft));
      toast(t("saved"), () => change(known.id, bodyOf(draftOf(known))).then(onSaved));
    } else {
      await add(bodyOf(draft), prefill.message_id);
      toast(t("added"));
    }
    onSaved();
    onClose();
  });
  return (
    <Dialog title={known ? t("edit") : t("new")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <CaseFields draft={draft} onDraft={setDraft} />
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {known ? t("save") : t("add")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** @param from the message that was voted down, of which it is made */
const add = (body: ReturnType<typeof bodyOf>, from: string | null = null) =>
  client.POST("/api/v1/evals/cases", { body: from === null ? body : { ...body, from_message_id: from } });

const change = (id: string, body: ReturnType<typeof bodyOf>) =>
  client.PATCH("/api/v1/evals/cases/{id}", { params: { path: { id } }, body });
