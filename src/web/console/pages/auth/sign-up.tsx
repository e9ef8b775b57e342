/** A new organization with oneself as its admin. */
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { open } from "../../open.ts";
import { signedIn } from "../../session.ts";
import { dataOf } from "../../typed.ts";
import { DoorCard } from "./door.tsx";
import { EmailField, NewPasswordField } from "./fields.tsx";

const t = words({
  title: ["Create an organization", "أنشئ مؤسسة"],
  about: [
    "Upload documents, ask them questions, and get answers with sources.",
    "ارفع المستندات واسألها واحصل على إجابات مع مصادرها.",
  ],
  org: ["Name of your organization", "اسم مؤسستك"],
  have: ["Have an account?", "لديك حساب؟"],
  in: ["Sign in", "سجّل الدخول"],
});

export function SignUp() {
  const [org, setOrg] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [, go] = useLocation();
  const { run, busy, problem } = useAction(async () => {
    const body = { org_name: org, email, password };
    const answer = await dataOf(open.POST("/api/v1/auth/register", { body }));
    go("/verify", { replace: true });
    signedIn(answer, true);
  });
  return (
    <DoorCard
      title={t("title")}
      about={t("about")}
      below={
        <>
          {t("have")} <Link href="/sign-in">{t("in")}</Link>
        </>
      }
    >
      <form class="stack" onSubmit={onSubmit(run)}>
        <TextField
          label={t("org")}
          name="organization"
          autocomplete="organization"
          required
          maxLength={200}
          value={org}
          onValue={setOrg}
        />
        <EmailField value={email} onValue={setEmail} />
        <NewPasswordField value={password} onValue={setPassword} />
        {problem && <ProblemNote problem={problem} />}
        <button type="submit" class="button primary full" disabled={busy}>
          {busy && <span class="spinner" />}
          {t("title")}
        </button>
      </form>
    </DoorCard>
  );
}
