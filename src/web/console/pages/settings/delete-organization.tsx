/** The end of an organization: asked for once, confirmed once more by its name. */
import { useState } from "preact/hooks";
import { CopyBox } from "../../../ui/copy.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { receiptOf } from "../../confirmed-deletion.ts";
import { signedOut } from "../../session.ts";
import { client, dataOf } from "../../typed.ts";

const t = words({
  title: ["Delete the organization", "حذف المؤسسة"],
  about: [
    "Everything goes: people, documents, keys, history. Nobody can bring it back.",
    "يُحذف كل شيء: الأشخاص والمستندات والمفاتيح والسجل. لا يمكن لأحد استعادته.",
  ],
  delete: ["Delete …", "حذف …"],
  type: ["Type “{name}” to confirm", "اكتب «{name}» للتأكيد"],
  forGood: ["Delete for good", "احذف نهائيًا"],
  done: ["The organization is deleted", "حُذفت المؤسسة"],
  receipt: ["Keep this receipt; it is signed by the server.", "احتفظ بهذا الإيصال؛ فهو موقّع من الخادم."],
  leave: ["Leave", "خروج"],
});

export function DeleteOrganization({ name }: { name: string }) {
  const [open, setOpen] = useState(false);
  return (
    <section class="card stack">
      <div class="stack tight">
        <h2>{t("title")}</h2>
        <p class="muted">{t("about")}</p>
      </div>
      <div>
        <button type="button" class="button danger" onClick={() => setOpen(true)}>
          {t("delete")}
        </button>
      </div>
      {open && <DeleteDialog name={name} onClose={() => setOpen(false)} />}
    </section>
  );
}

function DeleteDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [receipt, setReceipt] = useState<string | null>(null);
  const { run, busy, problem } = useAction(async () => {
    setReceipt(await receiptOf((body) => dataOf(client.DELETE("/api/v1/org", { body }))));
  });
  if (receipt !== null) {
    return (
      <Dialog title={t("done")} onClose={signedOut}>
        <div class="stack">
          <p>{t("receipt")}</p>
          <CopyBox text={receipt} />
          <div class="dialog-foot">
            <button type="button" class="button primary" onClick={() => signedOut()}>
              {t("leave")}
            </button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <p>{t("about")}</p>
        <TextField label={t("type", { name })} value={typed} onValue={setTyped} autocomplete="off" />
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary danger" disabled={busy || typed.trim() !== name}>
            {t("forGood")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
