/** All golden questions: find one, see what it expects, change it, delete it. */
import { useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import { Select } from "../../../ui/field.tsx";
import { dotted } from "../../../ui/isolated.ts";
import { List } from "../../../ui/list.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { SearchBox } from "../../../ui/search-box.tsx";
import { usePages } from "../../../ui/use-data.ts";
import { ago, words } from "../../../ui/words.ts";
import { removeLater } from "../../remove-later.ts";
import { client, dataOf, given } from "../../typed.ts";
import { newCaseLink } from "./case-link.ts";
import { ImportCases } from "./import-cases.tsx";
import type { Case } from "./types.ts";

const t = words({
  label: ["Golden questions", "الأسئلة الذهبية"],
  find: ["Find in questions", "ابحث في الأسئلة"],
  tag: ["Tag", "الوسم"],
  anyTag: ["Any tag", "كل الوسوم"],
  question: ["Question", "السؤال"],
  expected: ["Expected", "المتوقع"],
  documents: [
    { one: "one document", other: "{count} documents" },
    {
      one: "مستند واحد",
      two: "مستندان",
      few: "{count} مستندات",
      many: "{count} مستندًا",
      other: "{count} مستند",
    },
  ],
  facts: [
    { one: "one fact", other: "{count} facts" },
    {
      one: "حقيقة واحدة",
      two: "حقيقتان",
      few: "{count} حقائق",
      many: "{count} حقيقة",
      other: "{count} حقيقة",
    },
  ],
  any: ["any answer with evidence", "أي إجابة بدليل"],
  unanswerable: ["no answer", "بلا إجابة"],
  tags: ["Tags", "الوسوم"],
  changed: ["Changed", "آخر تغيير"],
  actions: ["Actions for {name}", "إجراءات {name}"],
  edit: ["Edit", "تعديل"],
  remove: ["Delete", "حذف"],
  removed: ["“{name}” is deleted", "حُذف «{name}»"],
  none: ["No golden questions yet", "لا أسئلة ذهبية بعد"],
  noneText: [
    "Write down a question that people really ask, and which document holds its answer or what the answer has to say. Twenty of them tell more about a change than a week of feedback.",
    "اكتب سؤالًا يسأله الناس فعلًا، والمستند الذي يحمل إجابته أو ما يجب أن تقوله الإجابة. عشرون سؤالًا تخبر عن أي تغيير أكثر من أسبوع من التقييمات.",
  ],
  first: ["Add the first question", "أضف أول سؤال"],
  nothing: ["Nothing matches", "لا توجد نتائج"],
  nothingText: ["Try another word or tag.", "جرّب كلمة أو وسمًا آخر."],
});

type CasesProps = {
  search: URLSearchParams;
  /** Changes when the list is no longer what the server has. */
  version: number;
};

export function Cases({ search, version }: CasesProps) {
  const q = search.get("q") ?? "";
  const tag = search.get("tag") ?? "";
  const [hidden, setHidden] = useState<string[]>([]);
  const [, go] = useLocation();
  const filter = (name: string, value: string) => {
    value ? search.set(name, value) : search.delete(name);
    go(`/evaluations${search.size > 0 ? `?${search}` : ""}`, { replace: true });
  };
  const pages = usePages<Case>(`cases/${tag}/${q}`, (cursor, signal) => {
    const query = given({ limit: 50, cursor, tag, q });
    return dataOf(client.GET("/api/v1/evals/cases", { params: { query }, signal }));
  });
  useEffect(() => {
    if (version > 0) void pages.reload();
  }, [version]);
  /** What is behind the form stays as it is. */
  const linkTo = (id: string) => {
    const next = new URLSearchParams(search);
    next.set("open", id);
    return `/evaluations?${next}`;
  };
  const remove = ({ id, question }: Case) => {
    setHidden((all) => [...all, id]);
    removeLater(
      t("removed", { name: question }),
      () => client.DELETE("/api/v1/evals/cases/{id}", { params: { path: { id } } }),
      () => setHidden((all) => all.filter((one) => one !== id)),
    );
  };
  const items = pages.items?.filter(({ id }) => !hidden.includes(id)) ?? null;
  const tags = [
    ...new Set([...(tag ? [tag] : []), ...(pages.items ?? []).flatMap((one) => one.tags)]),
  ].sort();
  return (
    <div class="stack">
      {(q || tag || (items?.length ?? 0) > 0) && (
        <div class="filters">
          <SearchBox label={t("find")} value={q} onFind={(text) => filter("q", text)} />
          {tags.length > 0 && (
            <Select
              aria-label={t("tag")}
              value={tag}
              options={[["", t("anyTag")] as const, ...tags.map((one) => [one, one] as const)]}
              onValue={(value) => filter("tag", value)}
            />
          )}
          <ImportCases onImported={pages.reload} />
        </div>
      )}
      <List
        pages={{ ...pages, items }}
        label={t("label")}
        keyOf={({ id }) => id}
        empty={
          q || tag ? (
            <Empty icon="search" title={t("nothing")}>
              {t("nothingText")}
            </Empty>
          ) : (
            <Empty
              icon="evaluations"
              title={t("none")}
              action={
                <span class="row">
                  <Link class="button primary" href={newCaseLink}>
                    {t("first")}
                  </Link>
                  <ImportCases onImported={pages.reload} />
                </span>
              }
            >
              {t("noneText")}
            </Empty>
          )
        }
        columns={[
          {
            head: t("question"),
            main: true,
            cell: (row) => (
              <>
                <div class="clip" dir="auto">
                  <Link class="title" href={linkTo(row.id)}>
                    {row.question}
                  </Link>
                </div>
                {row.note && (
                  <div class="clip muted small" dir="auto">
                    {row.note}
                  </div>
                )}
              </>
            ),
          },
          { head: t("expected"), cell: (row) => <Expected {...row} /> },
          {
            head: t("tags"),
            cell: (row) => (row.tags.length > 0 ? <span dir="auto">{dotted(row.tags)}</span> : "–"),
          },
          { head: t("changed"), cell: (row) => <span class="nobreak">{ago(row.updated_at)}</span> },
          {
            head: t("actions", { name: "" }),
            end: true,
            cell: (row) => (
              <Menu
                label={t("actions", { name: row.question })}
                items={[
                  { label: t("edit"), icon: "edit", onChoose: () => go(linkTo(row.id)) },
                  { label: t("remove"), icon: "trash", danger: true, onChoose: () => remove(row) },
                ]}
              />
            ),
          },
        ]}
      />
    </div>
  );
}

function Expected({ answerable, document_ids, external_ids, facts }: Case) {
  if (!answerable) return <span class="badge">{t("unanswerable")}</span>;
  const documents = document_ids.length + external_ids.length;
  const parts = [
    documents > 0 && t("documents", { count: documents }),
    facts.length > 0 && t("facts", { count: facts.length }),
  ];
  return <span>{dotted(parts) || t("any")}</span>;
}
