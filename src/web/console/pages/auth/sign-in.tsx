/** Sign in, and go where one wanted to go. */
import { useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Check } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { titleOfCode } from "../../../ui/problem-words.ts";
import { useStore } from "../../../ui/store.ts";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { open } from "../../open.ts";
import { ended, signedIn } from "../../session.ts";
import { dataOf } from "../../typed.ts";
import { DoorCard } from "./door.tsx";
import { EmailField, PasswordField } from "./fields.tsx";

const t = words({
  title: ["Sign in", "تسجيل الدخول"],
  stay: ["Stay signed in on this device", "ابقني مسجلًا على هذا الجهاز"],
  forgot: ["Forgot your password?", "نسيت كلمة المرور؟"],
  new: ["New here?", "جديد هنا؟"],
  create: ["Create an organization", "أنشئ مؤسسة"],
});

/** Only paths of this console: an address from outside must not send people elsewhere. */
const safe = (to: string | null): string => (to && /^\/(?![/\\])/.test(to) ? to : "/");

export function SignIn() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [stay, setStay] = useState(true);
  const [, go] = useLocation();
  const search = useSearch();
  const { run, busy, problem } = useAction(async () => {
    const answer = await dataOf(open.POST("/api/v1/auth/login", { body: { email, password } }));
    go(safe(new URLSearchParams(search).get("to")), { replace: true });
    signedIn(answer, stay);
  });
  return (
    <DoorCard
      title={t("title")}
      below={
        <>
          {t("new")} <Link href="/sign-up">{t("create")}</Link>
        </>
      }
    >
      <form class="stack" onSubmit={onSubmit(run)}>
        {useStore(ended) && (
          <p class="callout warn" role="status">
            {titleOfCode("session_revoked")}
          </p>
        )}
        <EmailField value={email} onValue={setEmail} autoFocus />
        <PasswordField value={password} onValue={setPassword} />
        <Check label={t("stay")} checked={stay} onValue={setStay} />
        {problem && <ProblemNote problem={problem} />}
        <button type="submit" class="button primary full" disabled={busy}>
          {busy && <span class="spinner" />}
          {t("title")}
        </button>
        <Link href="/forgot" class="small">
          {t("forgot")}
        </Link>
      </form>
    </DoorCard>
  );
}
