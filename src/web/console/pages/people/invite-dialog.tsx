/** Sends a letter with a link to join. */
import { useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { SelectField, TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { ACCESS, accessWords, ROLES, roleHints, roleWords } from "../../names.ts";
import { client } from "../../typed.ts";
import type { Access, Group, Role } from "../../types.ts";
import { GroupChecks } from "./group-checks.tsx";

const t = words({
  title: ["Invite somebody", "ادعُ شخصًا"],
  email: ["E-mail", "البريد الإلكتروني"],
  role: ["Role", "الدور"],
  access: ["Reads", "يقرأ"],
  byDomain: ["As the e-mail's domain says", "حسب نطاق البريد"],
  send: ["Send the invitation", "أرسل الدعوة"],
  sent: ["The invitation is on its way to {email}", "الدعوة في طريقها إلى {email}"],
});

type InviteProps = { groups: Group[]; onClose: () => void; onInvited: () => void };

export function InviteDialog({ groups, onClose, onInvited }: InviteProps) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [access, setAccess] = useState<Access | "">("");
  const [chosen, setChosen] = useState<string[]>([]);
  const { run, busy, problem } = useAction(async () => {
    const body = { email, role, groups: chosen, ...(access ? { access } : {}) };
    await client.POST("/api/v1/employees", { body });
    toast(t("sent", { email }));
    onInvited();
    onClose();
  });
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <TextField
          label={t("email")}
          type="email"
          name="email"
          required
          dir="ltr"
          autocomplete="off"
          value={email}
          onValue={setEmail}
        />
        <SelectField
          label={t("role")}
          value={role}
          options={ROLES.map((one) => [one, `${roleWords(one)}: ${roleHints(one)}`] as const)}
          onValue={setRole}
        />
        <SelectField
          label={t("access")}
          value={access}
          options={[["", t("byDomain")] as const, ...ACCESS.map((one) => [one, accessWords(one)] as const)]}
          onValue={setAccess}
        />
        <GroupChecks groups={groups} chosen={chosen} onChosen={setChosen} />
        {problem && <ProblemNote problem={problem} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {t("send")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
