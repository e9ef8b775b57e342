/** Questions that the documents left open or that were voted down, with the way to teach each. */
import { useEffect } from "preact/hooks";
import { Link } from "wouter-preact";
import { Empty, Skeleton } from "../../../ui/empty.tsx";
import { Rows } from "../../../ui/list.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { useData } from "../../../ui/use-data.ts";
import { ago, number, words } from "../../../ui/words.ts";
import { teachLink } from "../../teach-link.ts";
import { client, dataOf } from "../../typed.ts";

const t = words({
  about: [
    "Of the last thirty days: what the documents did not answer, and answers that were voted down.",
    "من آخر ثلاثين يومًا: ما لم تُجب عنه المستندات، وإجابات صُوّت ضدها.",
  ],
  label: ["Open questions", "أسئلة مفتوحة"],
  question: ["Question", "السؤال"],
  asked: ["Asked", "سُئل"],
  down: ["Voted down", "صُوّت ضدها"],
  last: ["Last", "آخر مرة"],
  expected: ["Somebody expected: {answer}", "توقّع أحدهم: {answer}"],
  actions: ["Actions", "إجراءات"],
  teach: ["Teach", "علّم"],
  none: ["No open questions", "لا أسئلة مفتوحة"],
  noneText: [
    "When people ask what the documents do not answer, or give a thumb down, their questions gather here, most asked first.",
    "عندما يسأل الناس عمّا لا تجيب عنه المستندات أو يصوّتون ضد إجابة، تتجمع أسئلتهم هنا، الأكثر سؤالًا أولًا.",
  ],
});

export function Gaps({ version }: { version: number }) {
  const { data, problem, reload } = useData("gaps", (signal) =>
    dataOf(client.GET("/api/v1/analytics/gaps", { params: { query: { limit: 100 } }, signal })),
  );
  useEffect(() => {
    if (version > 0) void reload();
  }, [version]);
  if (problem) return <ProblemNote problem={problem} onRetry={() => void reload()} />;
  if (!data) return <Skeleton lines={6} />;
  if (data.data.length === 0) {
    return (
      <Empty icon="ask" title={t("none")}>
        {t("noneText")}
      </Empty>
    );
  }
  return (
    <div class="stack">
      <p class="muted small">{t("about")}</p>
      <Rows
        rows={data.data}
        label={t("label")}
        keyOf={({ message_ids, question }) => message_ids[0] ?? question}
        columns={[
          {
            head: t("question"),
            main: true,
            cell: (row) => (
              <>
                <div class="title" dir="auto">
                  {row.question}
                </div>
                {row.variants.map((variant) => (
                  <div class="clip muted small" dir="auto" key={variant}>
                    {variant}
                  </div>
                ))}
                {row.expected_answer && (
                  <div class="small" dir="auto">
                    {t("expected", { answer: row.expected_answer })}
                  </div>
                )}
              </>
            ),
          },
          { head: t("asked"), cell: (row) => <span class="number">{number(row.asked)}</span> },
          { head: t("down"), cell: (row) => <span class="number">{number(row.down)}</span> },
          { head: t("last"), cell: (row) => <span class="nobreak">{ago(row.last_asked)}</span> },
          {
            head: t("actions"),
            end: true,
            cell: ({ question, variants, expected_answer }) => (
              <Link
                class="button small"
                href={teachLink(
                  { question, variants, answer: expected_answer ?? undefined },
                  "new",
                  "/knowledge/gaps",
                )}
              >
                {t("teach")}
              </Link>
            ),
          },
        ]}
      />
    </div>
  );
}
