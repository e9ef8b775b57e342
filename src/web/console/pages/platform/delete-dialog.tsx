/** Deletes an organization, confirmed by its name. */
import { useState } from "preact/hooks";
import { CopyBox } from "../../../ui/copy.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { receiptOf } from "../../confirmed-deletion.ts";
import { client, dataOf } from "../../typed.ts";
import type { Organization } from "./page.tsx";

const t = words({
  title: ["Delete {name}", "حذف {name}"],
  text: ["Everything in it goes, for good.", "يُحذف كل ما فيها نهائيًا."],
  type: ["Type “{name}” to confirm", "اكتب «{name}» للتأكيد"],
  delete: ["Delete for good", "احذف نهائيًا"],
  receipt: ["Deleted. This is the signed receipt.", "تم الحذف. هذا هو الإيصال الموقّع."],
});

type DeleteDialogProps = { org: Organization; onClose: () => void; onDeleted: () => void };

export function DeleteDialog({ org, onClose, onDeleted }: DeleteDialogProps) {
  const [typed, setTyped] = useState("");
  const [receipt, setReceipt] = useState<string | null>(null);
  const { run, busy, problem } = useAction(async () => {
    const params = { path: { id: org.id } };
    setReceipt(await receiptOf((body) => dataOf(client.DELETE("/api/v1/admin/orgs/{id}", { params, body }))));
    onDeleted();
  });
  return (
    <Dialog title={t("title", { name: org.name })} onClose={onClose}>
      {receipt !== null ? (
        <div class="stack">
          <p>{t("receipt")}</p>
          <CopyBox text={receipt} />
        </div>
      ) : (
        <form class="stack" onSubmit={onSubmit(run)}>
          <p>{t("text")}</p>
          <TextField
            label={t("type", { name: org.name })}
            value={typed}
            onValue={setTyped}
            autocomplete="off"
          />
          {problem && <ProblemNote problem={problem} />}
          <div class="dialog-foot">
            <button type="submit" class="button primary danger" disabled={busy || typed.trim() !== org.name}>
              {t("delete")}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
