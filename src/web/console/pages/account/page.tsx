/** Oneself: name, password, and where one is signed in. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Skeleton } from "../../../ui/empty.tsx";
import { TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { useStore } from "../../../ui/store.ts";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { useData } from "../../../ui/use-data.ts";
import { ago, words } from "../../../ui/words.ts";
import { Page } from "../../page.tsx";
import { renewed, session, signedOut, updateSession } from "../../session.ts";
import { client, dataOf } from "../../typed.ts";
import type { User } from "../../types.ts";
import { NewPasswordField, PasswordField } from "../auth/fields.tsx";

const t = words({
  title: ["Your account", "حسابك"],
  unverified: ["Your e-mail is not verified yet.", "بريدك الإلكتروني غير متحقق منه بعد."],
  verify: ["Verify it", "تحقق منه"],
  name: ["Name", "الاسم"],
  save: ["Save", "حفظ"],
  saved: ["Saved", "تم الحفظ"],
  password: ["Change your password", "تغيير كلمة المرور"],
  change: ["Change", "تغيير"],
  changed: ["Your password is changed", "تغيّرت كلمة مرورك"],
  sessions: ["Where you are signed in", "أين سجّلت الدخول"],
  here: ["this device", "هذا الجهاز"],
  unknown: ["Unknown device", "جهاز غير معروف"],
  used: ["{address}, {ago}", "{address}، {ago}"],
  end: ["Sign out", "تسجيل الخروج"],
  everywhere: ["Sign out everywhere", "تسجيل الخروج من كل مكان"],
});

export default function AccountPage() {
  const current = useStore(session);
  if (!current) return null;
  const { user } = current;
  return (
    <Page title={t("title")} about={<span dir="ltr">{user.email}</span>}>
      {user.email_verified === false && (
        <p class="callout warn row">
          {t("unverified")} <Link href="/verify">{t("verify")}</Link>
        </p>
      )}
      <div class="stack wide account-parts">
        <Name user={user} />
        <Password />
        <Sessions />
      </div>
    </Page>
  );
}

function Name({ user }: { user: User }) {
  const [name, setName] = useState(user.name ?? "");
  const { run, busy, problem } = useAction(async () => {
    const changed = await dataOf(client.PATCH("/api/v1/auth/me", { body: { name } }));
    updateSession({ user: changed.user });
    toast(t("saved"));
  });
  return (
    <form class="card stack" onSubmit={onSubmit(run)}>
      <TextField
        label={t("name")}
        autocomplete="name"
        required
        maxLength={200}
        value={name}
        onValue={setName}
      />
      {problem && <ProblemNote problem={problem} />}
      <div>
        <button type="submit" class="button" disabled={busy}>
          {t("save")}
        </button>
      </div>
    </form>
  );
}

function Password() {
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const { run, busy, problem } = useAction(async () => {
    const body = { current_password: old, password: next };
    renewed(await dataOf(client.POST("/api/v1/auth/password", { body })));
    setOld("");
    setNext("");
    toast(t("changed"));
  });
  return (
    <form class="card stack" onSubmit={onSubmit(run)}>
      <h2>{t("password")}</h2>
      <PasswordField value={old} onValue={setOld} />
      <NewPasswordField value={next} onValue={setNext} />
      {problem && <ProblemNote problem={problem} />}
      <div>
        <button type="submit" class="button" disabled={busy}>
          {t("change")}
        </button>
      </div>
    </form>
  );
}

const BROWSERS = [/Firefox/, /Edg/, /OPR/, /Chrome/, /Safari/];
const NAMES: Record<string, string> = { Edg: "Edge", OPR: "Opera" };

/** What a browser says about itself, short: `Chrome, Linux`. Other software says it short enough. */
function deviceOf(agent: string): string {
  const system = /Android|iPhone|iPad|Windows|Mac OS X|Linux/.exec(agent)?.[0];
  const [browser] = BROWSERS.flatMap((pattern) => pattern.exec(agent)?.[0] ?? []);
  if (!system || !browser) return agent;
  return `${NAMES[browser] ?? browser}, ${system}`;
}

function Sessions() {
  const devices = useData("devices", async (signal) => {
    const { data } = await dataOf(client.GET("/api/v1/auth/sessions", { signal }));
    return data;
  });
  const { run, busy, problem } = useAction(async (id: string) => {
    await client.DELETE("/api/v1/auth/sessions/{id}", { params: { path: { id } } });
    devices.set((before) => before.filter((one) => one.id !== id));
  });
  const everywhere = useAction(async () => {
    await client.POST("/api/v1/auth/logout-all");
    signedOut();
  });
  const wrong = devices.problem ?? problem ?? everywhere.problem;
  return (
    <section class="card stack">
      <h2>{t("sessions")}</h2>
      {wrong && <ProblemNote problem={wrong} />}
      {!devices.data && !devices.problem && <Skeleton lines={3} />}
      {devices.data?.map(({ id, agent, address, last_used_at, current }) => (
        <div class="row spread" key={id}>
          <span class="grow">
            <span class="clip device" dir="auto" title={agent ?? undefined}>
              {agent === null ? t("unknown") : deviceOf(agent)}
            </span>
            <span class="muted small">{t("used", { address, ago: ago(last_used_at) })}</span>
          </span>
          {current ? (
            <span class="badge accent">{t("here")}</span>
          ) : (
            <button type="button" class="button small" disabled={busy} onClick={() => void run(id)}>
              {t("end")}
            </button>
          )}
        </div>
      ))}
      <div>
        <button type="button" class="button" disabled={everywhere.busy} onClick={() => void everywhere.run()}>
          {t("everywhere")}
        </button>
      </div>
    </section>
  );
}
