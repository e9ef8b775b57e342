/** What one organization, or every one without limits of its own, may use. */
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../../../ui/dialog.tsx";
import { Skeleton } from "../../../ui/empty.tsx";
import { TextField } from "../../../ui/field.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { onSubmit, useAction } from "../../../ui/use-action.ts";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { client, dataOf, type Schemas } from "../../typed.ts";
import type { Organization } from "./page.tsx";

const t = words({
  all: ["Limits for all organizations", "حدود لجميع المؤسسات"],
  one: ["Limits of {name}", "حدود {name}"],
  hint: ["Empty: what holds for all, and there no limit", "فارغ: ما يسري على الجميع، وهناك بلا حد"],
  documents: ["Documents", "المستندات"],
  storage: ["Storage, megabytes", "التخزين، ميغابايت"],
  questions: ["Questions a month", "الأسئلة في الشهر"],
  tokens: ["Model tokens a month", "رموز النموذج في الشهر"],
  save: ["Save", "حفظ"],
  saved: ["Saved", "تم الحفظ"],
});

type Quota = Schemas["Quota"];

const MB = 1_000_000;
const shown = (value: number | null | undefined, unit = 1) => (value == null ? "" : String(value / unit));
const read = (text: string, unit = 1) => (text.trim() === "" ? null : Math.round(Number(text) * unit));

const quotaOf = (org: Organization | null, signal: AbortSignal) =>
  dataOf(
    org
      ? client.GET("/api/v1/admin/orgs/{id}/quotas", { params: { path: { id: org.id } }, signal })
      : client.GET("/api/v1/admin/quotas", { signal }),
  );

const setQuota = (org: Organization | null, body: Quota) =>
  org
    ? client.PUT("/api/v1/admin/orgs/{id}/quotas", { params: { path: { id: org.id } }, body })
    : client.PUT("/api/v1/admin/quotas", { body });

export function QuotaDialog({ org, onClose }: { org: Organization | null; onClose: () => void }) {
  const { data, problem: unread } = useData(`quotas/${org?.id}`, (signal) => quotaOf(org, signal));
  const [typed, setTyped] = useState({ documents: "", storage: "", questions: "", tokens: "" });
  const quota = data?.quota;
  useEffect(() => {
    setTyped({
      documents: shown(quota?.documents),
      storage: shown(quota?.storage_bytes, MB),
      questions: shown(quota?.questions),
      tokens: shown(quota?.tokens),
    });
  }, [quota]);
  const { run, busy, problem } = useAction(async () => {
    await setQuota(org, {
      documents: read(typed.documents),
      storage_bytes: read(typed.storage, MB),
      questions: read(typed.questions),
      tokens: read(typed.tokens),
    });
    toast(t("saved"));
    onClose();
  });
  const wrong = unread ?? problem;
  return (
    <Dialog title={org ? t("one", { name: org.name }) : t("all")} onClose={onClose}>
      {!data && !unread && <Skeleton />}
      <form class="stack" onSubmit={onSubmit(run)}>
        <p class="muted small">{t("hint")}</p>
        {data &&
          (["documents", "storage", "questions", "tokens"] as const).map((one) => (
            <TextField
              key={one}
              label={t(one)}
              type="number"
              min={0}
              step={one === "storage" ? "any" : 1}
              dir="ltr"
              value={typed[one]}
              onValue={(value) => setTyped({ ...typed, [one]: value })}
            />
          ))}
        {wrong && <ProblemNote problem={wrong} />}
        <div class="dialog-foot">
          <button type="submit" class="button primary" disabled={busy || !data}>
            {t("save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
