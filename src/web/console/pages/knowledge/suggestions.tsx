/** Questions that the documents left open or whose answers were voted down: teach each, or put it aside. */
import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Empty, Skeleton } from "../../../ui/empty.tsx";
import { Rows } from "../../../ui/list.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { useData } from "../../../ui/use-data.ts";
import { ago, number, words } from "../../../ui/words.ts";
import { removeLater } from "../../remove-later.ts";
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
  dismiss: ["Put aside", "تنحية"],
  dismissed: ["“{name}” is put aside", "نُحّي «{name}»"],
  none: ["No open questions", "لا أسئلة مفتوحة"],
  noneText: [
    "When people ask what the documents do not answer, or give a thumb down, their questions gather here, most asked first.",
    "عندما يسأل الناس عمّا لا تجيب عنه المستندات أو يصوّتون ضد إجابة، تتجمع أسئلتهم هنا، الأكثر سؤالًا أولًا.",
  ],
});

export function Suggestions({ version }: { version: number }) {
  const { data, problem, reload } = useData("suggestions", (signal) =>
    dataOf(client.GET("/api/v1/knowledge/suggestions", { params: { query: { limit: 100 } }, signal })),
  );
  const [hidden, setHidden] = useState<string[]>([]);
  const dismiss = (id: string, question: string) => {
    setHidden((all) => [...all, id]);
    removeLater(
      t("dismissed", { name: question }),
      () => client.DELETE("/api/v1/knowledge/suggestions/{id}", { params: { path: { id } } }),
      () => setHidden((all) => all.filter((one) => one !== id)),
    );
  };
  useEffect(() => {
    if (version > 0) void reload();
  }, [version]);
  if (problem) return <ProblemNote problem={problem} onRetry={() => void reload()} />;
  if (!data) return <Skeleton lines={6} />;
  const shown = data.data.filter(({ id }) => !hidden.includes(id));
  if (shown.length === 0) {
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
        rows={shown}
        label={t("label")}
        keyOf={({ id }) => id}
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
                {row.proposed_answer && (
                  <div class="small" dir="auto">
                    {t("expected", { answer: row.proposed_answer })}
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
            cell: ({ id, question, variants, proposed_answer }) => (
              <div class="row">
                <button type="button" class="button quiet small" onClick={() => dismiss(id, question)}>
                  {t("dismiss")}
                </button>
                <Link
                  class="button small"
                  href={teachLink(
                    { question, variants, answer: proposed_answer ?? undefined, from: id },
                    "new",
                    "/knowledge/gaps",
                  )}
                >
                  {t("teach")}
                </Link>
              </div>
            ),
          },
        ]}
      />
    </div>
  );
}
