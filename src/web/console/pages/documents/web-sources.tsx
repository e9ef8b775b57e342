/** Addresses that documents come from, how they are doing, and what may be done with them. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Confirm } from "../../../ui/confirm.tsx";
import { Empty } from "../../../ui/empty.tsx";
import { List } from "../../../ui/list.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { titleOfCode } from "../../../ui/problem-words.ts";
import { useAction } from "../../../ui/use-action.ts";
import { usePages } from "../../../ui/use-data.ts";
import { ago, words } from "../../../ui/words.ts";
import { accessWords } from "../../names.ts";
import { client, dataOf, given, type Schemas } from "../../typed.ts";

const t = words({
  none: ["No web sources yet", "لا توجد مصادر ويب بعد"],
  noneText: [
    "Add a page, a sitemap or a whole site with “From the web”. We look again as often as you say.",
    "أضف صفحة أو خريطة موقع أو موقعًا كاملًا من «من الويب»، ونعيد الفحص كما تحدد.",
  ],
  label: ["Web sources", "مصادر الويب"],
  address: ["Address", "العنوان"],
  state: ["State", "الحالة"],
  pages: ["Pages", "الصفحات"],
  readers: ["Readers", "القرّاء"],
  next: ["Next visit", "الزيارة التالية"],
  never: ["none", "لا يوجد"],
  actions: ["Actions", "إجراءات"],
  refresh: ["Look again now", "افحص الآن"],
  pause: ["Pause", "إيقاف مؤقت"],
  resume: ["Resume", "استئناف"],
  delete: ["Delete", "حذف"],
  deleteTitle: ["Delete this source and its documents?", "حذف هذا المصدر ومستنداته؟"],
  deleteText: ["Its documents go with it, at once and for good.", "تُحذف مستنداته معه، فورًا ونهائيًا."],
  counts: [
    "{fetched} there, {failed} failed, {queued} to go",
    "{fetched} موجودة، {failed} فشلت، {queued} متبقية",
  ],
  idle: ["Up to date", "محدّث"],
  running: ["Fetching", "جارٍ الجلب"],
  paused: ["Paused", "متوقف مؤقتًا"],
  failed: ["Failed", "فشل"],
  document: ["Open the document", "افتح المستند"],
});

type Source = Schemas["Source"];
type Verb = "refresh" | "pause" | "resume";

export function WebSources() {
  const pages = usePages<Source>("sources", (cursor, signal) =>
    dataOf(client.GET("/api/v1/sources", { params: { query: given({ cursor }) }, signal })),
  );
  const [deleting, setDeleting] = useState<Source | null>(null);
  const { run, problem } = useAction(async (id: string, verb: Verb) => {
    const params = { path: { id } };
    if (verb === "refresh") await client.POST("/api/v1/sources/{id}/refresh", { params });
    else if (verb === "pause") await client.POST("/api/v1/sources/{id}/pause", { params });
    else await client.POST("/api/v1/sources/{id}/resume", { params });
    await pages.reload();
  });
  return (
    <div class="stack">
      <List
        failure={problem}
        pages={pages}
        label={t("label")}
        keyOf={({ id }) => id}
        empty={
          <Empty icon="link" title={t("none")}>
            {t("noneText")}
          </Empty>
        }
        columns={[
          {
            head: t("address"),
            main: true,
            cell: (row) => (
              <>
                <div class="clip title" dir="auto">
                  {row.name ?? row.url}
                </div>
                {row.name && (
                  <div class="clip muted small" dir="ltr">
                    {row.url}
                  </div>
                )}
                {row.document_id && (
                  <Link class="small" href={`/documents/${row.document_id}`}>
                    {t("document")}
                  </Link>
                )}
              </>
            ),
          },
          {
            head: t("state"),
            cell: ({ status, failure }) => (
              <span class="stack tight">
                <span class={`badge ${failure ? "danger" : status === "idle" ? "ok" : "accent"}`}>
                  {t(status)}
                </span>
                {failure && <span class="small muted">{titleOfCode(failure.code)}</span>}
              </span>
            ),
          },
          {
            head: t("pages"),
            cell: ({ pages: count }) =>
              t("counts", {
                fetched: (count.fetched ?? 0) + (count.unchanged ?? 0),
                failed: count.failed ?? 0,
                queued: count.queued ?? 0,
              }),
          },
          { head: t("readers"), cell: (row) => accessWords(row.access_level) },
          { head: t("next"), cell: (row) => (row.next_run_at ? ago(row.next_run_at) : t("never")) },
          {
            head: t("actions"),
            end: true,
            cell: (row) => (
              <Menu
                label={t("actions")}
                items={[
                  { label: t("refresh"), icon: "retry", onChoose: () => void run(row.id, "refresh") },
                  row.status === "paused"
                    ? { label: t("resume"), icon: "next", onChoose: () => void run(row.id, "resume") }
                    : { label: t("pause"), icon: "stop", onChoose: () => void run(row.id, "pause") },
                  { label: t("delete"), icon: "trash", danger: true, onChoose: () => setDeleting(row) },
                ]}
              />
            ),
          },
        ]}
      />
      {deleting && (
        <Confirm
          title={t("deleteTitle")}
          action={t("delete")}
          onClose={() => setDeleting(null)}
          onConfirm={async () => {
            const params = { path: { id: deleting.id }, query: { documents: "delete" as const } };
            await client.DELETE("/api/v1/sources/{id}", { params });
            await pages.reload();
          }}
        >
          <p class="wrap-anywhere" dir="ltr">
            {deleting.url}
          </p>
          <p>{t("deleteText")}</p>
        </Confirm>
      )}
    </div>
  );
}
