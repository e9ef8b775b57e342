/** One document: how it is doing, what is in it, what it was before, and what may be done with it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Confirm } from "../../../ui/confirm.tsx";
import { useDetail } from "../../../ui/detail.ts";
import { Skeleton } from "../../../ui/empty.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { reasonOf } from "../../../ui/problem-words.ts";
import { toast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { useData } from "../../../ui/use-data.ts";
import { words } from "../../../ui/words.ts";
import { allGroups } from "../../lists.ts";
import { Page } from "../../page.tsx";
import { client, dataOf, type Schemas } from "../../typed.ts";
import { Details } from "./details.tsx";
import { downloadDocument } from "./download-document.ts";
import { EditDialog } from "./edit-dialog.tsx";
import { useMayChange } from "./may-change.ts";
import { Passages } from "./passages.tsx";
import { ReceiptDialog } from "./receipt.tsx";
import { sendFile } from "./send-file.ts";
import { StatusBadge } from "./status.tsx";
import { type Document, isBeingRead } from "./types.ts";
import { Versions } from "./versions.tsx";

const t = words({
  back: ["Documents", "المستندات"],
  ask: ["Ask about it", "اسأل عنه"],
  actions: ["Actions", "إجراءات"],
  download: ["Download", "تنزيل"],
  replace: ["Replace the file", "استبدل الملف"],
  reread: ["Read again", "أعد القراءة"],
  stop: ["Stop reading", "أوقف القراءة"],
  edit: ["Edit", "تعديل"],
  delete: ["Delete", "حذف"],
  passages: ["Passages", "المقاطع"],
  versions: ["Versions", "الإصدارات"],
  details: ["Details", "التفاصيل"],
  replaced: [
    "The new version is being read; the old one answers until then",
    "تجري قراءة الإصدار الجديد؛ القديم يجيب حتى ذلك الحين",
  ],
  unchanged: ["The file is the same as before", "الملف مطابق للسابق"],
  deleteTitle: ["Delete “{name}”?", "حذف «{name}»؟"],
  deleteText: [
    "Nothing can be found in or cited from it any more, at once and for good. You get a signed receipt.",
    "لن يمكن العثور على شيء فيه أو الاستشهاد به بعد الآن، فورًا ونهائيًا. ستحصل على إيصال موقّع.",
  ],
});

const WATCH_MS = 1_500;
const TABS = ["passages", "versions", "details"] as const;

type Params = { params: { path: { id: string } } };

const remove = (one: Params) => dataOf(client.DELETE("/api/v1/documents/{id}", one));
const readAgain = (one: Params) => dataOf(client.POST("/api/v1/documents/{id}/reindex", one));
const stopReading = (one: Params) => dataOf(client.POST("/api/v1/documents/{id}/cancel", one));

export function DocumentPage({ id }: { id: string }) {
  const detail = useDetail();
  const mayChange = useMayChange();
  const params = { path: { id } };
  const { data, problem, reload, set } = useData(`documents/${id}`, (signal) =>
    dataOf(client.GET("/api/v1/documents/{id}", { params, signal })),
  );
  const { data: groups } = useData("groups", allGroups);
  const search = new URLSearchParams(useSearch());
  const tab = TABS.find((one) => one === search.get("tab")) ?? "passages";
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const [removed, setRemoved] = useState<Awaited<ReturnType<typeof remove>> | null>(null);
  const [, go] = useLocation();
  const file = useRef<HTMLInputElement>(null);
  const document = data?.document;
  const reading = document ? isBeingRead(document) : false;
  useEffect(() => {
    if (!reading) return;
    const timer = setInterval(() => void reload(), WATCH_MS);
    return () => clearInterval(timer);
  }, [reading, reload]);
  const action = useAction(async (work: () => Promise<unknown>) => work());
  const put = (next: Document) => set(() => ({ document: next }));
  const change = (verb: typeof readAgain) => action.run(async () => put((await verb({ params })).document));
  const replace = (input: HTMLInputElement) => {
    const [chosen] = input.files ?? [];
    input.value = "";
    if (!chosen) return;
    void action.run(async () => {
      const body = new FormData();
      body.set("file", chosen, chosen.name);
      const answer = await sendFile<Schemas["Uploaded"]>(
        { method: "PUT", path: `documents/${id}/content`, query: {}, body, type: null },
        () => undefined,
      );
      put(answer.document);
      toast(answer.outcome === "unchanged" ? t("unchanged") : t("replaced"));
    });
  };
  if (!document) {
    return (
      <div class="page">
        <BackLink />
        {problem ? <ProblemNote problem={problem} onRetry={() => void reload()} /> : <Skeleton lines={6} />}
      </div>
    );
  }
  const may = mayChange(document);
  return (
    <div>
      <Page
        title={document.title ?? document.name}
        about={
          <>
            <BackLink />
            <StatusBadge
              status={document.status}
              failure={document.failure}
              published={document.published_version}
            />
          </>
        }
        actions={
          <>
            {document.published_version !== null && (
              <Link class="button" href={`/ask?document=${id}`}>
                <Icon name="ask" />
                {t("ask")}
              </Link>
            )}
            <Menu
              label={t("actions")}
              class="button icon"
              items={[
                may && { label: t("edit"), icon: "edit", onChoose: () => setDialog("edit") },
                {
                  label: t("download"),
                  icon: "download",
                  onChoose: () => void action.run(() => downloadDocument(id, document.name)),
                },
                may && { label: t("replace"), icon: "upload", onChoose: () => file.current?.click() },
                may &&
                  (reading
                    ? { label: t("stop"), icon: "stop", onChoose: () => void change(stopReading) }
                    : { label: t("reread"), icon: "retry", onChoose: () => void change(readAgain) }),
                may && {
                  label: t("delete"),
                  icon: "trash",
                  danger: true,
                  onChoose: () => setDialog("delete"),
                },
              ]}
            />
          </>
        }
      >
        <input
          ref={file}
          type="file"
          name="replacement"
          hidden
          onChange={(event) => replace(event.currentTarget)}
        />
        {action.problem && <ProblemNote problem={action.problem} />}
        {document.status === "failed" && document.failure && (
          <div class="callout danger">
            <p class="wrap-anywhere" dir="auto">
              {detail(reasonOf(document.failure))}
            </p>
            {may && (
              <div>
                <button
                  type="button"
                  class="button small"
                  disabled={action.busy}
                  onClick={() => void change(readAgain)}
                >
                  <Icon name="retry" />
                  {t("reread")}
                </button>
              </div>
            )}
          </div>
        )}
        <nav class="tabs" aria-label={document.name}>
          {TABS.map((one) => (
            <Link
              key={one}
              href={`/documents/${id}${one === "passages" ? "" : `?tab=${one}`}`}
              aria-current={one === tab ? "page" : undefined}
            >
              {t(one)}
            </Link>
          ))}
        </nav>
        {tab === "passages" && <Passages document={document} />}
        {tab === "versions" && <Versions document={document} onChange={put} />}
        {tab === "details" && <Details document={document} groups={groups ?? []} />}
      </Page>
      {dialog === "edit" && (
        <EditDialog
          document={document}
          groups={groups ?? []}
          onChange={put}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "delete" && (
        <Confirm
          title={t("deleteTitle", { name: document.name })}
          action={t("delete")}
          onClose={() => setDialog(null)}
          onConfirm={async () => setRemoved(await remove({ params }))}
        >
          <p>{t("deleteText")}</p>
        </Confirm>
      )}
      {removed && (
        <ReceiptDialog
          counts={removed.deleted}
          receipt={removed.receipt}
          onClose={() => go("/documents", { replace: true })}
        />
      )}
    </div>
  );
}

function BackLink() {
  return (
    <Link class="row small" href="/documents">
      <Icon name="back" />
      {t("back")}
    </Link>
  );
}
