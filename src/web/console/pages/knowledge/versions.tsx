/** What a taught answer was before; an earlier version is taken over into the form, and saved from there. */
import { List } from "../../../ui/list.tsx";
import { useData, usePages } from "../../../ui/use-data.ts";
import { dateTime, number, words } from "../../../ui/words.ts";
import { allPeople } from "../../lists.ts";
import { client, dataOf } from "../../typed.ts";
import type { Taught, TaughtVersion } from "./types.ts";

const t = words({
  title: ["Earlier versions", "الإصدارات السابقة"],
  version: ["Version", "الإصدار"],
  answer: ["Answer", "الإجابة"],
  who: ["By", "بواسطة"],
  when: ["When", "متى"],
  actions: ["Actions", "إجراءات"],
  take: ["Take over", "استعادة"],
});

type VersionsProps = { taught: Taught; onTake: (version: TaughtVersion) => void };

export function Versions({ taught: { id, version }, onTake }: VersionsProps) {
  const people = useData("people", allPeople);
  const pages = usePages<TaughtVersion>(`taught/${id}/versions/${version}`, (cursor, signal) =>
    dataOf(
      client.GET("/api/v1/knowledge/answers/{id}/versions", {
        params: { path: { id }, query: { limit: 20, cursor: cursor === null ? version : Number(cursor) } },
        signal,
      }),
    ),
  );
  const nameOf = (by: string | null) => {
    const person = people.data?.find((one) => one.id === by);
    return person ? (person.name ?? person.email) : "–";
  };
  return (
    <section class="stack earlier-versions">
      <h3>{t("title")}</h3>
      <List
        pages={pages}
        label={t("title")}
        keyOf={(row) => String(row.version)}
        empty={null}
        columns={[
          {
            head: t("answer"),
            main: true,
            cell: (row) => (
              <>
                <div class="clip title" dir="auto">
                  {row.question}
                </div>
                <div class="clip muted small" dir="auto">
                  {row.answer}
                </div>
              </>
            ),
          },
          { head: t("version"), cell: (row) => <span class="number">{number(row.version)}</span> },
          { head: t("who"), cell: (row) => <span dir="auto">{nameOf(row.changed_by)}</span> },
          { head: t("when"), cell: (row) => <span class="nobreak">{dateTime(row.created_at)}</span> },
          {
            head: t("actions"),
            end: true,
            cell: (row) => (
              <button type="button" class="button small" onClick={() => onTake(row)}>
                {t("take")}
              </button>
            ),
          },
        ]}
      />
    </section>
  );
}
