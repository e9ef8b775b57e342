/** Asks before something that cannot be undone. */
import type { ComponentChildren } from "preact";
import { Dialog } from "./dialog.tsx";
import { ProblemNote } from "./problem.tsx";
import { useAction } from "./use-action.ts";
import { words } from "./words.ts";

const t = words({ cancel: ["Cancel", "إلغاء"] });

type ConfirmProps = {
  title: string;
  /** What the button does, as a verb. */
  action: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  children: ComponentChildren;
};

/** Stays open, with the reason, when it did not work. */
export function Confirm({ title, action, onConfirm, onClose, children }: ConfirmProps) {
  const { run, busy, problem } = useAction(async () => {
    await onConfirm();
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack">
        {children}
        {problem && <ProblemNote problem={problem} />}
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
        <button type="button" class="button primary danger" disabled={busy} onClick={() => void run()}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
