/** A forgotten password: the address, then the code from the letter and a new password. */
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { open } from "../../open.ts";
import { DoorCard } from "./door.tsx";
import { CodeField, EmailField, NewPasswordField } from "./fields.tsx";

const t = words({
  title: ["Reset your password", "إعادة تعيين كلمة المرور"],
  about: ["We send a code to your e-mail.", "نرسل رمزًا إلى بريدك الإلكتروني."],
  sent: ["If {email} has an account, a code is on its way.", "إذا كان لدى {email} حساب فالرمز في الطريق."],
  send: ["Send the code", "أرسل الرمز"],
  save: ["Set the new password", "عيّن كلمة المرور الجديدة"],
  done: ["Your password is changed. Sign in with it.", "تغيّرت كلمة مرورك. سجّل الدخول بها."],
  back: ["Back to signing in", "العودة إلى تسجيل الدخول"],
});

export function Forgot() {
  const [email, setEmail] = useState("");
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const [sent, setSent] = useState(false);
  const [, go] = useLocation();
  const { run, busy, problem } = useAction(async () => {
    if (!sent) {
      await open.POST("/api/v1/auth/password/forgot", { body: { email } });
      return setSent(true);
    }
    await open.POST("/api/v1/auth/password/reset", { body: { email, code, password } });
    toast(t("done"));
    go("/sign-in");
  });
  return (
    <DoorCard
      title={t("title")}
      about={sent ? t("sent", { email }) : t("about")}
      below={<Link href="/sign-in">{t("back")}</Link>}
    >
      <form class="stack" onSubmit={onSubmit(run)}>
        {sent ? (
          <>
            <CodeField value={code} onValue={setCode} />
            <NewPasswordField value={password} onValue={setPassword} />
          </>
        ) : (
          <EmailField value={email} onValue={setEmail} autoFocus />
        )}
        {problem && <ProblemNote problem={problem} />}
        <button type="submit" class="button primary full" disabled={busy}>
          {sent ? t("save") : t("send")}
        </button>
      </form>
    </DoorCard>
  );
}
