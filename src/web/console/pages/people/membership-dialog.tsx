/** The groups of one person. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import type { Group } from "../../types.ts";
import { GroupChecks } from "./group-checks.tsx";

const t = words({ save: ["Save", "حفظ"] });

type MembershipProps = {
  person: string;
  groups: Group[];
  chosen: string[];
  onSave: (ids: string[]) => Promise<unknown>;
  onClose: () => void;
};

export function MembershipDialog({ person, groups, chosen, onSave, onClose }: MembershipProps) {
  const [ids, setIds] = useState(chosen);
  const { run, busy, problem } = useAction(async () => {
    await onSave(ids);
    onClose();
  });
  return (
    <Dialog title={person} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <GroupChecks groups={groups} chosen={ids} onChosen={setIds} />
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
