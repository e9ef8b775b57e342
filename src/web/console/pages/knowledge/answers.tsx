/** All that was taught: find it, see whether it answers at the moment, change it, switch it off, remove it. */
import { useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import { Select } from "../../../ui/field.tsx";
import { List } from "../../../ui/list.tsx";
import { Menu } from "../../../ui/menu.tsx";
import { SearchBox } from "../../../ui/search-box.tsx";
import { toast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { usePages } from "../../../ui/use-data.ts";
import { ago, date, number, words } from "../../../ui/words.ts";
import { accessWords } from "../../names.ts";
import { removeLater } from "../../remove-later.ts";
import { teachLink } from "../../teach-link.ts";
import { client, dataOf } from "../../typed.ts";
import type { Taught } from "./types.ts";

const t = words({
  label: ["Taught answers", "إجابات مُعلَّمة"],
  find: ["Find in questions and answers", "ابحث في الأسئلة والإجابات"],
  state: ["State", "الحالة"],
  any: ["Any state", "كل الحالات"],
  active: ["Answers", "يجيب"],
  disabled: ["Switched off", "متوقف"],
  expired: ["Expired", "انتهى"],
  question: ["Question", "السؤال"],
  wordings: [
    { one: "one more wording", other: "{count} more wordings" },
    {
      one: "صياغة أخرى واحدة",
      two: "صياغتان أخريان",
      few: "{count} صياغات أخرى",
      many: "{count} صياغة أخرى",
      other: "{count} صياغة أخرى",
    },
  ],
  readers: ["Readers", "القرّاء"],
  until: ["Until", "حتى"],
  version: ["Version", "الإصدار"],
  changed: ["Changed", "آخر تغيير"],
  actions: ["Actions for {name}", "إجراءات {name}"],
  edit: ["Edit", "تعديل"],
  off: ["Switch off", "إيقاف"],
  on: ["Switch on", "تشغيل"],
  isOff: ["It answers no more", "لم تعد تجيب"],
  isOn: ["It answers again", "تجيب من جديد"],
  remove: ["Remove", "إزالة"],
  removed: ["“{name}” is removed", "أُزيلت «{name}»"],
  none: ["Nothing taught yet", "لم يُعلَّم شيء بعد"],
  noneText: [
    "Where the documents are silent or wrong, write the answer once. Whoever asks that question next gets it word for word, marked as verified by you.",
    "حيث تسكت المستندات أو تخطئ، اكتب الإجابة مرة واحدة. من يسأل السؤال بعدها يحصل عليها حرفيًا، موسومة بأنكم تحققتم منها.",
  ],
  teach: ["Teach the first answer", "علّم أول إجابة"],
  nothing: ["Nothing matches", "لا توجد نتائج"],
  nothingText: ["Try another word or state.", "جرّب كلمة أو حالة أخرى."],
});

const STATES = ["active", "disabled", "expired"] as const;
const KINDS = { active: "ok", disabled: "", expired: "warn" } as const;

type AnswersProps = {
  search: URLSearchParams;
  /** Changes when the list is no longer what the server has. */
  version: number;
};

export function Answers({ search, version }: AnswersProps) {
  const state = STATES.find((one) => one === search.get("state"));
  const q = search.get("q") ?? "";
  const [hidden, setHidden] = useState<string[]>([]);
  const [, go] = useLocation();
  const filter = (name: string, value: string) => {
    value ? search.set(name, value) : search.delete(name);
    go(`/knowledge${search.size > 0 ? `?${search}` : ""}`, { replace: true });
  };
  const pages = usePages<Taught>(`taught/${state}/${q}`, (cursor, signal) => {
    const query = { limit: 50, ...(cursor && { cursor }), ...(state && { state }), ...(q && { q }) };
    return dataOf(client.GET("/api/v1/knowledge/answers", { params: { query }, signal }));
  });
  useEffect(() => {
    if (version > 0) void pages.reload();
  }, [version]);
  /** What is behind the form stays as it is. */
  const linkTo = (id: string) => {
    const next = new URLSearchParams(search);
    next.set("open", id);
    return `/knowledge?${next}`;
  };
  const put = async (id: string, enabled: boolean) => {
    const params = { path: { id } };
    await dataOf(client.PATCH("/api/v1/knowledge/answers/{id}", { params, body: { enabled } }));
    await pages.reload();
  };
  const { run, problem } = useAction(async ({ id, enabled }: Taught) => {
    await put(id, !enabled);
    toast(enabled ? t("isOff") : t("isOn"), () => put(id, enabled));
  });
  const remove = ({ id, question }: Taught) => {
    setHidden((all) => [...all, id]);
    removeLater(
      t("removed", { name: question }),
      () => client.DELETE("/api/v1/knowledge/answers/{id}", { params: { path: { id } } }),
      () => setHidden((all) => all.filter((one) => one !== id)),
    );
  };
  const shown = pages.items?.filter(({ id }) => !hidden.includes(id)) ?? null;
  return (
    <div class="stack">
      <div class="filters">
        <SearchBox label={t("find")} value={q} onFind={(text) => filter("q", text)} />
        <Select
          aria-label={t("state")}
          value={state ?? ""}
          options={[["", t("any")] as const, ...STATES.map((one) => [one, t(one)] as const)]}
          onValue={(value) => filter("state", value)}
        />
      </div>
      <List
        failure={problem}
        pages={{ ...pages, items: shown }}
        label={t("label")}
        keyOf={({ id }) => id}
        empty={
          state || q ? (
            <Empty icon="search" title={t("nothing")}>
              {t("nothingText")}
            </Empty>
          ) : (
            <Empty
              icon="knowledge"
              title={t("none")}
              action={
                <Link class="button primary" href={teachLink({})}>
                  {t("teach")}
                </Link>
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
                <div class="clip muted small" dir="auto">
                  {row.answer}
                </div>
                {row.variants.length > 0 && (
                  <div class="muted small">{t("wordings", { count: row.variants.length })}</div>
                )}
              </>
            ),
          },
          {
            head: t("state"),
            cell: (row) => <span class={`badge ${KINDS[row.state]}`}>{t(row.state)}</span>,
          },
          { head: t("readers"), cell: (row) => accessWords(row.access_level) },
          {
            head: t("until"),
            cell: (row) => <span class="nobreak">{row.expires_at ? date(row.expires_at) : "–"}</span>,
          },
          { head: t("version"), cell: (row) => <span class="number">{number(row.version)}</span> },
          { head: t("changed"), cell: (row) => <span class="nobreak">{ago(row.updated_at)}</span> },
          {
            head: t("actions", { name: "" }),
            end: true,
            cell: (row) => (
              <Menu
                label={t("actions", { name: row.question })}
                items={[
                  { label: t("edit"), icon: "edit", onChoose: () => go(linkTo(row.id)) },
                  row.enabled
                    ? { label: t("off"), icon: "stop", onChoose: () => void run(row) }
                    : { label: t("on"), icon: "check", onChoose: () => void run(row) },
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
