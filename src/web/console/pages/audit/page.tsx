/** The audit log: who changed what, when, from where, and whether the log is whole. */
import { useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import { Select } from "../../../ui/field.tsx";
import { Icon } from "../../../ui/icons.tsx";
import { List } from "../../../ui/list.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { useData, usePages } from "../../../ui/use-data.ts";
import { dateTime, number, words } from "../../../ui/words.ts";
import { download } from "../../download.ts";
import { allPeople } from "../../lists.ts";
import { Page } from "../../page.tsx";
import { client, dataOf, type Schemas } from "../../typed.ts";
import { type Action, actionWords, actorWords, targetWords } from "./action-words.ts";
import "./audit.css";

const t = words({
  title: ["Audit log", "سجل التدقيق"],
  about: [
    "One entry for every act that changes who may do what. Each is chained to the one before.",
    "قيد لكل إجراء يغيّر من يُسمح له بماذا، وكل قيد مرتبط بالذي قبله.",
  ],
  action: ["Action", "الإجراء"],
  anyAction: ["Any action", "كل الإجراءات"],
  person: ["Person", "الشخص"],
  anyone: ["Anyone", "أي شخص"],
  result: ["Result", "النتيجة"],
  anyResult: ["Any result", "كل النتائج"],
  ok: ["Done", "تم"],
  denied: ["Refused", "مرفوض"],
  from: ["From day", "من يوم"],
  to: ["To day", "إلى يوم"],
  when: ["When", "متى"],
  who: ["Who", "من"],
  target: ["On what", "على ماذا"],
  where: ["From where", "من أين"],
  export: ["Export", "تصدير"],
  verify: ["Check the chain", "تحقق من السلسلة"],
  whole: [
    { one: "The log is whole: one entry", other: "The log is whole: {count} entries" },
    {
      one: "السجل سليم: قيد واحد",
      two: "السجل سليم: قيدان",
      few: "السجل سليم: {count} قيود",
      many: "السجل سليم: {count} قيدًا",
      other: "السجل سليم: {count} قيد",
    },
  ],
  broken: ["Entry {seq} does not follow from the one before", "القيد {seq} لا يتبع ما قبله"],
  none: ["No entries", "لا قيود"],
  noneText: ["Nothing matches these filters.", "لا شيء يطابق هذه المرشحات."],
});

type Entry = Schemas["AuditEntry"];

const FILTERS = ["action", "actor_id", "result", "from", "to"] as const;
type Filter = (typeof FILTERS)[number];

const RESULTS = ["ok", "denied"] as const;
type Query = { action?: string; actor_id?: string; result?: Entry["result"]; from?: string; to?: string };

/** Days as typed become the moments the API wants. */
const queryOf = (search: URLSearchParams) => {
  const moment = (day: string | null, time: string) =>
    day ? new Date(`${day}T${time}`).toISOString() : undefined;
  const given = {
    action: search.get("action"),
    actor_id: search.get("actor_id"),
    result: RESULTS.find((one) => one === search.get("result")),
    from: moment(search.get("from"), "00:00:00"),
    to: moment(search.get("to"), "23:59:59"),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as Query;
};

const exported = (query: Query) => client.GET("/api/v1/audit/export", { params: { query }, parseAs: "blob" });

const verify = () => dataOf(client.GET("/api/v1/audit/verify"));

export default function AuditPage() {
  const search = new URLSearchParams(useSearch());
  const query = queryOf(search);
  const [, go] = useLocation();
  const people = useData("people", allPeople);
  const actions = useData("audit/actions", (signal) =>
    dataOf(client.GET("/api/v1/audit/actions", { signal })),
  );
  const pages = usePages<Entry>(`audit/${search}`, (cursor, signal) =>
    dataOf(
      client.GET("/api/v1/audit", {
        params: { query: { ...query, limit: 50, ...(cursor && { cursor: Number(cursor) }) } },
        signal,
      }),
    ),
  );
  const [verified, setVerified] = useState<Awaited<ReturnType<typeof verify>> | null>(null);
  const { run, busy, problem } = useAction(async (work: () => Promise<unknown>) => work());
  const filter = (name: Filter, value: string) => {
    value ? search.set(name, value) : search.delete(name);
    go(`/audit${search.size > 0 ? `?${search}` : ""}`, { replace: true });
  };
  const nameOf = (id: string | null) => {
    const person = people.data?.find((one) => one.id === id);
    return person ? (person.name ?? person.email) : null;
  };
  const asked = search.get("action");
  // The address may name what this log does not tell of.
  const known = [...new Set([...(actions.data?.data ?? []), ...(asked ? [asked] : [])])] as Action[];
  const byName = known
    .map((one) => [one, actionWords(one)] as const)
    .sort(([, one], [, other]) => one.localeCompare(other));
  return (
    <Page
      title={t("title")}
      about={t("about")}
      actions={
        <>
          <button
            type="button"
            class="button"
            disabled={busy}
            onClick={() => void run(async () => setVerified(await verify()))}
          >
            <Icon name="check" />
            {t("verify")}
          </button>
          <button
            type="button"
            class="button"
            disabled={busy}
            onClick={() => void run(() => download(exported(query), "audit.ndjson"))}
          >
            <Icon name="download" />
            {t("export")}
          </button>
        </>
      }
    >
      {problem && <ProblemNote problem={problem} />}
      {verified && (
        <p class={verified.ok ? "callout ok" : "callout danger"} role="status">
          {verified.ok
            ? t("whole", { count: verified.entries })
            : t("broken", { seq: verified.broken_at ?? 0 })}
        </p>
      )}
      <div class="filters">
        <Select
          aria-label={t("action")}
          value={search.get("action") ?? ""}
          options={[["", t("anyAction")] as const, ...byName]}
          onValue={(value) => filter("action", value)}
        />
        <Select
          aria-label={t("person")}
          value={search.get("actor_id") ?? ""}
          options={[
            ["", t("anyone")] as const,
            ...(people.data ?? []).map(({ id, email, name }) => [id, name ?? email] as const),
          ]}
          onValue={(value) => filter("actor_id", value)}
        />
        <Select
          aria-label={t("result")}
          value={search.get("result") ?? ""}
          options={[
            ["", t("anyResult")],
            ["ok", t("ok")],
            ["denied", t("denied")],
          ]}
          onValue={(value) => filter("result", value)}
        />
        {(["from", "to"] as const).map((one) => (
          <input
            key={one}
            class="input"
            type="date"
            aria-label={t(one)}
            title={t(one)}
            value={search.get(one) ?? ""}
            onChange={(event) => filter(one, event.currentTarget.value)}
          />
        ))}
      </div>
      <List
        pages={pages}
        label={t("title")}
        keyOf={({ seq }) => String(seq)}
        empty={
          <Empty icon="audit" title={t("none")}>
            {t("noneText")}
          </Empty>
        }
        columns={[
          {
            head: t("action"),
            main: true,
            cell: (entry) => (
              <details class="entry">
                <summary>
                  <span class="number muted">{number(entry.seq, { useGrouping: false })}</span>{" "}
                  {actionWords(entry.action)}{" "}
                  {entry.result === "denied" && <span class="badge danger">{t("denied")}</span>}
                  <code class="muted small">{entry.action}</code>
                </summary>
                <pre dir="ltr">{JSON.stringify({ target: entry.target, detail: entry.detail }, null, 2)}</pre>
              </details>
            ),
          },
          {
            head: t("who"),
            cell: ({ actor }) => <span dir="auto">{nameOf(actor.id) ?? actorWords(actor.kind)}</span>,
          },
          { head: t("target"), cell: ({ target }) => (target ? targetWords(target.type) : "–") },
          { head: t("where"), cell: ({ from }) => <span dir="ltr">{from.address ?? "–"}</span> },
          { head: t("when"), cell: ({ at }) => <span class="nobreak">{dateTime(at)}</span> },
        ]}
      />
    </Page>
  );
}
