/** Questions whose answers were voted down and that are no golden question yet. */
import { useEffect } from "preact/hooks";
import { Link } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import { List } from "../../../ui/list.tsx";
import { usePages } from "../../../ui/use-data.ts";
import { ago, words } from "../../../ui/words.ts";
import { client, dataOf, given } from "../../typed.ts";
import { candidateLink } from "./case-link.ts";
import type { Candidate } from "./types.ts";

const t = words({
  label: ["Questions from feedback", "أسئلة من آراء القرّاء"],
  question: ["Question", "السؤال"],
  expected: ["Somebody expected: {answer}", "توقّع أحدهم: {answer}"],
  when: ["Voted down", "صُوّت ضدها"],
  actions: ["Actions", "إجراءات"],
  make: ["Make it a golden question", "اجعله سؤالًا ذهبيًا"],
  none: ["Nothing from feedback", "لا شيء من آراء القرّاء"],
  noneText: [
    "A question whose answer gets a thumb down appears here. Make it a golden question, and the next run shows whether it is mended.",
    "يظهر هنا كل سؤال صُوّت ضد إجابته. اجعله سؤالًا ذهبيًا، ويُظهر التشغيل التالي هل أُصلح.",
  ],
});

/** @param version changes when one of them has become a golden question */
export function Candidates({ version }: { version: number }) {
  const pages = usePages<Candidate>("candidates", (cursor, signal) => {
    const query = given({ limit: 50, cursor });
    return dataOf(client.GET("/api/v1/evals/cases/candidates", { params: { query }, signal }));
  });
  useEffect(() => {
    if (version > 0) void pages.reload();
  }, [version]);
  return (
    <List
      pages={pages}
      label={t("label")}
      keyOf={({ message_id }) => message_id}
      empty={
        <Empty icon="down" title={t("none")}>
          {t("noneText")}
        </Empty>
      }
      columns={[
        {
          head: t("question"),
          main: true,
          cell: (row) => (
            <>
              <div class="title" dir="auto">
                {row.question}
              </div>
              {row.answer && (
                <div class="clip muted small" dir="auto">
                  {row.answer}
                </div>
              )}
              {row.expected_answer && (
                <div class="small" dir="auto">
                  {t("expected", { answer: row.expected_answer })}
                </div>
              )}
            </>
          ),
        },
        { head: t("when"), cell: (row) => <span class="nobreak">{ago(row.voted_at)}</span> },
        {
          head: t("actions"),
          end: true,
          cell: (row) => (
            <Link class="button small" href={candidateLink(row)}>
              {t("make")}
            </Link>
          ),
        },
      ]}
    />
  );
}
