/** The organization's name, whose e-mail is internal, which sites may call the API; and its end. */
import { Skeleton } from "../../../ui/empty.tsx";
import { TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { words } from "../../../ui/words.ts";
import { DeleteOrganization } from "./delete-organization.tsx";
import { LinesField } from "./lines-field.tsx";
import { ORGANIZATION } from "./settings.ts";
import { Form, useOrganization } from "./settings-form.tsx";

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
});

export function Organization() {
  const { data, problem, reload } = useOrganization();
  if (problem) return <ProblemNote problem={problem} onRetry={() => void reload()} />;
  if (!data) return <Skeleton />;
  return (
    <div class="stack wide form">
      <Form org={data} names={ORGANIZATION}>
        {(draft, set) => (
          <>
            <TextField
              label={t("name")}
              required
              maxLength={200}
              value={draft.name}
              onValue={(name) => set({ name })}
            />
            <LinesField
              label={t("domains")}
              hint={t("domainsHint")}
              value={draft.internal_domains}
              onValue={(internal_domains) => set({ internal_domains })}
            />
            <LinesField
              label={t("origins")}
              hint={t("originsHint")}
              value={draft.allowed_origins}
              onValue={(allowed_origins) => set({ allowed_origins })}
            />
          </>
        )}
      </Form>
      <DeleteOrganization name={data.name} />
    </div>
  );
}
