/** For those who run the platform: organizations, how much each uses, and what each may. */
import { useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import { Select } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { List } from "../../../ui/list.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { toast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { usePages } from "../../../ui/use-data.ts";
import { bytes, date, number, words } from "../../../ui/words.ts";
import { Page } from "../../page.tsx";
import { client, dataOf, given, type Schemas } from "../../typed.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { QuotaDialog } from "./quota-dialog.tsx";

const t = words({
  title: ["Organizations", "المؤسسات"],
  about: ["How much each uses, and nothing of what is in it.", "كم تستخدم كل مؤسسة، ولا شيء مما بداخلها."],
  quotas: ["Limits for all", "حدود للجميع"],
  name: ["Organization", "المؤسسة"],
  state: ["State", "الحالة"],
  any: ["Any state", "كل الحالات"],
  active: ["Active", "نشطة"],
  suspended: ["Suspended", "موقوفة"],
  deleting: ["Being deleted", "قيد الحذف"],
  people: ["People", "الأشخاص"],
  documents: ["Documents", "المستندات"],
  size: ["Size", "الحجم"],
  questions: ["Questions, this month", "أسئلة هذا الشهر"],
  tokens: ["Tokens, this month", "رموز هذا الشهر"],
  since: ["Since", "منذ"],
  actions: ["Actions for {name}", "إجراءات {name}"],
  limits: ["Limits", "الحدود"],
  suspend: ["Suspend", "إيقاف"],
  resume: ["Resume", "استئناف"],
  delete: ["Delete", "حذف"],
  changed: ["{name} is changed", "تم تغيير {name}"],
  none: ["No organizations", "لا توجد مؤسسات"],
});

export type Organization = Schemas["OrganizationUsage"];

const STATES = ["active", "suspended", "deleting"] as const;
const KINDS = { active: "ok", suspended: "warn", deleting: "danger" } as const;

type Dialogs = { kind: "quota"; org: Organization | null } | { kind: "delete"; org: Organization };

export default function PlatformPage() {
  const search = new URLSearchParams(useSearch());
  const status = STATES.find((one) => one === search.get("status")) ?? null;
  const [, go] = useLocation();
  const pages = usePages<Organization>(`orgs/${status}`, (cursor, signal) =>
    dataOf(client.GET("/api/v1/admin/orgs", { params: { query: given({ status, cursor }) }, signal })),
  );
  const [dialog, setDialog] = useState<Dialogs | null>(null);
  const close = () => setDialog(null);
  const setStatus = async ({ id }: Organization, next: "active" | "suspended") => {
    const params = { path: { id } };
    const { org } = await dataOf(client.PATCH("/api/v1/admin/orgs/{id}", { params, body: { status: next } }));
    pages.setItems((all) => all.map((one) => (one.id === id ? org : one)));
  };
  const { run, problem } = useAction(async (org: Organization, next: "active" | "suspended") => {
    await setStatus(org, next);
    toast(t("changed", { name: org.name }), () => setStatus(org, next === "active" ? "suspended" : "active"));
  });
  return (
    <Page
      title={t("title")}
      about={t("about")}
      actions={
        <button type="button" class="button" onClick={() => setDialog({ kind: "quota", org: null })}>
          <Icon name="settings" />
          {t("quotas")}
        </button>
      }
    >
      <div>
        <Select
          aria-label={t("state")}
          value={status ?? ""}
          options={[["", t("any")] as const, ...STATES.map((one) => [one, t(one)] as const)]}
          onValue={(value) => go(value ? `/platform?status=${value}` : "/platform", { replace: true })}
        />
      </div>
      {problem && <ProblemNote problem={problem} />}
      <List
        pages={pages}
        label={t("title")}
        keyOf={({ id }) => id}
        empty={<Empty icon="platform" title={t("none")} />}
        columns={[
          {
            head: t("name"),
            main: true,
            cell: (org) => (
              <div class="clip title" dir="auto">
                {org.name}
              </div>
            ),
          },
          {
            head: t("state"),
            cell: (org) => <span class={`badge ${KINDS[org.status]}`}>{t(org.status)}</span>,
          },
          { head: t("people"), cell: ({ usage }) => number(usage.users) },
          { head: t("documents"), cell: ({ usage }) => number(usage.documents) },
          { head: t("size"), cell: ({ usage }) => <span class="nobreak">{bytes(usage.bytes)}</span> },
          { head: t("questions"), cell: ({ usage }) => number(usage.questions) },
          { head: t("tokens"), cell: ({ usage }) => number(usage.tokens) },
          { head: t("since"), cell: (org) => <span class="nobreak">{date(org.created_at)}</span> },
          {
            head: t("actions", { name: "" }),
            end: true,
            cell: (org) =>
              org.status !== "deleting" && (
                <Menu
                  label={t("actions", { name: org.name })}
                  items={[
                    {
                      label: t("limits"),
                      icon: "settings",
                      onChoose: () => setDialog({ kind: "quota", org }),
                    },
                    org.status === "active"
                      ? { label: t("suspend"), icon: "stop", onChoose: () => void run(org, "suspended") }
                      : { label: t("resume"), icon: "check", onChoose: () => void run(org, "active") },
                    {
                      label: t("delete"),
                      icon: "trash",
                      danger: true,
                      onChoose: () => setDialog({ kind: "delete", org }),
                    },
                  ]}
                />
              ),
          },
        ]}
      />
      {dialog?.kind === "quota" && <QuotaDialog org={dialog.org} onClose={close} />}
      {dialog?.kind === "delete" && (
        <DeleteDialog org={dialog.org} onClose={close} onDeleted={() => void pages.reload()} />
      )}
    </Page>
  );
}
