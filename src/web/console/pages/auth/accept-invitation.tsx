/** The link of an invitation's letter: a name, a password, and one is in. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { open } from "../../open.ts";
import { signedIn } from "../../session.ts";
import { dataOf } from "../../typed.ts";
import { DoorCard } from "./door.tsx";
import { NewPasswordField } from "./fields.tsx";

const t = words({
  title: ["You are invited", "أنت مدعو"],
  about: ["Choose a password to join.", "اختر كلمة مرور للانضمام."],
  name: ["Your name", "اسمك"],
  join: ["Join", "انضم"],
});

export function AcceptInvitation() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [, go] = useLocation();
  const { run, busy, problem } = useAction(async () => {
    const token = location.hash.slice("#invitation=".length);
    const body = { token, password, ...(name.trim() ? { name } : {}) };
    const answer = await dataOf(open.POST("/api/v1/auth/accept-invite", { body }));
    go("/", { replace: true });
    signedIn(answer, true);
  });
  return (
    <DoorCard title={t("title")} about={t("about")}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <TextField
          label={t("name")}
          name="name"
          autocomplete="name"
          maxLength={200}
          value={name}
          onValue={setName}
        />
        <NewPasswordField value={password} onValue={setPassword} />
        {problem && <ProblemNote problem={problem} />}
        <button type="submit" class="button primary full" disabled={busy}>
          {t("join")}
        </button>
      </form>
    </DoorCard>
  );
}
