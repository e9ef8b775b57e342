/** The organization's name, whose e-mail is internal, which sites may call the API; and its end. */
import { useEffect, useState } from "preact/hooks";
import { Skeleton } from "../../../ui/empty.tsx";
import { Field, SelectField, TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { api } from "../../api.ts";
import { linesOf } from "../../lines.ts";
import { updateSession } from "../../session.ts";
import { DeleteOrganization } from "./delete-organization.tsx";

const t = words({
  name: ["Name", "الاسم"],
  domains: ["Internal e-mail domains, one a line", "نطاقات البريد الداخلية، واحد في كل سطر"],
  domainsHint: [
    "Everybody with a verified address there reads internal documents.",
    "كل من له عنوان متحقق منه فيها يقرأ المستندات الداخلية.",
  ],
  origins: [
    "Sites that may call the API from a browser, one a line",
    "المواقع المسموح لها باستدعاء الواجهة من المتصفح",
  ],
  originsHint: [
    "Such as https://app.example.com. The widget has sites of its own.",
    "مثل https://app.example.com. للأداة مواقعها الخاصة.",
  ],
  budget: ["When the month's tokens are used up", "عند استنفاد رموز الشهر"],
  refuse: ["Refuse questions until the next month", "ارفض الأسئلة حتى الشهر التالي"],
  extractive: ["Quote the documents without a model", "اقتبس من المستندات دون نموذج"],
  save: ["Save", "حفظ"],
  saved: ["Saved", "تم الحفظ"],
});

export type Org = {
  id: string;
  name: string;
  settings?: {
    internal_domains: string[];
    allowed_origins: string[];
    over_budget: "extractive" | "refuse";
    chat_models: string[];
  };
};

export function Organization() {
  const { data, problem, reload } = useData("org", (signal) =>
    api.get<{ org: Org }>("org", undefined, signal),
  );
  if (problem) return <ProblemNote problem={problem} onRetry={() => void reload()} />;
  if (!data) return <Skeleton />;
  return (
    <div class="stack wide form">
      <OrganizationForm org={data.org} />
      <DeleteOrganization name={data.org.name} />
    </div>
  );
}

function OrganizationForm({ org }: { org: Org }) {
  const { settings } = org;
  const [name, setName] = useState(org.name);
  const [domains, setDomains] = useState("");
  const [origins, setOrigins] = useState("");
  const [budget, setBudget] = useState<"extractive" | "refuse">("refuse");
  useEffect(() => {
    setDomains(settings?.internal_domains.join("\n") ?? "");
    setOrigins(settings?.allowed_origins.join("\n") ?? "");
    setBudget(settings?.over_budget ?? "refuse");
  }, [settings]);
  const { run, busy, problem } = useAction(async () => {
    const changed = await api.patch<{ org: Org }>("org", {
      name,
      settings: {
        internal_domains: linesOf(domains),
        allowed_origins: linesOf(origins),
        over_budget: budget,
      },
    });
    updateSession({ org: { id: changed.org.id, name: changed.org.name } });
    toast(t("saved"));
  });
  return (
    <form class="card stack" onSubmit={onSubmit(run)}>
      <TextField label={t("name")} required maxLength={200} value={name} onValue={setName} />
      <Field label={t("domains")} hint={t("domainsHint")}>
        {(labelled) => (
          <textarea
            class="input mono"
            dir="ltr"
            {...labelled}
            value={domains}
            onInput={(event) => setDomains(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t("origins")} hint={t("originsHint")}>
        {(labelled) => (
          <textarea
            class="input mono"
            dir="ltr"
            {...labelled}
            value={origins}
            onInput={(event) => setOrigins(event.currentTarget.value)}
          />
        )}
      </Field>
      <SelectField
        label={t("budget")}
        value={budget}
        options={[
          ["refuse", t("refuse")],
          ["extractive", t("extractive")],
        ]}
        onValue={setBudget}
      />
      {problem && <ProblemNote problem={problem} />}
      <div>
        <button type="submit" class="button primary" disabled={busy}>
          {t("save")}
        </button>
      </div>
    </form>
  );
}
