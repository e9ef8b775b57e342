/** Which documents answers come from, and which nobody needs. */
import { Link } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import { number, words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import type { Period } from "./period.ts";
import { Thumbs } from "./questions.tsx";
import { Report } from "./report.tsx";

const t = words({
  title: ["How useful each document is", "مدى فائدة كل مستند"],
  about: [
    "Cited: an answer quotes it. Found: a search brought it. What nobody needed comes last.",
    "مُستشهد به: تقتبس منه إجابة. وُجد: أحضره بحث. ما لم يحتجه أحد يأتي أخيرًا.",
  ],
  name: ["Document", "المستند"],
  cited: ["Cited", "استُشهد به"],
  retrieved: ["Found", "وُجد"],
  votes: ["Thumbs", "التقييم"],
  none: ["No documents yet", "لا توجد مستندات بعد"],
  noneText: ["Upload one, and ask about it.", "ارفع مستندًا واسأل عنه."],
});

export function DocumentUse({ period }: { period: Period }) {
  const { query } = period;
  return (
    <Report
      title={t("title")}
      about={t("about")}
      period={period}
      of="documents"
      read={(signal) => dataOf(client.GET("/api/v1/analytics/documents", { params: { query }, signal }))}
      keyOf={({ document_id }) => document_id}
      columns={[
        {
          head: t("name"),
          main: true,
          cell: (row) => (
            <div class="clip" dir="auto">
              <Link class="title" href={`/documents/${row.document_id}`}>
                {row.name}
              </Link>
            </div>
          ),
        },
        { head: t("cited"), cell: ({ cited }) => <span class="number">{number(cited)}</span> },
        { head: t("retrieved"), cell: ({ retrieved }) => <span class="number">{number(retrieved)}</span> },
        { head: t("votes"), cell: (row) => <Thumbs {...row} /> },
      ]}
      empty={
        <Empty icon="documents" title={t("none")}>
          {t("noneText")}
        </Empty>
      }
    />
  );
}
