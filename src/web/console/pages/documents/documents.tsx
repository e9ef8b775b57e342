/** All documents one may see: find them, add to them, watch them being read. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import { Select } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { List } from "../../../ui/list.tsx";
import { useStore } from "../../../ui/store.ts";
import { useData, usePages } from "../../../ui/use-data.ts";
import { ago, bytes, words } from "../../../ui/words.ts";
import { type Page as ApiPage, all, api } from "../../api.ts";
import { accessWords } from "../../names.ts";
import { Page } from "../../page.tsx";
import type { Group } from "../../types.ts";
import { AddressDialog } from "./address-dialog.tsx";
import { chosenFiles, droppedFiles } from "./dropped.ts";
import { Selection } from "./selection.tsx";
import { StatusBadge, statusWords } from "./status.tsx";
import { type Document, isBeingRead, type Status } from "./types.ts";
import { UploadDialog } from "./upload-dialog.tsx";
import { type Chosen, uploads } from "./uploads.ts";
import { UploadsPanel } from "./uploads-panel.tsx";
import { WebSources } from "./web-sources.tsx";

const t = words({
  title: ["Documents", "المستندات"],
  about: [
    "What your answers are drawn from. PDF, Word, PowerPoint, Excel, web pages, e-mail and more, up to 50 MB each.",
    "ما تُستمد منه إجاباتك: PDF وWord وPowerPoint وExcel وصفحات الويب والبريد وغيرها، حتى 50 م.ب لكل ملف.",
  ],
  drop: ["Drop files, folders or a zip here, or", "أفلت ملفات أو مجلدات أو ملف zip هنا، أو"],
  choose: ["Choose files", "اختر ملفات"],
  folder: ["Choose a folder", "اختر مجلدًا"],
  web: ["From the web", "من الويب"],
  search: ["Find by name", "ابحث بالاسم"],
  any: ["Any state", "كل الحالات"],
  state: ["State", "الحالة"],
  name: ["Name", "الاسم"],
  access: ["Readers", "القرّاء"],
  size: ["Size", "الحجم"],
  changed: ["Changed", "آخر تغيير"],
  select: ["Select", "تحديد"],
  selectOne: ["Select {name}", "تحديد {name}"],
  none: ["No documents yet", "لا توجد مستندات بعد"],
  noneText: [
    "Upload the first one above. A minute later you can ask about it, and every answer shows the passage it comes from.",
    "ارفع أول مستند أعلاه. بعد دقيقة يمكنك السؤال عنه، وكل إجابة تُظهر المقطع الذي جاءت منه.",
  ],
  nothing: ["Nothing matches", "لا توجد نتائج"],
  nothingText: ["Try another name or state.", "جرّب اسمًا أو حالة أخرى."],
  list: ["All documents", "كل المستندات"],
  sources: ["Web sources", "مصادر الويب"],
  groups: [
    { one: "one group", other: "{count} groups" },
    {
      one: "مجموعة واحدة",
      two: "مجموعتان",
      few: "{count} مجموعات",
      many: "{count} مجموعة",
      other: "{count} مجموعة",
    },
  ],
});

const STATUSES: readonly Status[] = ["pending", "extracting", "embedding", "ready", "failed"];
const WATCH_MS = 2_000;

export function DocumentsPage() {
  const search = new URLSearchParams(useSearch());
  const tab = search.get("tab") === "sources" ? "sources" : "list";
  const { data: groups } = useData("groups", (signal) => all<Group>("groups", signal));
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [adding, setAdding] = useState(false);
  const [, go] = useLocation();
  return (
    <Page
      title={t("title")}
      about={t("about")}
      actions={
        <button type="button" class="button" onClick={() => setAdding(true)}>
          <Icon name="link" />
          {t("web")}
        </button>
      }
    >
      <DropZone onFiles={setChosen} />
      <UploadsPanel />
      <nav class="tabs" aria-label={t("title")}>
        <Link href="/documents" aria-current={tab === "list" ? "page" : undefined}>
          {t("list")}
        </Link>
        <Link href="/documents?tab=sources" aria-current={tab === "sources" ? "page" : undefined}>
          {t("sources")}
        </Link>
      </nav>
      {tab === "list" ? <DocumentList search={search} /> : <WebSources />}
      {chosen.length > 0 && (
        <UploadDialog files={chosen} groups={groups ?? []} onClose={() => setChosen([])} />
      )}
      {adding && (
        <AddressDialog
          groups={groups ?? []}
          onClose={() => setAdding(false)}
          onAdded={() => go("/documents?tab=sources")}
        />
      )}
    </Page>
  );
}

function DropZone({ onFiles }: { onFiles: (files: Chosen[]) => void }) {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    onFiles(chosenFiles(input.files));
    input.value = "";
  };
  return (
    <section
      class={over ? "drop over" : "drop"}
      aria-label={t("choose")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(onFiles);
      }}
    >
      <Icon name="upload" />
      <span>{t("drop")}</span>
      <span class="row">
        <button type="button" class="button small" onClick={() => files.current?.click()}>
          <Icon name="documents" />
          {t("choose")}
        </button>
        <button type="button" class="button small" onClick={() => folder.current?.click()}>
          <Icon name="folder" />
          {t("folder")}
        </button>
      </span>
      <input
        ref={files}
        type="file"
        name="files"
        multiple
        hidden
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        name="folder"
        hidden
        {...{ webkitdirectory: true }}
        onChange={(event) => take(event.currentTarget)}
      />
    </section>
  );
}

function DocumentList({ search }: { search: URLSearchParams }) {
  const status = STATUSES.find((one) => one === search.get("status")) ?? null;
  const name = search.get("name") ?? "";
  const [typed, setTyped] = useState(name);
  const [selected, setSelected] = useState<string[]>([]);
  const [, go] = useLocation();
  const filter = (change: Record<string, string>) => {
    const next = new URLSearchParams(search);
    for (const [key, value] of Object.entries(change)) value ? next.set(key, value) : next.delete(key);
    go(`/documents${next.size > 0 ? `?${next}` : ""}`, { replace: true });
  };
  useEffect(() => {
    if (typed === name) return;
    const timer = setTimeout(() => filter({ name: typed }), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const pages = usePages<Document>(`documents/${status}/${name}`, (cursor, signal) =>
    api.get<ApiPage<Document>>("documents", { status, name, cursor, limit: 50 }, signal),
  );
  const onTheirWay = useStore(uploads);
  const arrived = onTheirWay.filter(({ documentId, batch }) => documentId ?? batch).length;
  useEffect(() => {
    if (arrived > 0) void pages.reload();
  }, [arrived]);
  const reading = pages.items?.some(isBeingRead) ?? false;
  useEffect(() => {
    if (!reading) return;
    const timer = setInterval(() => void pages.reload(), WATCH_MS);
    return () => clearInterval(timer);
  }, [reading, pages.reload]);
  const filtered = status !== null || name !== "";
  return (
    <div class="stack">
      <div class="filters">
        <input
          class="input"
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          dir="auto"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <Select
          aria-label={t("state")}
          value={status ?? ""}
          options={[["", t("any")] as const, ...STATUSES.map((one) => [one, statusWords(one)] as const)]}
          onValue={(chosen) => filter({ status: chosen })}
        />
      </div>
      <Selection
        selected={selected}
        failed={status === "failed"}
        onDone={() => {
          setSelected([]);
          void pages.reload();
        }}
      />
      <List
        pages={pages}
        label={t("list")}
        keyOf={({ id }) => id}
        empty={
          filtered ? (
            <Empty icon="search" title={t("nothing")}>
              {t("nothingText")}
            </Empty>
          ) : (
            <Empty icon="documents" title={t("none")}>
              {t("noneText")}
            </Empty>
          )
        }
        columns={[
          {
            head: t("name"),
            main: true,
            cell: (row) => (
              <div class="row nowrap">
                <input
                  type="checkbox"
                  aria-label={t("selectOne", { name: row.name })}
                  checked={selected.includes(row.id)}
                  onChange={(event) =>
                    setSelected(
                      event.currentTarget.checked
                        ? [...selected, row.id]
                        : selected.filter((id) => id !== row.id),
                    )
                  }
                />
                <div class="grow">
                  <div class="clip" dir="auto">
                    <Link class="title" href={`/documents/${row.id}`}>
                      {row.title ?? row.name}
                    </Link>
                  </div>
                  {row.title && row.title !== row.name && (
                    <div class="clip muted small" dir="auto">
                      {row.name}
                    </div>
                  )}
                </div>
              </div>
            ),
          },
          {
            head: t("state"),
            cell: (row) => (
              <StatusBadge status={row.status} failure={row.failure} published={row.published_version} />
            ),
          },
          {
            head: t("access"),
            cell: (row) => (
              <span>
                {accessWords(row.access_level)}
                {row.groups && (
                  <span class="muted small"> · {t("groups", { count: row.groups.length })}</span>
                )}
              </span>
            ),
          },
          { head: t("size"), cell: (row) => <span class="number nobreak">{bytes(row.bytes)}</span> },
          { head: t("changed"), cell: (row) => <span class="nobreak">{ago(row.updated_at)}</span> },
        ]}
      />
    </div>
  );
}
