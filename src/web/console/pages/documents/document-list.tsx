/** All documents one may see, found by name and state, and watched while they are read. */
import { useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import { Select } from "../../../ui/field.tsx";
import { List } from "../../../ui/list.tsx";
import { SearchBox } from "../../../ui/search-box.tsx";
import { useStore } from "../../../ui/store.ts";
import { usePages } from "../../../ui/use-data.ts";
import { ago, bytes, words } from "../../../ui/words.ts";
import { accessWords } from "../../names.ts";
import { client, dataOf, given } from "../../typed.ts";
import { useMayChange } from "./may-change.ts";
import { Selection } from "./selection.tsx";
import { StatusBadge, statusWords } from "./status.tsx";
import { type Document, isBeingRead, type Status } from "./types.ts";
import { uploads } from "./uploads.ts";

const t = words({
  search: ["Find by name", "ابحث بالاسم"],
  any: ["Any state", "كل الحالات"],
  state: ["State", "الحالة"],
  name: ["Name", "الاسم"],
  access: ["Readers", "القرّاء"],
  size: ["Size", "الحجم"],
  changed: ["Changed", "آخر تغيير"],
  selectOne: ["Select {name}", "تحديد {name}"],
  none: ["No documents yet", "لا توجد مستندات بعد"],
  noneText: [
    "Upload the first one above. A minute later you can ask about it, and every answer shows the passage it comes from.",
    "ارفع أول مستند أعلاه. بعد دقيقة يمكنك السؤال عنه، وكل إجابة تُظهر المقطع الذي جاءت منه.",
  ],
  nothing: ["Nothing matches", "لا توجد نتائج"],
  nothingText: ["Try another name or state.", "جرّب اسمًا أو حالة أخرى."],
  list: ["All documents", "كل المستندات"],
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

export function DocumentList({ search }: { search: URLSearchParams }) {
  const status = STATUSES.find((one) => one === search.get("status")) ?? null;
  const name = search.get("name") ?? "";
  const [selected, setSelected] = useState<string[]>([]);
  const mayChange = useMayChange();
  const [, go] = useLocation();
  const filter = (change: Record<string, string>) => {
    const next = new URLSearchParams(search);
    for (const [key, value] of Object.entries(change)) value ? next.set(key, value) : next.delete(key);
    go(`/documents${next.size > 0 ? `?${next}` : ""}`, { replace: true });
  };
  const pages = usePages<Document>(`documents/${status}/${name}`, (cursor, signal) => {
    const query = given({ status, name, cursor, limit: 50 });
    return dataOf(client.GET("/api/v1/documents", { params: { query }, signal }));
  });
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
        <SearchBox label={t("search")} value={name} onFind={(text) => filter({ name: text })} />
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
                  disabled={!mayChange(row)}
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
