/** The recall meter: how much of what is nearest a search finds, measured every night. */
import { Skeleton } from "../../../ui/empty.tsx";
import { ProblemNote } from "../../../ui/problem.tsx";
import { useData } from "../../../ui/use-data.ts";
import { date, words } from "../../../ui/words.ts";
import { client, dataOf } from "../../typed.ts";
import { Chart } from "./chart.tsx";
import { CsvButton } from "./csv-button.tsx";
import { share } from "./formats.ts";

const t = words({
  title: ["Recall meter", "مقياس الاستدعاء"],
  about: [
    "Every night recent questions are asked again and compared with a look at every passage, for up to ninety days.",
    "كل ليلة تُعاد أسئلة حديثة وتُقارن بفحص كل المقاطع، حتى تسعين يومًا.",
  ],
  mean: ["Found, on average", "ما عُثر عليه في المتوسط"],
  worst: ["Of the worst question", "في أسوأ سؤال"],
  none: [
    "Nothing measured yet: the meter runs at night, over questions of the day.",
    "لم يُقَس شيء بعد: يعمل المقياس ليلًا على أسئلة اليوم.",
  ],
});

export function Recall() {
  const { data, problem, reload } = useData("recall", (signal) =>
    dataOf(client.GET("/api/v1/analytics/recall", { signal })),
  );
  if (problem) return <ProblemNote problem={problem} onRetry={() => void reload()} />;
  if (!data) return <Skeleton />;
  const days = data.data.filter(({ recall }) => recall !== null).reverse();
  if (days.length === 0) {
    return (
      <section class="card stack tight">
        <h2>{t("title")}</h2>
        <p class="muted small">{t("none")}</p>
      </section>
    );
  }
  return (
    <Chart
      title={t("title")}
      about={t("about")}
      kind="lines"
      labels={days.map(({ day }) => date(day))}
      format={share}
      top={1}
      series={[
        { name: t("mean"), colour: "accent", values: days.map(({ recall }) => recall) },
        { name: t("worst"), colour: "warn", values: days.map(({ worst }) => worst) },
      ]}
      actions={<CsvButton name={t("title")} of="recall" />}
    />
  );
}
