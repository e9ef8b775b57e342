/** The code from the letter that came after registering. */
import { useState } from "preact/hooks";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { words } from "../../../ui/words.ts";
import { open } from "../../open.ts";
import { renew, updateSession } from "../../session.ts";
import { dataOf } from "../../typed.ts";
import { DoorCard } from "./door.tsx";
import { CodeField } from "./fields.tsx";

const t = words({
  title: ["Verify your e-mail", "تحقق من بريدك الإلكتروني"],
  about: ["We sent a code to {email}.", "أرسلنا رمزًا إلى {email}."],
  verify: ["Verify", "تحقق"],
  again: ["Send another code", "أرسل رمزًا آخر"],
  sent: ["Another code is on its way", "رمز آخر في الطريق"],
  later: ["Do it later", "لاحقًا"],
});

type VerifyProps = { email: string; onDone: () => void; onLater?: (() => void) | undefined };

export function Verify({ email, onDone, onLater }: VerifyProps) {
  const [code, setCode] = useState("");
  const { run, busy, problem } = useAction(async () => {
    const { user } = await dataOf(open.POST("/api/v1/auth/verify-email", { body: { email, code } }));
    updateSession({ user });
    // A session that was held back gets its rights with the next token.
    await renew();
    onDone();
  });
  const again = useAction(async () => {
    await open.POST("/api/v1/auth/resend-code", { body: { email } });
    toast(t("sent"));
  });
  const wrong = problem ?? again.problem;
  return (
    <DoorCard title={t("title")} about={t("about", { email })}>
      <form class="stack" onSubmit={onSubmit(run)}>
        <CodeField value={code} onValue={setCode} />
        {wrong && <ProblemNote problem={wrong} />}
        <button type="submit" class="button primary full" disabled={busy}>
          {t("verify")}
        </button>
        <div class="row spread">
          <button
            type="button"
            class="button quiet small"
            disabled={again.busy}
            onClick={() => void again.run()}
          >
            {t("again")}
          </button>
          {onLater && (
            <button type="button" class="button quiet small" onClick={onLater}>
              {t("later")}
            </button>
          )}
        </div>
      </form>
    </DoorCard>
  );
}
