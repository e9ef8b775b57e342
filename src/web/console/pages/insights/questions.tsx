/** What people ask most, and what the documents leave open. */
import { Link } from "wouter-preact";
import { Empty } from "../../../ui/empty.tsx";
import type { Column } from "../../../ui/list.tsx";
import { ago, number, words } from "../../../ui/words.ts";
import { teachLink } from "../../teach-link.ts";
import { client, dataOf, type Schemas } from "../../typed.ts";
import type { Period } from "./period.ts";
import { Report } from "./report.tsx";

const t = words({
  top: ["Asked most", "الأكثر سؤالًا"],
  topText: ["Questions about the same are counted together.", "تُحسب الأسئلة عن الشيء نفسه معًا."],
  gaps: ["What the documents leave open", "ما لا تجيب عنه المستندات"],
  gapsText: [
    "No answer from documents, or one that was voted down. Teach the answer, or upload what is missing.",
    "بلا إجابة من المستندات، أو بإجابة صُوّت ضدها. علّم الإجابة أو ارفع ما ينقص.",
  ],
  question: ["Question", "السؤال"],
  asked: ["Asked", "سُئل"],
  grounded: ["Answered from documents", "أُجيب من المستندات"],
  votes: ["Thumbs", "التقييم"],
  last: ["Last", "آخر مرة"],
  actions: ["Actions", "إجراءات"],
  teach: ["Teach", "علّم"],
  none: ["No questions in this period", "لا أسئلة في هذه الفترة"],
  noGaps: ["The documents answered everything", "أجابت المستندات عن كل شيء"],
  noGapsText: [
    "Questions they leave open gather here, ready to be taught.",
    "ما لا تجيب عنه يتجمع هنا، جاهزًا للتعليم.",
  ],
});

type Cluster = Schemas["QuestionCluster"];

const columns: () => Column<Cluster>[] = () => [
  {
    head: t("question"),
    main: true,
    cell: ({ question, variants }) => (
      <>
        <div class="title" dir="auto">
          {question}
        </div>
        {variants.slice(0, 2).map((variant) => (
          <div class="clip muted small" dir="auto" key={variant}>
            {variant}
          </div>
        ))}
      </>
    ),
  },
  { head: t("asked"), cell: ({ asked }) => <span class="number">{number(asked)}</span> },
  { head: t("grounded"), cell: ({ grounded }) => <span class="number">{number(grounded)}</span> },
  { head: t("votes"), cell: (row) => <Thumbs {...row} /> },
  { head: t("last"), cell: ({ last_asked }) => <span class="nobreak">{ago(last_asked)}</span> },
];

/** `+2 −1` */
export function Thumbs({ up, down }: { up: number; down: number }) {
  if (up + down === 0) return <>–</>;
  return (
    <span class="number nobreak" dir="ltr">
      +{number(up)} −{number(down)}
    </span>
  );
}

const teach: () => Column<Cluster> = () => ({
  head: t("actions"),
  end: true,
  cell: ({ question, variants, expected_answer: answer, message_ids: [from] }) => (
    <Link class="button small" href={teachLink({ question, variants, answer: answer ?? undefined, from })}>
      {t("teach")}
    </Link>
  ),
});

export function Questions({ period }: { period: Period }) {
  const { query } = period;
  const shared = { period, keyOf: (row: Cluster) => row.message_ids[0] ?? row.question };
  return (
    <div class="stack wide">
      <Report
        {...shared}
        title={t("gaps")}
        about={t("gapsText")}
        of="gaps"
        read={(signal) => dataOf(client.GET("/api/v1/analytics/gaps", { params: { query }, signal }))}
        columns={[...columns(), teach()]}
        empty={
          <Empty icon="knowledge" title={t("noGaps")}>
            {t("noGapsText")}
          </Empty>
        }
      />
      <Report
        {...shared}
        title={t("top")}
        about={t("topText")}
        of="questions"
        read={(signal) => dataOf(client.GET("/api/v1/analytics/questions", { params: { query }, signal }))}
        columns={columns()}
        empty={<Empty icon="ask" title={t("none")} />}
      />
    </div>
  );
}
