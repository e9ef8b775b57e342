/** The organization's own identity provider: its tokens then work on every route. */
import { useEffect, useState } from "preact/hooks";
import { Confirm } from "../../../ui/confirm.tsx";
import { Skeleton } from "../../../ui/empty.tsx";
import { Check, Field, SelectField, TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { linesOf } from "../../lines.ts";
import { ROLES, roleWords } from "../../names.ts";
import { client, dataOf, type Schemas } from "../../typed.ts";
import type { Role } from "../../types.ts";

const t = words({
  about: [
    "Entra ID, Google, Auth0, Keycloak or anything that speaks OpenID Connect. People who sign in there may use the API with that token.",
    "Entra ID أو Google أو Auth0 أو Keycloak أو أي مزوّد OpenID Connect. من يسجل الدخول هناك يستخدم الواجهة برمزه.",
  ],
  issuer: ["Issuer", "الجهة المُصدرة"],
  issuerHint: ["Exactly as in its tokens: a final slash counts", "تمامًا كما في رموزها: الشرطة الأخيرة مهمة"],
  audience: ["Audience", "الجمهور (audience)"],
  audienceHint: ["The client id, or the API's identifier", "معرّف العميل أو معرّف الواجهة"],
  domains: ["E-mail domains that may sign in, one a line", "نطاقات البريد المسموح بها، واحد في كل سطر"],
  claim: ["Claim with the role", "المطالبة التي تحمل الدور"],
  claimHint: ["Empty: people keep the role an admin gives", "فارغ: يحتفظ الأشخاص بالدور الذي يمنحه المسؤول"],
  values: ["Its values, one a line: value = role", "قيمها، واحدة في كل سطر: القيمة = الدور"],
  default: ["Role of everybody else", "دور الآخرين"],
  active: ["Switched on", "مفعّل"],
  connect: ["Connect", "ربط"],
  save: ["Save", "حفظ"],
  saved: ["Connected", "تم الربط"],
  disconnect: ["Disconnect", "فصل"],
  disconnectTitle: ["Disconnect the identity provider?", "فصل مزوّد الهوية؟"],
  disconnectText: ["Its tokens stop working at once.", "تتوقف رموزه فورًا."],
});

type Provider = Schemas["IdentityProvider"];

/** `Admins = admin` */
const valuesOf = (text: string): Record<string, Role> =>
  Object.fromEntries(
    linesOf(text).flatMap((line) => {
      const at = line.lastIndexOf("=");
      const role = ROLES.find((one) => one === line.slice(at + 1).trim());
      return at > 0 && role ? [[line.slice(0, at).trim(), role]] : [];
    }),
  );

export function Identity() {
  const found = useData("identity", (signal) => dataOf(client.GET("/api/v1/identity", { signal })));
  if (found.problem) return <ProblemNote problem={found.problem} onRetry={() => void found.reload()} />;
  if (!found.data) return <Skeleton />;
  return <IdentityForm provider={found.data.identity} onChanged={found.reload} />;
}

type IdentityFormProps = { provider: Provider | null; onChanged: () => Promise<void> };

function IdentityForm({ provider, onChanged }: IdentityFormProps) {
  const [issuer, setIssuer] = useState("");
  const [audience, setAudience] = useState("");
  const [domains, setDomains] = useState("");
  const [claim, setClaim] = useState("");
  const [values, setValues] = useState("");
  const [otherwise, setOtherwise] = useState<Role>("viewer");
  const [active, setActive] = useState(true);
  const [leaving, setLeaving] = useState(false);
  useEffect(() => {
    const role = provider?.claims.role;
    setIssuer(provider?.issuer ?? "");
    setAudience(provider?.audience ?? "");
    setDomains(provider?.domains.join("\n") ?? "");
    setClaim(role?.claim ?? "");
    setValues(
      Object.entries(role?.values ?? {})
        .map(([value, name]) => `${value} = ${name}`)
        .join("\n"),
    );
    setOtherwise(role?.default ?? "viewer");
    setActive(provider?.status !== "disabled");
  }, [provider]);
  const { run, busy, problem } = useAction(async () => {
    const body = {
      issuer,
      audience,
      domains: linesOf(domains),
      status: active ? ("active" as const) : ("disabled" as const),
      ...(provider ? { jwks_uri: provider.jwks_uri, algorithms: provider.algorithms } : {}),
      claims: {
        ...provider?.claims,
        role: { ...(claim.trim() ? { claim } : {}), values: valuesOf(values), default: otherwise },
      },
    };
    await client.PUT("/api/v1/identity", { body });
    toast(t("saved"));
    await onChanged();
  });
  return (
    <form class="card stack form" onSubmit={onSubmit(run)}>
      <p class="muted">{t("about")}</p>
      <TextField
        label={t("issuer")}
        hint={t("issuerHint")}
        type="url"
        required
        dir="ltr"
        value={issuer}
        onValue={setIssuer}
      />
      <TextField
        label={t("audience")}
        hint={t("audienceHint")}
        required
        dir="ltr"
        value={audience}
        onValue={setAudience}
      />
      <Field label={t("domains")}>
        {(labelled) => (
          <textarea
            class="input mono"
            dir="ltr"
            required
            {...labelled}
            value={domains}
            onInput={(event) => setDomains(event.currentTarget.value)}
          />
        )}
      </Field>
      <TextField label={t("claim")} hint={t("claimHint")} dir="ltr" value={claim} onValue={setClaim} />
      {claim.trim() !== "" && (
        <Field label={t("values")}>
          {(labelled) => (
            <textarea
              class="input mono"
              dir="ltr"
              {...labelled}
              value={values}
              onInput={(event) => setValues(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <SelectField
        label={t("default")}
        value={otherwise}
        options={ROLES.map((one) => [one, roleWords(one)] as const)}
        onValue={setOtherwise}
      />
      <Check label={t("active")} checked={active} onValue={setActive} />
      {problem && <ProblemNote problem={problem} />}
      <div class="row">
        <button type="submit" class="button primary" disabled={busy}>
          {provider ? t("save") : t("connect")}
        </button>
        {provider && (
          <button type="button" class="button danger" onClick={() => setLeaving(true)}>
            {t("disconnect")}
          </button>
        )}
      </div>
      {leaving && (
        <Confirm
          title={t("disconnectTitle")}
          action={t("disconnect")}
          onClose={() => setLeaving(false)}
          onConfirm={async () => {
            await client.DELETE("/api/v1/identity");
            await onChanged();
          }}
        >
          <p>{t("disconnectText")}</p>
        </Confirm>
      )}
    </form>
  );
}
