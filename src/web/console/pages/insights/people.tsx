/** Who asks, and through which door. */
import { Empty } from "../../../ui/empty.tsx";
import type { Column } from "../../../ui/list.tsx";
import { ago, number, words } from "../../../ui/words.ts";
import { client, dataOf, type Schemas } from "../../typed.ts";
import { cost } from "./formats.ts";
import type { Period } from "./period.ts";
import { Thumbs } from "./questions.tsx";
import { Report } from "./report.tsx";

const t = words({
  people: ["People", "الأشخاص"],
  peopleText: [
    "Who asked most. Only admins see this; what was asked is not in it.",
    "الأكثر سؤالًا. يراه المسؤولون فقط، دون نص الأسئلة.",
  ],
  doors: ["Doors", "القنوات"],
  doorsText: ["The ways in which questions came.", "الطرق التي جاءت بها الأسئلة."],
  person: ["Person", "الشخص"],
  door: ["Door", "القناة"],
  questions: ["Questions", "الأسئلة"],
  answered: ["Answered", "أُجيبت"],
  votes: ["Thumbs", "التقييم"],
  tokens: ["Tokens", "الرموز"],
  cost: ["Cost", "التكلفة"],
  last: ["Last", "آخر مرة"],
  gone: ["no longer here", "غادر"],
  none: ["Nobody asked in this period", "لم يسأل أحد في هذه الفترة"],
});

const doorWords = words<string>({
  chat: ["Conversations in this console", "محادثات هذه اللوحة"],
  api: ["REST API", "واجهة REST"],
  widget: ["Widget", "الأداة"],
  openai: ["OpenAI's interface", "واجهة OpenAI"],
  "ai-sdk": ["AI SDK", "AI SDK"],
  mcp: ["MCP", "MCP"],
});

type Asked = Pick<
  Schemas["EmployeeUse"],
  "questions" | "answered" | "up" | "down" | "tokens" | "cost" | "last_asked"
>;

const figures: () => Column<Asked>[] = () => [
  { head: t("questions"), cell: (row) => <span class="number">{number(row.questions)}</span> },
  { head: t("answered"), cell: (row) => <span class="number">{number(row.answered)}</span> },
  { head: t("votes"), cell: (row) => <Thumbs {...row} /> },
  { head: t("tokens"), cell: (row) => <span class="number">{number(row.tokens)}</span> },
  { head: t("cost"), cell: (row) => <span class="number">{cost(row.cost)}</span> },
  { head: t("last"), cell: (row) => <span class="nobreak">{ago(row.last_asked)}</span> },
];

export function People({ period }: { period: Period }) {
  const { query } = period;
  const empty = <Empty icon="people" title={t("none")} />;
  return (
    <div class="stack wide">
      <Report<Schemas["EmployeeUse"]>
        title={t("people")}
        about={t("peopleText")}
        period={period}
        of="employees"
        read={(signal) => dataOf(client.GET("/api/v1/analytics/employees", { params: { query }, signal }))}
        keyOf={({ user_id }) => user_id}
        columns={[
          {
            head: t("person"),
            main: true,
            cell: ({ email }) => (
              <div class="clip title" dir="auto">
                {email ?? t("gone")}
              </div>
            ),
          },
          ...figures(),
        ]}
        empty={empty}
      />
      <Report<Schemas["ChannelUse"]>
        title={t("doors")}
        about={t("doorsText")}
        period={period}
        of="channels"
        read={(signal) => dataOf(client.GET("/api/v1/analytics/channels", { params: { query }, signal }))}
        keyOf={({ channel }) => channel}
        columns={[{ head: t("door"), main: true, cell: ({ channel }) => doorWords(channel) }, ...figures()]}
        empty={empty}
      />
    </div>
  );
}
